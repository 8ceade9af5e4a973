"""The media clock: numbers the frames of the stream. The only module of the engine that looks at a watch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator


class MediaClock:
    """Frame `n` is due `n / fps` seconds after the first tick.

    A short delay is caught up by making frames without pause. A delay longer than `max_lag` seconds is given up:
    the number jumps, so picture and sound jump together and the stream never runs late for long.
    """

    def __init__(self, fps: int, max_lag: float = 0.4) -> None:
        self.fps = fps
        self.max_lag = max_lag
        self.n = 0  # the frame now being made
        self.late = 0.0  # seconds by which it began late
        self.jumps = 0
        self.skipped = 0  # frames given up in those jumps
        self._start: float | None = None

    async def ticks(self) -> AsyncIterator[int]:
        """Yield each frame's number when it is due. Called again, it goes on where the numbers stand."""
        now = asyncio.get_running_loop().time
        if self._start is None:
            self._start = now()
        else:
            self.n += 1
        while True:
            lag = now() - self._start - self.n / self.fps
            if lag > self.max_lag:
                missed = int(lag * self.fps)
                self.n += missed
                self.skipped += missed
                self.jumps += 1
            await asyncio.sleep(max(0.0, self._start + self.n / self.fps - now()))
            self.late = max(0.0, now() - self._start - self.n / self.fps)
            yield self.n
            self.n += 1
