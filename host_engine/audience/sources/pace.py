"""How often something may be done, and waiting until it may be done again."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import NamedTuple


class Pace(NamedTuple):
    """At most `most` times in any `seconds`."""

    most: int
    seconds: float


class Pacer:
    """Keeps a pace over a sliding window: however unevenly turns are asked for, no window holds more than allowed."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self._times: deque[float] = deque(maxlen=pace.most)

    async def turn(self) -> None:
        """Wait until it may be done; it counts as done then."""
        now = asyncio.get_running_loop().time
        if len(self._times) == self.pace.most:
            await asyncio.sleep(max(0.0, self._times[0] + self.pace.seconds - now()))
        self._times.append(now())
