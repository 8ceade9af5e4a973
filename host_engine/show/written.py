"""A rundown as it is written: its segments, their lines, what must be said again and again, and the rules of time."""

from __future__ import annotations

import zlib
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from host_engine.show.attributes import Bare, Part, Text, check_clip, check_id
from host_engine.show.hours import Length, zone_named
from host_engine.show.rules import Rules, SoldOut

THE_PRODUCTS = "product"  # the clip of the segment's product
Gesture = Literal["wave", "point", "present", "nod", "rest"]


def _zone(text: str) -> str:
    return zone_named(text).key


def _clip(text: str, info: ValidationInfo) -> str:
    return text if text == THE_PRODUCTS else check_clip(text, info)


class Cues(Part):
    """What happens with a line."""

    show_card: bool | None = Field(default=None, alias="show-card")
    """Whether the product card is seen; it is by default wherever the segment has a product."""
    scene: Text | None = None
    """The scene the line is shown in, a name from scenes/."""
    gesture: Gesture | None = None
    """What the host does with arms and head."""
    clip: Annotated[Text, AfterValidator(_clip)] | None = None
    """A video that plays during the line: a path from the catalog's folder, or 'product' for the product's own."""


def _as_fields(written: Any) -> Any:
    return {"text": written} if isinstance(written, str) else written


class Written(Part):
    """A line as it is written: one text, or variants of which each round takes another."""

    id: Bare | None = None
    """Keeps the line's identity when its text is edited; without it, the identity is made from the text."""
    text: Text | None = None
    """What is said; it may hold fields such as {title} or {price}."""
    variants: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """Different ways to say it, of which consecutive rounds take different ones."""
    cues: Cues = Cues()
    """What happens with the line."""
    sold_out: SoldOut | None = Field(default=None, alias="sold-out")
    """What becomes of it while the product is sold out: skip, or say; else as the segment says."""
    when_sold_out: Text | None = Field(default=None, alias="when-sold-out")
    """What is said in its place while the product is sold out."""
    counts_as: Bare | None = Field(default=None, alias="counts-as")
    """The id of a mandatory line that needs not be said for a while once this line was, as it says the same."""

    @field_validator("id")
    @classmethod
    def _id(cls, text: str | None) -> str | None:
        return text and check_id(text)

    @model_validator(mode="after")
    def _one_of_both(self) -> Written:
        if (self.text is None) == (self.variants is None):
            raise ValueError("a line needs either a 'text' or 'variants'")
        return self

    @model_validator(mode="after")
    def _said_or_not(self) -> Written:
        if self.when_sold_out and self.sold_out == "skip":
            raise ValueError("a line with a 'when-sold-out' is not skipped then; take one of the two out")
        return self

    @property
    def texts(self) -> tuple[str, ...]:
        return self.variants or (self.text or "",)


TextOrWritten = Annotated[Written, BeforeValidator(_as_fields, json_schema_input_type=str | Written)]


class Segment(Rules):
    """Lines that belong together: about one product, or about a theme."""

    id: Bare
    """The segment's name, unique in the rundown (letters, digits, - _ .)."""
    product: Bare | None = None
    """The id of the product that the segment is about; its fields can be used in the lines."""
    scene: Text | None = None
    """The scene of its lines, a name from scenes/."""
    lines: Annotated[tuple[TextOrWritten, ...], Field(min_length=1)]
    """What is said, line by line; a line is a text, or a group of fields."""

    @field_validator("id")
    @classmethod
    def _id(cls, text: str) -> str:
        return check_id(text)


class MandatoryLine(Part):
    """What must be said again and again, such as a disclosure or a note on risks: at the end of a sentence, whatever
    else is said."""

    id: Bare
    """Its name in the as-run log (letters, digits, - _ .)."""
    every: Length
    """It is said before this time has gone by without it: "15m"."""
    text: Text | None = None
    """What is said; it may hold fields of the shop."""
    variants: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """Different ways to say it, in turn."""
    category: Text | None = None
    """Only while products of this category are presented: as their product_type, or google_product_category, begins."""
    products: tuple[Bare, ...] = ()
    """Only while these products, by their ids, are presented."""
    gesture: Gesture | None = None
    """What the host does meanwhile."""

    @field_validator("id")
    @classmethod
    def _id(cls, text: str) -> str:
        return check_id(text)

    @model_validator(mode="after")
    def _one_of_both(self) -> MandatoryLine:
        if (self.text is None) == (self.variants is None):
            raise ValueError("a mandatory line needs either a 'text' or 'variants'")
        return self

    @property
    def texts(self) -> tuple[str, ...]:
        return self.variants or (self.text or "",)


class RundownFile(Part):
    """A rundown as it is written."""

    zone: Annotated[Text, AfterValidator(_zone)] | None = None
    """The time zone of all times of day, such as Europe/London; that of the machine where nothing is written."""
    mandatory: tuple[MandatoryLine, ...] = ()
    """What must be said again and again."""

    ticker: tuple[Text, ...] = ()
    """Short messages that run along the edge of the picture; they may hold fields of the shop."""
    segments: Annotated[tuple[Segment, ...], Field(min_length=1)]
    """The show, segment by segment; after the last, the first follows."""


def entry_ids(segment: Segment) -> list[str]:
    """One id for each line of a segment: it stays the same when other lines are edited, added or moved."""
    taken: dict[str, int] = {}
    ids = []
    for line in segment.lines:
        own = line.id or f"{zlib.crc32(' '.join(line.texts).encode()):08x}"
        taken[own] = taken.get(own, 0) + 1
        ids.append(f"{segment.id}/{own}" + (f"~{taken[own]}" if taken[own] > 1 else ""))
    return ids
