"""A cue: one line made ready for air, a bounded way ahead of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

from host_engine.media import Beat
from host_engine.show.rundown import Line

log = logging.getLogger(__name__)

Make = Callable[[Line], AsyncIterator[Beat]]


class Cue:
    """Prepared in its own task and pulled by the clock; the queue between is the engine's only seam.

    `make(line)` yields the beats of the line. It may be slow and it may fail: a cue that is not ready is not taken,
    and a cue that failed is passed over. At most `ahead` beats are kept; `head` of them make it ready.
    """

    def __init__(self, line: Line, make: Make, head: int = 10, ahead: int = 50) -> None:
        self.line = line
        self.head = head
        self.failed = self.dropped = False
        self._dry = False
        self._beats: asyncio.Queue[Beat] = asyncio.Queue(ahead)
        self._task = asyncio.create_task(self._prepare(make), name=f"cue {line.id}")

    async def _prepare(self, make: Make) -> None:
        try:
            async for beat in make(self.line):
                await self._beats.put(beat)
        except Exception:
            log.exception("line %s could not be prepared and is passed over", self.line.id)
            self.failed = True

    @property
    def ready(self) -> bool:
        """Enough is buffered to go on air without running dry at once."""
        return not self.failed and (self._task.done() or self._beats.qsize() >= self.head)

    @property
    def done(self) -> bool:
        return self._task.done() and self._beats.empty()

    @property
    def stocked(self) -> bool:
        """The next pull will bring a beat."""
        return not (self._beats.empty() or self._waits)

    @property
    def _waits(self) -> bool:
        return self._dry and not self._task.done() and self._beats.qsize() < self.head

    def pull(self) -> Beat | None:
        """The next beat, or None when preparation has fallen behind.

        A cue that ran dry stays silent until it is ready again: one clean pause, no stutter.
        """
        self._dry = not self.stocked
        return None if self._dry else self._beats.get_nowait()

    def drop(self) -> None:
        """Stop preparing; what is already buffered can still be pulled."""
        self.dropped = True
        self._task.cancel()
