"""A cue: one line made ready for air, a bounded way ahead of it."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable

from host_engine.media import Beat
from host_engine.show.rundown import Line

log = logging.getLogger(__name__)

Make = Callable[[Line], AsyncIterator[Beat]]


class PassedOver(Exception):
    """The line is not to be said; the sentence says why. It is no failure: the next line follows at once."""


class Cue:
    """Prepared in its own task and pulled by the clock; the queue between is the engine's only seam.

    `make(line)` yields the beats of the line. It may be slow and it may fail: a cue that is not ready is not taken,
    and a cue that failed is passed over. At most `ahead` beats are kept, and more are asked for when a fifth of them is
    gone, not at every frame; `head` of them make it ready. Who stops pulling finds the next beat there when it goes on.
    """

    def __init__(self, line: Line, make: Make, head: int = 10, ahead: int = 50) -> None:
        self.line = line
        self.head = head
        self.failed = self.dropped = self.passed_over = False
        self._dry = False
        self._ahead, self._low = ahead, ahead - ahead // 5
        self._beats: deque[Beat] = deque()
        self._last: Beat | None = None  # the one pulled last
        self._room = asyncio.Event()
        self._task = asyncio.create_task(self._prepare(make), name=f"cue {line.id}")

    async def _prepare(self, make: Make) -> None:
        try:
            async for beat in make(self.line):
                self._beats.append(beat)
                if len(self._beats) >= self._ahead:
                    self._room.clear()
                    await self._room.wait()
        except PassedOver:  # whoever raised it has told why
            self.failed = self.passed_over = True
        except Exception:
            log.exception("line %s could not be prepared and is passed over", self.line.id)
            self.failed = True

    @property
    def ready(self) -> bool:
        """Enough is buffered to go on air without running dry at once."""
        return not self.failed and (self._task.done() or len(self._beats) >= self.head)

    @property
    def done(self) -> bool:
        return not self._beats and self._task.done()

    @property
    def begun(self) -> bool:
        """Some of it has been on air."""
        return self._last is not None

    @property
    def stocked(self) -> bool:
        """The next pull will bring a beat."""
        return bool(self._beats) and not self._waits

    @property
    def _waits(self) -> bool:
        return self._dry and not self._task.done() and len(self._beats) < self.head

    def pausing(self, long: int) -> bool:
        """Whether a phrase has just ended and more than `long` frames of the line are still to be said."""
        return self._last is not None and self._last.pause and self._last.left > long and bool(self._beats)

    def border(self, long: int) -> int | None:
        """Frames until the line ends, or makes a pause with more than `long` of them to follow; None: too far ahead."""
        for at, beat in enumerate(self._beats, 1):
            if beat.pause and beat.left > long:
                return at
        if self._task.done():
            return len(self._beats)
        return None

    def pull(self) -> Beat | None:
        """The next beat, or None when preparation has fallen behind.

        A cue that ran dry stays silent until it is ready again: one clean pause, no stutter.
        """
        self._dry = not self.stocked
        if self._dry:
            return None
        self._last = beat = self._beats.popleft()
        if len(self._beats) <= self._low:
            self._room.set()
        return beat

    def peek(self) -> Beat | None:
        """The beat that the next pull will bring, which it still does."""
        return self._beats[0] if self.stocked else None

    def drop(self) -> None:
        """Stop preparing; what is already buffered can still be pulled."""
        self.dropped = True
        self._task.cancel()
