"""How an answer is worded: the templates of the list, and the host's own phrases where she has some."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Protocol

from host_engine.audience.answers.lists import listed
from host_engine.audience.persona.phrases import defaults

_NAMES = 2  # viewers that are named when more ask the same
_MORE = {
    "en": "{names} and others", "de": "{names} und andere", "it": "{names} e altri", "fr": "{names} et d'autres",
    "es": "{names} y otros", "zh": "{names}等观众",
}  # fmt: skip


class Speaks(Protocol):
    """What wording needs of a persona."""

    @property
    def name(self) -> str: ...

    def phrase(self, key: str, language: str) -> tuple[str, ...]:
        """The host's phrases for "greeting", "thanks", "follow", "unknown", "names" and "human", at least one."""
        ...


class NoPersona:
    """A host of whom no more is known than her shop."""

    name = ""

    def phrase(self, key: str, language: str) -> tuple[str, ...]:
        return defaults()[key][language]


class Wording:
    """Words one question's answer in one language: which of several phrases is taken follows from the question."""

    def __init__(self, persona: Speaks | None, shop: str, language: str, question: str) -> None:
        self.language = language
        self.persona = persona or NoPersona()
        self._shop = shop
        self._turn = zlib.crc32(question.encode("utf-8", "replace"))

    def say(self, key: str, **fields: str) -> str:
        """A template of the list, filled."""
        return self._chosen(listed("wording")[key][self.language]).format(**fields)

    def phrase(self, key: str, names: Sequence[str] = ()) -> str:
        """A phrase of the persona, with the viewers' names in it where there are any."""
        said = self.persona.phrase(key, self.language)
        named = [each for each in said if "{name}" in each] if names else []
        text = self._chosen(named or [each for each in said if "{name}" not in each] or said)
        host = self.persona.name or self._shop
        return text.format_map(
            {"name": self.listed_names(names), "names": self.listed_names(names), "host": host, "shop": self._shop}
        )

    def listed_names(self, names: Sequence[str]) -> str:
        """ "Ana", "Ana and Ben", "Ana, Ben and others"."""
        if len(names) > _NAMES:
            return _MORE[self.language].format(names=self.say("comma").join(names[:_NAMES]))
        return self.row(names)

    def row(self, items: Sequence[str], last: str = "and") -> str:
        """Several things in a row: "a, b and c"."""
        if len(items) < 2:
            return "".join(items)
        return self.say("comma").join(items[:-1]) + self.say(last) + items[-1]

    def _chosen(self, said: Sequence[str]) -> str:
        return said[self._turn % len(said)]
