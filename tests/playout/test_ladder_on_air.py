"""The ladder on air, in virtual time: a machine that is too slow for a while, and a clock that soon keeps up."""

from __future__ import annotations

import asyncio

import av
import numpy as np
import virtual

from host_engine.alarms import Alarms
from host_engine.clock import MediaClock
from host_engine.media import Beat, Coding, Face, Unit
from host_engine.playout.air import on_air
from host_engine.playout.degradation import Degradation
from host_engine.playout.ladder import Rung, rungs
from host_engine.timing import Timings

BEAT = Beat(np.zeros(1920, np.float32), Face())
SHARES = {"full": 1.0, "preset ultrafast": 0.83, "half host": 0.7, "half rate": 0.42}


class Playout:
    def pull(self) -> Beat:
        return BEAT


class Machine:
    """A program whose frames take `cost(n)` seconds of virtual time, less on the lower rungs as measured."""

    settled, used, trouble = True, "visemes", None

    def __init__(self, timings: Timings, ladder: tuple[Rung, ...]) -> None:
        self.rung, self._timings, self.cost = ladder[0], timings, 0.02
        self.late: list[tuple[int, float]] = []

    def take(self, rung: Rung) -> None:
        self.rung = rung

    async def render(self, n: int, beat: Beat) -> list[Unit]:
        cost = self.cost * SHARES[self.rung.name]
        if self.rung.coding.every == 2:
            cost *= 2 * (n % 2 == 0)
        await asyncio.sleep(cost)
        # The stages are timed by a real watch; here they are what they are said to be.
        self._timings._marks.append(("draw", 0, round(cost * 1e9), 0))
        return [Unit(n, av.Packet(b""), (), (), False)]


async def show() -> tuple[Machine, MediaClock, list[str], list[tuple[float, float, int]]]:
    clock, timings, alarms, told = MediaClock(25), Timings(25), Alarms(), list[str]()
    ladder = rungs(Coding("libx264", "superfast"))
    machine = Machine(timings, ladder)
    degradation = Degradation(ladder, 25, machine, machine, alarms.check, told.append)
    seen: list[tuple[float, float, int]] = []
    now = asyncio.get_running_loop().time
    timings.hooks += [degradation.see, lambda row: seen.append((now(), row.late, degradation.ladder.rung))]
    air = asyncio.create_task(on_air(clock, Playout(), machine.render, lambda unit: None, timings))
    await asyncio.sleep(20)
    machine.cost = 0.06
    await asyncio.sleep(60)
    assert [alarm.name for alarm in alarms.raised] == ["programme/degraded"]
    machine.cost = 0.02
    await asyncio.sleep(150)
    air.cancel()
    assert not alarms.raised
    return machine, clock, told, seen


def test_a_slow_minute_costs_pictures_for_some_seconds_and_quality_for_some_minutes() -> None:
    machine, clock, told, seen = virtual.run(show())
    assert [text.partition(":")[0] for text in told] == [
        "a step down to 'preset ultrafast'",
        "a step down to 'half host'",
        "a step down to 'half rate'",
        "a step up to 'half host'",
        "a step up to 'preset ultrafast'",
        "a step up to 'full'",
    ]
    assert clock.skipped <= 2 * 25  # the deficit of the first seconds, given up in jumps
    rung_at = {round(at): rung for at, _, rung in seen}
    assert rung_at[26] == 3
    assert all(late < 60 for at, late, _ in seen if at > 30)  # half a picture's time at half the rate, and no more
    assert rung_at[229] == 0
    assert machine.rung.name == "full"
