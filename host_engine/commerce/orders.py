"""The orders of the last moments, counted, each once."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from typing import NamedTuple

from host_engine.commerce.event import Order

MOST = 20_000  # orders in memory


class Counted(NamedTuple):
    """An order that counts."""

    at: float
    products: frozenset[str]  # those of them that are in the catalog
    name: str  # as it may be said; "" without consent


class Burst(NamedTuple):
    """So many orders within so many seconds."""

    number: int
    within: float
    product: str | None = None  # which all of them have, where they were counted by it
    name: str = ""  # of the last buyer who agreed to be named


class Orders:
    """Keeps the orders of the last `within` seconds. An order that came twice, or too late, counts once, or not."""

    def __init__(self, within: float) -> None:
        self.within = within
        self.total = 0
        self._recent: deque[Counted] = deque(maxlen=MOST)
        self._numbers: OrderedDict[str, float] = OrderedDict()

    def take(self, order: Order, at: float, now: float, products: frozenset[str], name: str) -> str:
        """Count an order of a time, in UNIX seconds; "" or the sentence that says why it does not count."""
        self._forget(now)
        if order.number in self._numbers:
            return "This order was counted already."
        if at < now - self.within:
            return f"It is {now - at:.0f} seconds old; orders of the last {self.within:g} seconds are counted."
        self._numbers[order.number] = at
        while len(self._numbers) > MOST:
            self._numbers.popitem(last=False)
        self._recent.append(Counted(at, products, name if order.consent else ""))
        self.total += 1
        return ""

    def burst(self, now: float) -> Burst:
        """All orders of the last moments."""
        self._forget(now)
        return Burst(len(self._recent), self.within, None, self._name(None))

    def burst_of_one(self, now: float) -> Burst:
        """Those of the product that was ordered most often; 0 where nothing was."""
        self._forget(now)
        counts = Counter(product for each in self._recent for product in sorted(each.products))
        if not counts:
            return Burst(0, self.within)
        product, count = counts.most_common(1)[0]
        return Burst(count, self.within, product, self._name(product))

    def _name(self, product: str | None) -> str:
        fitting = (each for each in reversed(self._recent) if product is None or product in each.products)
        return next((each.name for each in fitting if each.name), "")

    def _forget(self, now: float) -> None:
        while self._recent and self._recent[0].at < now - self.within:
            self._recent.popleft()
