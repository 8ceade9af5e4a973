"""The tick: everything that the viewers see and hear passes through these lines."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from threading import get_ident
from time import perf_counter_ns
from typing import NamedTuple, Protocol

from host_engine.clock import MediaClock
from host_engine.media import Beat, Unit
from host_engine.playout.faults import Faults, Trouble
from host_engine.timing import Mark, Timings

AT_WORK = 3  # frames at once: one that takes twice its time holds up neither the tick nor those after it

Render = Callable[[int, Beat], Awaitable[list[Unit]]]


class Pulls(Protocol):
    """Where the beats come from: a `Playout`, or one that is seen some frames later."""

    def pull(self) -> Beat: ...
    def rescue(self) -> Beat: ...


class Making(NamedTuple):
    """A frame that is being made: what it is made of, how late it began, and the units to come."""

    n: int
    beat: Beat
    late: float
    pulled: Mark
    units: Awaitable[list[Unit]]


async def on_air(
    clock: MediaClock,
    playout: Pulls,
    render: Render,
    send: Callable[[Unit], None],
    timings: Timings,
    trouble: Trouble = lambda text: None,
    seen: Callable[[int, Beat], None] = lambda n, beat: None,
) -> None:
    """Pull one beat per frame, have it drawn and encoded, send it; in that order, and the frames one after another.

    A frame in the making does not keep the next one from beginning in time, until `AT_WORK` of them wait. `render`
    begins when it is called, makes one frame after another and times its own stages.

    Nothing that these raise ends the show: the host idles where there is no beat, a frame that cannot be made or sent
    is left out. `trouble` is told a sentence then, and None when a minute has passed without a fault. `seen` is told
    what each frame is made of, and must neither wait nor raise.
    """
    faults = Faults(clock.fps, trouble)
    at_work: asyncio.Queue[Making] = asyncio.Queue(AT_WORK - 2)  # one more is awaited, and one waits to get in
    async with asyncio.TaskGroup() as group:
        group.create_task(_leave(at_work, send, timings, faults))
        async for n in clock.ticks():
            began = perf_counter_ns()
            try:
                beat = playout.pull()
            except Exception:
                faults.at(n, "no beat could be pulled, so the host idles")
                beat = playout.rescue()
            seen(n, beat)
            pulled = ("pull", began, perf_counter_ns(), get_ident())
            await at_work.put(Making(n, beat, clock.late, pulled, _begun(render, n, beat)))


def _begun(render: Render, n: int, beat: Beat) -> Awaitable[list[Unit]]:
    try:
        return render(n, beat)
    except Exception as error:
        failed: asyncio.Future[list[Unit]] = asyncio.get_running_loop().create_future()
        failed.set_exception(error)
        return failed


async def _leave(
    at_work: asyncio.Queue[Making], send: Callable[[Unit], None], timings: Timings, faults: Faults
) -> None:
    """Send each frame when it is made."""
    while True:
        making = await at_work.get()
        try:
            units = await making.units
        except Exception:
            faults.at(making.n, "the frame could not be made")
            units = []
        began = perf_counter_ns()
        for unit in units:
            try:
                send(unit)
            except Exception:
                faults.at(making.n, "the frame could not be sent")
        faults.over(making.n)
        sent = ("send", began, perf_counter_ns(), get_ident())
        timings.close(making.n, making.late, making.beat.line, (making.pulled,), (sent,))
