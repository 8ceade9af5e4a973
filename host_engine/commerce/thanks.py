"""Thanks for a burst of orders: a configured text, said next, in which every figure was counted."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from babel.units import format_unit

from host_engine.commerce.orders import Burst, Orders
from host_engine.commerce.saying import COUNTED, Say, Saying
from host_engine.show.catalog import Catalog
from host_engine.show.evidence import Evidence
from host_engine.show.fields import fill, names

log = logging.getLogger(__name__)

STAYS = 120.0  # seconds in which a text that waits may still be said
OTHER = (87, 64, 39)  # numbers that stand for the counted one while the rest of the text is judged


@dataclass(frozen=True)
class When:
    """From how many orders on, and how often."""

    orders: int
    pause: float  # seconds from one thanks to the next
    texts: Sequence[str]


class Thanks:
    """Says the next of its texts that fits: one with {product} counts only the orders of that product, one with {name}
    needs a buyer who agreed. Where none fits, or none may be said, nothing is said and the show goes on."""

    def __init__(self, when: When, orders: Orders, catalog: Callable[[], Catalog], say: Say) -> None:
        self._when, self._orders, self._catalog, self._say = when, orders, catalog, say
        self._last = float("-inf")
        self._next = 0
        self.said = 0
        self.refused = ""  # why the last one was not said

    def due(self, now: float) -> bool:
        """Whether there are enough orders for thanks, and the last are long enough ago."""
        return now - self._last >= self._when.pause and self._orders.burst(now).number >= self._when.orders

    async def thank(self, now: float) -> str:
        """Have thanks said next; what is said, "" for nothing."""
        self._last = now  # also where nothing may be said: it is not tried again at each order
        for text, burst in self._fitting(now):
            saying, trial = self._filled(text, burst, now)
            self.refused = await self._say(saying, trial)
            if not self.refused:
                self.said += 1
                return saying.text
            log.warning("the thanks '%s' are not said: %s", saying.text, self.refused)
        return ""

    def _fitting(self, now: float) -> Iterator[tuple[str, Burst]]:
        """The texts that have all they need, beginning with the one whose turn it is."""
        texts = self._when.texts
        everything, of_one = self._orders.burst(now), self._orders.burst_of_one(now)
        first, self._next = self._next, (self._next + 1) % len(texts)
        for text in [*texts[first:], *texts[:first]]:
            wanted = names(text)
            burst = of_one if "product" in wanted else everything
            if burst.number >= self._when.orders and ("name" not in wanted or burst.name):
                yield text, burst

    def _filled(self, text: str, burst: Burst, now: float) -> tuple[Saying, Saying]:
        """The text as it is said; and with another number, so that only the counted one can be the counted one."""
        other = next(each for each in OTHER if str(each) not in text and each != burst.number)
        return self._saying(text, burst, burst.number, now), self._saying(text, burst, other, now)

    def _saying(self, text: str, burst: Burst, count: int, now: float) -> Saying:
        catalog = self._catalog()
        product = catalog.product(burst.product) if burst.product and catalog.has(burst.product) else None
        within = duration(burst.within, catalog.language)
        fields = {
            "count": str(count),
            "product": product.title if product else None,
            "name": burst.name or None,
            "within": within,
            "shop": catalog.shop,
        }
        evidence = Evidence(burst.product, "orders", f"{burst.number} within {burst.within:g} s")
        filled = fill(text, fields)
        figures = (str(count), within)
        return Saying(filled, (evidence,), COUNTED, now + STAYS, burst.product, figures)


def duration(seconds: float, language: str) -> str:
    """A time as people say it: "60 seconds", "10 Minuten"."""
    minutes = seconds >= 120 and seconds % 60 == 0
    number, unit = (seconds / 60, "minute") if minutes else (seconds, "second")
    return " ".join(str(format_unit(round(number), unit, locale=language.replace("-", "_"))).split())
