"""The tick: everything that the viewers see and hear passes through these lines."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from host_engine.clock import MediaClock
from host_engine.media import Beat, Unit
from host_engine.playout.faults import Faults, Trouble
from host_engine.playout.playout import Playout
from host_engine.timing import Timings

Render = Callable[[int, Beat], Awaitable[list[Unit]]]


async def on_air(
    clock: MediaClock,
    playout: Playout,
    render: Render,
    send: Callable[[Unit], None],
    timings: Timings,
    trouble: Trouble = lambda text: None,
    seen: Callable[[int, Beat], None] = lambda n, beat: None,
) -> None:
    """Pull one beat per frame, have it drawn and encoded, send it. `render` times its own stages.

    Nothing that these raise ends the show: the host idles where there is no beat, a frame that cannot be made or sent
    is left out. `trouble` is told a sentence then, and None when a minute has passed without a fault. `seen` is told
    what each frame is made of, and must neither wait nor raise.
    """
    faults = Faults(clock.fps, trouble)
    async for n in clock.ticks():
        with timings.stage("pull"):
            try:
                beat = playout.pull()
            except Exception:
                faults.at(n, "no beat could be pulled, so the host idles")
                beat = playout.rescue()
            seen(n, beat)
        try:
            units = await render(n, beat)
        except Exception:
            faults.at(n, "the frame could not be made")
            units = []
        with timings.stage("send"):
            for unit in units:
                try:
                    send(unit)
                except Exception:
                    faults.at(n, "the frame could not be sent")
        faults.over(n)
        timings.close(n, clock.late, beat.line)
