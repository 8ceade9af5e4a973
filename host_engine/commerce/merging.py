"""Many changes at once become few: each product's newest values are put in force together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from host_engine.access.who import Who
from host_engine.swap.catalogs import NotDone, Swapped

log = logging.getLogger(__name__)

GATHER = 0.02  # seconds in which more may come before the first is put in force
AT_ONCE = 3  # changes handed over that are not in force yet: while they wait their turn, nothing old is begun
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
    """Hands changes to the catalog, at most `AT_ONCE` that are not in force; what comes meanwhile is merged.

    The embargo of a product holds from the moment its change is handed over, not from when it is in force: so the wait
    is what counts, `GATHER` seconds, or in a flood until one of the changes before is in force.
    """

    def __init__(self, change: Change, gather: float = GATHER) -> None:
        self._change, self._gather = change, gather
        self._waiting: dict[str, Waiting] = {}
        self._layers: dict[str, list[Fields]] = {}  # by product: what is handed over and not in force
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
        if self._timer is None and len(self._tasks) < AT_ONCE:
            self._timer = asyncio.get_running_loop().call_later(self._gather, self._hand_over)
        return waiting.done

    def _hand_over(self) -> None:
        self._timer = None
        batch, self._waiting = self._waiting, {}
        if not batch:
            return
        for product, each in batch.items():
            self._layers.setdefault(product, []).append(each.fields)
        task = asyncio.get_running_loop().create_task(self._put_in_force(batch, self._who, self._why))
        self._tasks.add(task)
        task.add_done_callback(self._over)

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
        if self._waiting and self._timer is None:
            self._hand_over()


def _settle(each: Waiting, refused: NotDone) -> None:
    if not each.done.done():
        each.done.set_exception(NotDone(str(refused), refused.status, refused.problems))
