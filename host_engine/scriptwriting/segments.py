"""A script while it is written: segments of lines, each line with its wordings, and what was stopped of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True)
class DraftLine:
    """One line, in wordings of which each round says another."""

    about: str  # what it is for: greeting, disclosure, name, point, price, act, must, ...
    variants: tuple[str, ...]
    gesture: str | None = None
    by: str = "template"  # or "model", "brief", "catalog"


@dataclass(frozen=True)
class DraftSegment:
    """Lines that belong together."""

    id: str
    lines: tuple[DraftLine, ...]
    product: str | None = None
    remark: str = ""  # for who reads the file
    seconds: float = 0.0


class Stopped(NamedTuple):
    """A wording that will not be said."""

    segment: str
    text: str
    why: str
    instead: str = ""  # what stands there now


@dataclass(frozen=True)
class Draft:
    """A script, ready to be written and looked at."""

    ticker: tuple[str, ...]
    segments: tuple[DraftSegment, ...]
    stopped: tuple[Stopped, ...] = ()
    unsaid: tuple[str, ...] = ()  # products of which nothing can be said

    @property
    def seconds(self) -> float:
        """How long a round of it takes, about."""
        return sum(each.seconds for each in self.segments)
