"""An advertiser's brief: to whom the host speaks, how, what must be said and what must not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, ConfigDict, Field, model_validator

from host_engine import document
from host_engine.audience.persona.never import Forbidden, folded
from host_engine.document import Fault
from host_engine.show.attributes import Bare, Language, Part, Text

Short = Annotated[Text, Field(max_length=300)]
Word = Annotated[Text, Field(max_length=80)]


def _as_fields(written: Any) -> Any:
    return {"text": written} if isinstance(written, str) else written


class MustSay(Part):
    """A sentence that has to be said, word by word."""

    text: Short
    """The sentence, as the host says it; it may hold fields such as {shop} or, with a product, {price}."""
    product: Bare | None = None
    """Only where this product is presented (its id)."""
    each: bool = False
    """Where each product is presented; otherwise once in a round of the show."""

    @model_validator(mode="after")
    def _one_place(self) -> MustSay:
        if self.product is not None and self.each:
            raise ValueError("write either 'product' or 'each': one product, or all of them")
        return self


def _as_list(written: Any) -> Any:
    return [written] if isinstance(written, str) else written


Wordings = Annotated[
    tuple[Short, ...], BeforeValidator(_as_list, json_schema_input_type=str | list[str]), Field(max_length=10)
]
TextOrMustSay = Annotated[MustSay, BeforeValidator(_as_fields, json_schema_input_type=str | MustSay)]


class Brief(Part):
    """What an advertiser wants of a script."""

    model_config = ConfigDict(populate_by_name=True)

    audience: Short = "everybody who watches"
    """To whom the host speaks, such as: young parents who cook in the evening."""
    tone: Short = "friendly, calm and honest"
    """How she speaks, such as: warm and dry, never pushy."""
    language: Language | None = None
    """The language of the script; it must be that of the catalog, which is taken when this is left out."""
    must_say: Annotated[tuple[TextOrMustSay, ...], Field(max_length=50)] = Field(
        (), validation_alias=AliasChoices("must_say", "must-say")
    )
    """Sentences that have to be said, word by word; the fact gate looks at them as at all others."""
    must_not_say: Annotated[tuple[Word, ...], Field(max_length=500)] = Field(
        (), validation_alias=AliasChoices("must_not_say", "must-not-say")
    )
    """Words and phrases that must not be said; cheap* means cheaper too."""
    seconds: float = Field(45.0, ge=15, le=600)
    """How long each product is presented, about."""
    call_to_action: Wordings = Field((), validation_alias=AliasChoices("call_to_action", "call-to-action"))
    """What viewers are asked to do at the end of a product, in one or several wordings."""
    prompt: Annotated[Text, Field(max_length=4000)] | None = None
    """Anything else, in your own words, for the language model."""

    @property
    def forbidden(self) -> Forbidden:
        """What must not be said, ready to be found."""
        return Forbidden.of(self.must_not_say, {})


def load_brief(path: Path) -> Brief:
    """The brief of a file. Raises Problems with everything that is wrong in it."""
    return document.read(path, Brief, _faults)


def _faults(brief: Brief) -> Iterator[Fault]:
    """A brief that wants what it forbids."""
    forbidden = brief.forbidden
    for n, each in enumerate(brief.must_say):
        if found := forbidden.found(each.text):
            yield Fault(("must_say", n), f"this must be said, and must not be said: {', '.join(found)}")
    for n, text in enumerate(brief.call_to_action):
        if found := forbidden.found(text):
            yield Fault(("call_to_action", n), f"this must not be said, by this brief itself: {', '.join(found)}")
    seen: set[str] = set()
    for n, word in enumerate(brief.must_not_say):
        if folded(word) in seen:
            yield Fault(("must_not_say", n), f"'{word}' stands here twice")
        seen.add(folded(word))
