"""What a field of the catalog says, as values to compare: figures, promises, and which products they hold for."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from host_engine.gate.claim import Kind
from host_engine.gate.dates import Day
from host_engine.gate.lists import Mark
from host_engine.show.evidence import Evidence

# Promises that cost the shop money: only its own sentence backs them, and only its own sentence denies them.
STRICT = frozenset({"free_shipping", "free_returns", "returns", "refund", "warranty", "lifetime", "express", "gift"})
OF_DELIVERY = frozenset({"free_shipping", "express", "worldwide"})
BOUND = frozenset({"delivery", "returns", "warranty"})  # topics whose figures say nothing about anything else


class Only(NamedTuple):
    """The products that a sentence of the shop holds for: these, or all but these."""

    products: frozenset[str]
    but: bool = False

    def holds(self, product: str | None) -> bool:
        return product is None or (product in self.products) != self.but


Limits = Only | None


class Fact(NamedTuple):
    """A figure of the catalog, and where it stands."""

    kind: Kind
    unit: str
    value: Decimal
    evidence: Evidence
    topics: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()  # stems of its sentence
    counted: frozenset[str] = frozenset()  # stems of what it counts
    coins: frozenset[str] | None = None
    free: bool = False  # from this amount on, something costs nothing
    day: Day | None = None
    code: str = ""
    low: bool = False  # the lower end of a range
    raw: Decimal | None = None  # the number as it is written
    limits: Limits = None  # the products that it holds for


class Marked(NamedTuple):
    """A promise or statement of the catalog's own words."""

    negated: bool
    evidence: Evidence
    limits: Limits = None  # the products that it holds for
    threshold: Decimal | None = None  # the amount from which on it holds
    said: str = ""  # its folded words


class Page(NamedTuple):
    """Everything that one product says, or the shop."""

    facts: tuple[Fact, ...]
    marks: dict[Mark, list[Marked]]
    verbatim: dict[str, Evidence]  # its sentences, as `key` writes them
    text: str  # its folded words, to find a phrase in
