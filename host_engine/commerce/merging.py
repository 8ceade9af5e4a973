"""Many changes at once become few: each product's newest values are put in force together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from host_engine.access.who import Who
from host_engine.swap.catalogs import NotDone, Swapped

log = logging.getLogger(__name__)

GATHER = 0.005  # seconds from one handing over to the next
TOGETHER = 4  # products in one: the catalog needs half a millisecond of the loop to look at each
PACE = 0.1  # seconds from one change of a product to its next: what comes meanwhile is merged
AT_ONCE = 100  # changes handed over that are not in force yet
MOST = 20_000  # products that wait

Fields = Mapping[str, Any]
Change = Callable[[Mapping[str, Fields], Who, str], Coroutine[Any, Any, Swapped]]


class Waiting:
    """A product's changes that are not handed over yet: of each field the newest."""

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self.done: asyncio.Future[Swapped] = asyncio.get_running_loop().create_future()
        self.done.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may wait for it


class Merging:
    """Hands changes to the catalog: the first of a product at once, those that follow it merged, ten times a second.

    The embargo of a product holds from the moment its change is handed over, not from when it is in force: so only the
    wait before counts, which is `PACE` where one product changes, and some milliseconds for each that changes before.
    """

    def __init__(self, change: Change) -> None:
        self._change = change
        self._waiting: dict[str, Waiting] = {}
        self._layers: dict[str, list[Fields]] = {}  # by product: what is handed over and not in force
        self._last: dict[str, float] = {}  # when a product was handed over, for a while
        self._tasks: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._who, self._why = Who("webhook"), ""
        self.handed = self.merged = 0

    def coming(self, product: str) -> Fields:
        """The fields of a product that are on their way to be in force."""
        found: dict[str, Any] = {}
        for layer in self._layers.get(product, ()):
            found |= layer
        waiting = self._waiting.get(product)
        return found | waiting.fields if waiting else found

    def add(self, product: str, fields: Fields, who: Who, why: str) -> asyncio.Future[Swapped]:
        """Have fields of a product changed. What it gives back is done when they are in force, or raises NotDone."""
        waiting = self._waiting.get(product)
        if waiting is None:
            if len(self._waiting) >= MOST:
                raise NotDone("More changes come than can be put in force; send it again in a minute.", 503)
            waiting = self._waiting[product] = Waiting()
        else:
            self.merged += 1
        waiting.fields |= fields
        self._who, self._why = who, why
        self._go_on()
        return waiting.done

    def _go_on(self) -> None:
        if self._waiting and self._timer is None and len(self._tasks) < AT_ONCE:
            self._timer = asyncio.get_running_loop().call_later(GATHER, self._hand_over)

    def _hand_over(self) -> None:
        self._timer = None
        now = asyncio.get_running_loop().time()
        self._last = {product: at for product, at in self._last.items() if at > now - PACE}
        ready = [product for product in self._waiting if product not in self._last][:TOGETHER]
        if ready:
            batch = {product: self._waiting.pop(product) for product in ready}
            self._last |= dict.fromkeys(ready, now)
            for product, each in batch.items():
                self._layers.setdefault(product, []).append(each.fields)
            task = asyncio.get_running_loop().create_task(self._put_in_force(batch, self._who, self._why))
            self._tasks.add(task)
            task.add_done_callback(self._over)
        self._go_on()

    async def _put_in_force(self, batch: Mapping[str, Waiting], who: Who, why: str) -> None:
        """All of them together; where that is refused, each by itself, so that one harms no other."""
        try:
            refused = await self._try(batch, who, why)
            if refused and len(batch) > 1:
                for product, each in batch.items():
                    if alone := await self._try({product: each}, who, why):
                        _settle(each, alone)
            elif refused:
                for each in batch.values():
                    _settle(each, refused)
        finally:
            for product, each in batch.items():
                self._forget(product, each)
                if not each.done.done():
                    each.done.set_exception(NotDone("The channel goes off air.", 503))

    async def _try(self, batch: Mapping[str, Waiting], who: Who, why: str) -> NotDone | None:
        self.handed += 1
        try:
            swapped = await self._change({product: dict(each.fields) for product, each in batch.items()}, who, why)
        except NotDone as refused:
            return refused
        except Exception:
            log.exception("a change that the shop told could not be put in force")
            return NotDone("It could not be put in force; the log of the channel says why.", 500)
        for each in batch.values():
            each.done.set_result(swapped)
        return None

    def _forget(self, product: str, each: Waiting) -> None:
        layers = self._layers[product]
        layers[:] = [layer for layer in layers if layer is not each.fields]
        if not layers:
            del self._layers[product]

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._go_on()


def _settle(each: Waiting, refused: NotDone) -> None:
    if not each.done.done():
        each.done.set_exception(NotDone(str(refused), refused.status, refused.problems))
