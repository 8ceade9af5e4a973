"""A logarithmic axis: where a value lies on the sheet, and which values are written beside it."""

from __future__ import annotations

import math
from typing import NamedTuple


class Axis(NamedTuple):
    """From `low` at the place `start` to `high` at the place `end`; what lies outside is put at the end."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value."""
        held = min(max(value, self.low), self.high)
        share = math.log(held / self.low) / math.log(self.high / self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[float]:
        """1, 10, 100 ... within the axis; with 2 and 5 between them where there are few."""
        decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        steps = (1,) if self.high / self.low > 300 else (1, 2, 5)
        found = [step * 10.0**decade for decade in decades for step in steps]
        return [value for value in found if self.low * 0.999 <= value <= self.high * 1.001]


def around(values: list[float], start: float, end: float, room: float = 1.6) -> Axis:
    """An axis that has all values, with some room; they must be more than 0."""
    return Axis(min(values) / room, max(values) * room, start, end)


def said(value: float) -> str:
    """A value as people read it: 4 000, 987, 12.5, 0.08."""
    if abs(value) >= 1e7:
        return f"{value:.3g}"
    if abs(value) >= 1000:
        return f"{value:,.0f}".replace(",", "\u202f")
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
