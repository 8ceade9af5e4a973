"""A row of a panel: one fact of the channel in words, with a lamp."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

Tone = Literal["good", "wait", "wrong", "off"]
Facts = Mapping[str, Any]

MOST = 12  # rows of a section
LONGEST = 400  # letters of a row


class Row(NamedTuple):
    """How it stands, and what it is in words."""

    tone: Tone
    says: str

    def shown(self) -> dict[str, str]:
        return {"tone": self.tone, "says": self.says if len(self.says) <= LONGEST else self.says[: LONGEST - 1] + "…"}


def section(facts: object, rows: Callable[[Facts], Iterator[Row]]) -> list[dict[str, str]]:
    """The rows of what a part of the channel tells of itself; none where that part is not there."""
    return [row.shown() for row in rows(facts)][:MOST] if isinstance(facts, Mapping) and facts else []


def several(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
