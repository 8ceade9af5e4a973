"""One measured value, what it may be, and whether it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.markup import escape
from rich.table import Table


@dataclass(frozen=True)
class Reading:
    """A value and its gate. Without limits it is told and not judged; without a value `why` says what is missing."""

    name: str
    value: float | None
    unit: str = ""
    low: float | None = None
    high: float | None = None
    digits: int = 0
    why: str = ""

    @property
    def passed(self) -> bool | None:
        """None where there is nothing to judge."""
        if self.value is None or (self.low is None and self.high is None):
            return None
        above = self.low is None or self.value >= self.low
        return above and (self.high is None or self.value <= self.high)  # a value that is no number passes nothing

    @property
    def limit(self) -> str:
        """What it may be, for people."""
        low, high = (self._told(limit) for limit in (self.low, self.high))
        if self.low is not None and self.high is not None:
            return f"{low} .. {high}"
        return f">= {low}" if self.low is not None else f"<= {high}" if self.high is not None else ""

    @property
    def told(self) -> str:
        """The value, for people."""
        return self._told(self.value)

    def row(self) -> dict[str, Any]:
        """For JSON."""
        return {**{key: value for key, value in asdict(self).items() if key != "digits"}, "passed": self.passed}

    def _told(self, value: float | None) -> str:
        return "" if value is None else f"{value:.{self.digits}f}{' ' if self.unit else ''}{self.unit}"


def failed(readings: Iterable[Reading]) -> list[Reading]:
    """Those that are not what they may be."""
    return [reading for reading in readings if reading.passed is False]


def table(readings: Sequence[Reading], title: str) -> Table:
    """The readings for people: what, how much, what it may be, and whether it is."""
    made = Table("", "What", "Found", "May be", "", title=title, title_justify="left")
    marks = {True: "[green]pass[/]", False: "[bold red]FAIL[/]", None: ""}
    for each in readings:
        made.add_row(marks[each.passed], escape(each.name), each.told or "-", each.limit, escape(each.why))
    return made
