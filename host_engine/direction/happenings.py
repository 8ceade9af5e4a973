"""The event stream of a channel: what happens on air, kept for a while and told to whoever listens."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from typing import Any

from host_engine.direction.happening import Happening

log = logging.getLogger(__name__)

KEPT = 1000  # happenings that a listener who comes late, or again, may still ask for
BEHIND = 500  # happenings that one listener may be behind before the oldest are left out for it


class Happenings:
    """`tell` is called on the event loop, never waits and never raises. A slow listener loses the oldest, not the show.

    `hooks` are told of each happening at once and must not wait.
    """

    def __init__(self, frame: Callable[[], int], clock: Callable[[], float] = time.time) -> None:
        """`frame`: the number of the frame on air. `clock`: UNIX seconds."""
        self.hooks: list[Callable[[Happening], None]] = []
        self._frame, self._clock = frame, clock
        self._kept: deque[Happening] = deque(maxlen=KEPT)
        self._listeners: set[_Listener] = set()
        self._last = 0

    @property
    def listeners(self) -> int:
        """How many listen."""
        return len(self._listeners)

    def tell(self, what: str, **data: Any) -> Happening:
        """Something has happened: `what` as in `happening.WHAT`, `data` plain values."""
        self._last += 1
        happening = Happening(self._last, self._frame(), self._clock(), what, data)
        self._kept.append(happening)
        for listener in self._listeners:
            listener.hear(happening)
        for hook in self.hooks:
            try:
                hook(happening)
            except Exception:
                log.exception("the happening %s could not be passed on", what)
        return happening

    def since(self, id: int) -> list[Happening]:
        """What came after the happening `id`, as far as it is still kept, oldest first."""
        return [each for each in self._kept if each.id > id]

    async def listen(self, since: int | None = None) -> AsyncGenerator[Happening, None]:
        """What happens from now on, without an end; with `since`, what came after that happening first."""
        listener = _Listener()
        if since is not None:
            for each in self.since(since):
                listener.hear(each)
        self._listeners.add(listener)
        try:
            while True:
                yield await listener.next()
        finally:
            self._listeners.discard(listener)


class _Listener:
    """What one listener has not taken yet."""

    def __init__(self) -> None:
        self._waiting: deque[Happening] = deque(maxlen=BEHIND)
        self._news = asyncio.Event()

    def hear(self, happening: Happening) -> None:
        self._waiting.append(happening)
        self._news.set()

    async def next(self) -> Happening:
        while not self._waiting:
            self._news.clear()
            await self._news.wait()
        return self._waiting.popleft()
