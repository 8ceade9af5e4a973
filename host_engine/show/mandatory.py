"""What must be said again and again: disclosures, delivery terms, notes on risks; and when each of them is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from host_engine.show.catalog import Product
from host_engine.show.history import History

LEAD = timedelta(seconds=20)  # ahead of the last moment: the longest line, and a slow machine that makes one ready
PREFIX = "mandatory/"  # of the ids of its lines


@dataclass(frozen=True)
class Mandatory:
    """A mandatory line, ready to be said: it begins before `every` has gone by since it was begun last, at the end of
    the sentence that is on air then."""

    id: str
    every: timedelta
    variants: tuple[tuple[str, ...], ...]  # each in parts that are short enough
    category: str | None = None
    products: tuple[str, ...] = ()
    gesture: str | None = None

    def concerns(self, product: Product | None) -> bool:
        """Whether it is to be said while this product is presented, or none."""
        if not self.category and not self.products:
            return True
        if product is None:
            return False
        if product.id in self.products:
            return True
        kinds = (product.product_type, product.google_product_category)
        return bool(self.category) and any(_within(kind, str(self.category)) for kind in kinds if kind)

    def deadline(self, history: History) -> float:
        """The last moment at which it has to be begun, in UNIX seconds; one for some products only, that was never
        said, is due at once."""
        said = history.said.get(self.id)
        if said is None:
            return history.since + (0.0 if self.category or self.products else self.every.total_seconds())
        return said.at + self.every.total_seconds()

    def variant(self, history: History) -> tuple[str, ...]:
        """How it is said this time, in parts."""
        said = history.said.get(self.id)
        return self.variants[(said.times if said else 0) % len(self.variants)]


def due(
    lines: Iterable[Mandatory], history: History, now: float, product: Product | None, lead: timedelta = LEAD
) -> Mandatory | None:
    """The mandatory line that is to be said next, if it is time: the one that would be late first. `now` in UNIX
    seconds; `product`: the one that is presented."""
    history = history.at(now)
    soon = [
        (line.deadline(history), n, line)
        for n, line in enumerate(lines)
        if line.concerns(product)
        and line.deadline(history) - min(lead.total_seconds(), line.every.total_seconds() / 4) <= now
    ]
    return min(soon, default=(0.0, 0, None), key=lambda each: each[:2])[2]


def mandatory_id(line: str) -> str | None:
    """The id of the mandatory line that a line, by its own id, is a part of."""
    return line.removeprefix(PREFIX).partition(":")[0] if line.startswith(PREFIX) else None


def _within(kind: str, category: str) -> bool:
    """Whether a category is another one or lies in it: "Tea > Green > Sencha" lies in "tea > green"."""
    wanted = [part.strip().casefold() for part in category.split(">")]
    return [part.strip().casefold() for part in kind.split(">")][: len(wanted)] == wanted
