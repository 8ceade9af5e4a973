"""The tick: everything that the viewers see and hear passes through these lines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from host_engine.clock import MediaClock
from host_engine.media import Beat, Unit
from host_engine.playout.playout import Playout
from host_engine.timing import Timings

Render = Callable[[int, Beat], Awaitable[list[Unit]]]


async def on_air(
    clock: MediaClock, playout: Playout, render: Render, send: Callable[[Unit], None], timings: Timings
) -> None:
    """Pull one beat per frame, have it drawn and encoded, send it. `render` times its own stages."""
    async for n in clock.ticks():
        with timings.stage("pull"):
            beat = playout.pull()
        units = await render(n, beat)
        with timings.stage("send"):
            for unit in units:
                send(unit)
        timings.close(n, clock.late)
