"""A figure of a text, and how it may be understood."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

from host_engine.gate.dates import Day

Kind = Literal["money", "percent", "measure", "count", "code", "date"]


class Reading(NamedTuple):
    """One way to understand a figure: so much of a unit; the unit is "" for a mere number."""

    unit: str
    value: Decimal


class Claim(NamedTuple):
    """A figure at the tokens from `first` up to, not including, `end`. It is backed when one of its readings is."""

    kind: Kind
    readings: tuple[Reading, ...]
    first: int
    end: int
    coins: frozenset[str] | None = None  # of money: the currencies it may be in; None where none is named
    words: frozenset[str] = frozenset()  # stems of what is counted
    label: str = ""  # the stem of the word before a mere number, such as "SPF 30"
    day: Day | None = None
    code: str = ""
    spoken: bool = False
    shy: bool = False
    low: bool = False  # the lower end of a range
    attached: bool = True  # False for a coin without a number
    factor: Decimal = Decimal(1)  # of the unit as it is written
