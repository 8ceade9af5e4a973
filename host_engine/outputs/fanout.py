"""One stream, many readers: each with its own bounded queue, none able to hold up the others."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from host_engine.media import Unit


class Fanout:
    """Hands every unit to every reader. Lives on the event loop; `send` never waits.

    force_key: asked for a key frame whenever somebody starts to read, as nobody can begin anywhere else.
    """

    def __init__(self, force_key: Callable[[], None] | None = None) -> None:
        self._readers: list[Reader] = []
        self._force_key = force_key

    @property
    def readers(self) -> tuple[Reader, ...]:
        """Those reading now, for status and metrics."""
        return tuple(self._readers)

    def send(self, unit: Unit) -> None:
        """Put the unit into every queue that has room."""
        for reader in self._readers:
            reader.push(unit)

    @contextmanager
    def reader(self, name: str, size: int = 50) -> Iterator[Reader]:
        """A queue of at most `size` units that starts on a key frame, for as long as the block lasts."""
        reader = Reader(name, size)
        self._readers.append(reader)
        if self._force_key:
            self._force_key()
        try:
            yield reader
        finally:
            self._readers.remove(reader)


class Reader:
    """One reader's queue. A reader that is too slow loses the units up to a key frame that fits, never the order."""

    def __init__(self, name: str, size: int = 50) -> None:
        self.name = name
        self.size = size
        self.sent = 0
        self.dropped = 0
        self._queue: deque[tuple[Unit, float]] = deque()
        self._filled = asyncio.Event()
        self._awaits_key = True

    def push(self, unit: Unit) -> None:
        """Take the unit, or drop it if there is no room or no key frame to begin with."""
        full = len(self._queue) >= self.size
        self._awaits_key = full or (self._awaits_key and not unit.key)
        if self._awaits_key:
            self.dropped += 1
            return
        self._queue.append((unit, time.monotonic()))
        self._filled.set()

    async def get(self) -> Unit:
        """The next unit, waiting for it if need be."""
        while not self._queue:
            self._filled.clear()
            await self._filled.wait()
        self.sent += 1
        return self._queue.popleft()[0]

    @property
    def depth(self) -> int:
        """Units waiting to be read."""
        return len(self._queue)

    @property
    def age(self) -> float:
        """Seconds that the oldest unit has been waiting, 0 if none is."""
        return time.monotonic() - self._queue[0][1] if self._queue else 0.0
