"""A stream held back: what was encoded is kept in memory for so long and then sent as it is, so it costs no encode."""

from __future__ import annotations

import asyncio
import math
from dataclasses import replace

from host_engine.outputs.fanout import Fanout, Watches
from host_engine.outputs.source import Source, nothing

SLACK = 100  # units more than fit the delay: for a loop that was held up


class Delay:
    """One stream some seconds later, for all targets that want it so; it runs on while none of them can be reached.

    At 2500 kbit/s a minute takes some 22 MB of memory.
    """

    def __init__(self, before: Source, seconds: float, watch: Watches | None = None) -> None:
        about = ", ".join(filter(None, (before.about, f"{seconds:g} s later")))
        self.source = replace(
            before, fanout=Fanout(watch=watch), force_key=nothing, delay=before.delay + seconds, about=about
        )
        self._before, self._seconds = before, seconds

    async def run(self) -> None:
        """Pass every unit on when its time has come, until cancelled."""
        fanout = self._before.fanout
        size = math.ceil(self._seconds * self._before.format.fps) + SLACK
        with fanout.reader("delay", size, told=False) as reader:
            while True:
                unit = await reader.get()
                await asyncio.sleep(max(0.0, reader.pushed + self._seconds - fanout.now()))
                self.source.fanout.send(unit)
