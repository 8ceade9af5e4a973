"""Makes pictures ahead of their use on threads of its own, so that no frame waits for them."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Executor, Future
from typing import Any, NamedTuple, TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")


class Made(NamedTuple):
    """Something that is finished; `what` is None when it could not be made."""

    what: Any


class Workshop:
    """Keeps the last `room` things asked for. Asked from one thread only."""

    def __init__(self, threads: Executor, room: int = 48) -> None:
        self._threads, self._room = threads, room
        self._orders: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    def made(self, key: Hashable, make: Callable[[], T]) -> Made | None:
        """What `make` made for `key`; None while it is in the making. The first call orders it."""
        order = self._orders.get(key)
        if order is None:
            order = self._orders[key] = self._threads.submit(make)
            order.add_done_callback(lambda done: _report(key, done))
            if len(self._orders) > self._room:
                self._orders.popitem(last=False)
        self._orders.move_to_end(key)
        if not order.done():
            return None
        return Made(None if order.cancelled() or order.exception() else order.result())

    def get(self, key: Hashable, make: Callable[[], T]) -> T | None:
        """What `make` made for `key`, where it is ready and could be made."""
        found = self.made(key, make)
        return found.what if found else None


def _report(key: Hashable, order: Future[Any]) -> None:
    if not order.cancelled() and (error := order.exception()) is not None:
        log.error("could not draw %s; it is left out", key, exc_info=error)
