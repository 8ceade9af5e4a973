"""The lists by which the firewall judges: one YAML file a language, checked when they are read."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from host_engine.document import read

FOLDER = Path(__file__).parent / "lists"
LANGUAGES = ("en", "it", "de", "fr", "es", "zh")

Reason = Literal["order", "abuse", "hate", "sexual", "spam", "personal", "distress"]


class _List(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _each(text: object) -> object:
    """Words may be written one after the other, with spaces between them."""
    return tuple(text.split()) if isinstance(text, str) else text


class Wording(_List):
    """How people of one language word what is to be stopped."""

    language: str
    spelling: dict[str, str] = Field(default_factory=dict, description="A spelling, and the word it stands for.")
    lead: tuple[str, ...] = Field((), description="Words that may stand before an order: please, now.")
    classes: dict[str, tuple[str, ...]] = Field(default_factory=dict, description="Words that one name stands for.")
    phrases: dict[Reason, str] = Field(description="Reason, and a phrase a line.")
    strong: tuple[str, ...] = Field((), description="Words that are also found when they are cut apart or masked.")
    digits: tuple[str, ...] = Field((), description="Names of the digits, by which numbers are spelled out.")

    @field_validator("lead", "strong", "digits", mode="before")
    @classmethod
    def _words(cls, given: object) -> object:
        return _each(given)

    @field_validator("classes", mode="before")
    @classmethod
    def _classes(cls, given: object) -> object:
        return {name: _each(words) for name, words in given.items()} if isinstance(given, dict) else given


class Lookalikes(_List):
    """Each Latin letter, or pair of them, and the characters that look like it."""

    letters: dict[str, str]


class Refusals(_List):
    """For each reason of a refusal what the viewer is told, by language; English is always there."""

    said: dict[str, dict[str, str]]

    @field_validator("said")
    @classmethod
    def _english(cls, said: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        if missing := [reason for reason, sentences in said.items() if not sentences.get("en")]:
            raise ValueError(f"there is no English sentence for {', '.join(missing)}")
        return said


def shipped(name: str) -> Path:
    return FOLDER / f"{name}.yaml"


@cache
def wordings() -> tuple[Wording, ...]:
    """Those of all languages, first what is the same in every one. Raises Problems with file, line and sentence."""
    return tuple(read(shipped(name), Wording) for name in ("every", *LANGUAGES))


class Names(_List):
    """What a viewer's name may not be."""

    inside: tuple[str, ...] = Field(description="Not even within a longer word.")
    harmless: tuple[str, ...] = Field(description="Names that hold such a word and are none.")
    nobody: tuple[str, ...] = Field(description="Names that name nobody, or somebody of the shop.")
    never: tuple[str, ...] = Field(description="Words that no name has.")

    _split = field_validator("inside", "harmless", "nobody", "never", mode="before")(_each)


class Kinds(_List):
    """Words by which greetings and thanks are told from questions."""

    greetings: tuple[str, ...]
    thanks: tuple[str, ...]
    fillers: tuple[str, ...] = Field(description="Words that add nothing to a greeting.")
    whence: tuple[str, ...] = Field(description="Words before the place that somebody greets from.")
    asks: tuple[str, ...] = Field(description="Words that make a question of what looks like a place.")
    light: tuple[str, ...] = Field(description="Words by which two wordings of one question may differ.")

    _split = field_validator("greetings", "thanks", "fillers", "whence", "asks", "light", mode="before")(_each)
