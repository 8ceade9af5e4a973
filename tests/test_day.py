"""A quarter of an hour of show in virtual time, as the benchmark plays a day: nobody is ever silent, nothing grows."""

import asyncio
import gc

import pytest

from benchmarks.day import Day, _takes, figures
from benchmarks.virtual import VirtualLoop, run
from host_engine.control import cues
from host_engine.show import script

SECONDS = 900


@pytest.fixture(scope="module")
def day():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(script, "REMEMBERED", 40)  # so that what is bounded is full within minutes
        patch.setattr(cues, "KEPT", 40)
        day = Day()
        gc.collect()
        gc.freeze()  # as the engine does when it is built: what the tests before this one left is not looked through
        run(day.run(SECONDS, SECONDS / 80), _takes)
        gc.unfreeze()
    return day


def test_somebody_always_speaks(day):
    assert day.picture.frames > 0.999 * SECONDS * 25
    assert day.picture.silent == 0


def test_no_frame_is_given_up(day):
    assert day.clock.jumps == 0
    assert day.clock.n == pytest.approx(SECONDS * 25, abs=2)


def test_nothing_grows(day):
    found = figures(day, 1.0, warm_up=0.6)
    assert {name: value for name, value in found.items() if name.endswith("_grown")} == {
        "tasks_grown": 0,
        "queues_grown": 0,
        "objects_grown": 0,
        "blocks_grown": pytest.approx(0, abs=50),
    }


def test_what_is_said_goes_round(day):
    assert day.said > 150
    assert max(count.tasks for count in day.counts) < 12


def test_a_fault_in_the_tick_fails_the_day():
    day = Day()
    day.program.render = None
    with pytest.raises(RuntimeError, match="an alarm on a day without a fault"):
        run(day.run(60, 30), _takes)


def test_virtual_time_passes_at_once_and_in_order():
    heard = []

    async def say(word, after):
        await asyncio.sleep(after)
        heard.append((word, asyncio.get_running_loop().time()))

    async def main():
        await asyncio.gather(say("b", 7200), say("a", 3600))
        return await asyncio.get_running_loop().run_in_executor(None, lambda: 5)

    assert run(main(), lambda job: 1.5) == 5
    assert heard == [("a", 3600), ("b", 7200)]


def test_waiting_for_something_outside_is_an_error():
    async def main():
        await asyncio.get_running_loop().create_future()

    with pytest.raises(RuntimeError, match="waits for something"):
        run(main())
    asyncio.set_event_loop(None)
    assert VirtualLoop().time() == 0
