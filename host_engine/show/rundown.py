"""What the host will say, in order and without an end: segments of lines."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from host_engine.show.attributes import Bare, Part, Text, check_clip, check_id
from host_engine.show.evidence import Evidence
from host_engine.show.spoken import Token

__all__ = [
    "Basis", "Card", "Cues", "Entry", "Line", "Place", "Question", "Rundown", "RundownFile", "Segment", "Token", "Turn",
    "Variant", "Written",
]  # fmt: skip

FILE = "rundown.yaml"
THE_PRODUCTS = "product"  # the clip of the segment's product
Gesture = Literal["wave", "point", "present", "nod", "rest"]


@dataclass(frozen=True)
class Card:
    """What the product card shows: texts ready to draw, in the catalog's language."""

    product: str  # id
    title: str
    brand: str
    price: str  # the ordinary price
    sale_price: str | None  # the lower price, while it holds
    saving: str | None  # such as "-20 %"
    picture: Path | None
    ends: datetime | None  # end of the sale
    availability: str  # in words


@dataclass(frozen=True)
class Question:
    """What a viewer asked, where a line answers it."""

    viewer: str
    text: str


class Basis(NamedTuple):
    """What in the catalog backs a line: which version of it, and the product's prices when the line was made."""

    catalog: str  # its name
    version: str
    price: str | None = None  # such as "15.00 EUR"
    sale_price: str | None = None  # the lower price, while it holds


class Place(NamedTuple):
    """Where a line stands in the show, in plain values that outlive the process."""

    entry: str  # id
    round: int
    variant: int  # which one of the entry's
    part: int  # of the variant
    words: int  # checksum of the variant: a text that was edited since is another one
    said: bool = False  # the line has been said: what follows it is next


@dataclass(frozen=True)
class Line:
    """One thing the host says, of about 8 s at most, and what is seen with it."""

    id: str
    text: str
    tokens: tuple[Token, ...]
    language: str
    segment: str
    product: str | None = None
    scene: str | None = None
    card: Card | None = None
    gesture: str | None = None
    clip: Path | None = None
    question: Question | None = None
    basis: Basis | None = field(default=None, compare=False)
    evidence: tuple[Evidence, ...] = field(default=(), compare=False)  # of each claim in it
    place: Place | None = field(default=None, compare=False)  # of the lines that come from the script

    @property
    def said(self) -> str:
        """The words for the voice."""
        return " ".join(token.said for token in self.tokens if token.said)


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

    @field_validator("id")
    @classmethod
    def _id(cls, text: str | None) -> str | None:
        return text and check_id(text)

    @model_validator(mode="after")
    def _one_of_both(self) -> Written:
        if (self.text is None) == (self.variants is None):
            raise ValueError("a line needs either a 'text' or 'variants'")
        return self

    @property
    def texts(self) -> tuple[str, ...]:
        return self.variants or (self.text or "",)


TextOrWritten = Annotated[Written, BeforeValidator(_as_fields, json_schema_input_type=str | Written)]


class Segment(Part):
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


class RundownFile(Part):
    """A rundown as it is written."""

    ticker: tuple[Text, ...] = ()
    """Short messages that run along the edge of the picture; they may hold fields of the shop."""
    segments: Annotated[tuple[Segment, ...], Field(min_length=1)]
    """The show, segment by segment; after the last, the first follows."""


class Variant(NamedTuple):
    """One way to say a line, in parts that are short enough, and whether it speaks of a sale."""

    parts: tuple[str, ...]
    sale: bool

    @property
    def checksum(self) -> int:
        """The same for the same words."""
        return zlib.crc32("\n".join(self.parts).encode())


@dataclass(frozen=True)
class Entry:
    """A line of the rundown as it is kept: its place in the show and all its variants."""

    id: str
    segment: str
    product: str | None
    scene: str | None
    cues: Cues
    variants: tuple[Variant, ...]

    def variant(self, round: int, sale: bool) -> Variant | None:
        """How it is said in a round: consecutive rounds differ, and without a sale none is spoken of."""
        fitting = [variant for variant in self.variants if sale or not variant.sale]
        return fitting[(zlib.crc32(self.id.encode()) + round) % len(fitting)] if fitting else None


class Turn(NamedTuple):
    """An entry's turn in a round of the show, counted from 0."""

    entry: Entry
    round: int


class Rundown:
    """The entries in their order, of which there is at least one; the show has no end."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        if not self.entries:
            raise ValueError("a rundown needs at least one line")
        self._index: Mapping[str, int] = {entry.id: n for n, entry in enumerate(self.entries)}

    @property
    def outline(self) -> tuple[str, ...]:
        """The ids of its entries, in their order: all that is needed to go on from here in another rundown."""
        return tuple(self._index)

    def having(self, entries: Iterable[Entry]) -> Rundown:
        """The same rundown with other entries, of which there must be one at least."""
        return Rundown(entries)

    def after(self, line: str | None, round: int = 0) -> Turn:
        """What follows a line (its id) of a round.

        The line may come from an older rundown. If it is gone, its segment begins anew, and if that is gone too,
        the show begins anew.
        """
        if line is None:
            return Turn(self.entries[0], round)
        entry = entry_id(line)
        if entry in self._index:
            n = self._index[entry] + 1
            return Turn(self.entries[n % len(self.entries)], round + n // len(self.entries))
        segment = segment_id(entry)
        return Turn(next((each for each in self.entries if each.segment == segment), self.entries[0]), round)

    def entry(self, line: str) -> Entry | None:
        """The entry that a line, by its id, is or is a part of."""
        n = self._index.get(entry_id(line))
        return None if n is None else self.entries[n]

    def resume(self, old: Sequence[str], line: str, round: int) -> Turn:
        """What follows a line of an older rundown, whose outline is `old`, in this one.

        If the line is gone: the next line of its segment that is still there; else, where its segment was written
        anew, the line at the next position in it; else the next of the old segments that is still there.
        """
        last = entry_id(line)
        if last in self._index or last not in old:
            return self.after(line, round)
        at, segment = old.index(last), segment_id(last)
        for entry in old[at + 1 :]:
            if segment_id(entry) == segment and (found := self.entry(entry)):
                return Turn(found, round)
        if anew := [entry for entry in self.entries if entry.segment == segment]:
            said = sum(segment_id(entry) == segment for entry in old[: at + 1])
            return Turn(anew[said], round) if said < len(anew) else self.after(anew[-1].id, round)
        for entry in old[at + 1 :]:
            if first := next((each for each in self.entries if each.segment == segment_id(entry)), None):
                return Turn(first, round)
        return Turn(self.entries[0], round + 1)


def entry_id(line: str) -> str:
    """The id of the entry that a line is a part of: "tea/1a2b:2" is the third part of "tea/1a2b"."""
    return line.partition(":")[0]


def segment_id(entry: str) -> str:
    """The id of the segment that an entry belongs to."""
    return entry.partition("/")[0]


def entry_ids(segment: Segment) -> list[str]:
    """One id for each line of a segment: it stays the same when other lines are edited, added or moved."""
    taken: dict[str, int] = {}
    ids = []
    for line in segment.lines:
        own = line.id or f"{zlib.crc32(' '.join(line.texts).encode()):08x}"
        taken[own] = taken.get(own, 0) + 1
        ids.append(f"{segment.id}/{own}" + (f"~{taken[own]}" if taken[own] > 1 else ""))
    return ids
