"""No fault of the parts that the tick asks ends the show: it idles, leaves a frame out, and says so once a second."""

import asyncio

import numpy as np
import pytest
from virtual import run

from host_engine.alarms import Alarms
from host_engine.clock import MediaClock
from host_engine.media import Beat, Face, Format, Unit
from host_engine.playout.air import on_air
from host_engine.playout.idle import Idle
from host_engine.playout.lane import Lane
from host_engine.playout.playout import Playout
from host_engine.show.rundown import Line
from host_engine.timing import Timings

FORMAT = Format(fps=25)


class Show:
    """A playout of one lane on air in virtual time; the methods are there to be made to fail."""

    def __init__(self):
        self.clock, self.timings, self.alarms = MediaClock(FORMAT.fps), Timings(FORMAT.fps), Alarms()
        self.lane = Lane("rundown", self.make, self.feed)
        self.playout = Playout([self.lane], Idle(FORMAT))
        self.rendered, self.sent, self.alarmed = [], [], []

    def feed(self):
        return Line("a", "a", (), "en", "s", product=None, scene=None, card=None, gesture=None, clip=None)

    async def make(self, line):
        for _ in range(50):
            yield Beat(np.full(FORMAT.samples, 0.5, np.float32), Face(speaking=True), line)

    async def render(self, n, beat):
        self.rendered.append((n, beat))
        return [Unit(n, None, (), (), n % 25 == 0)]

    def send(self, unit):
        self.sent.append(unit.n)

    def play(self, seconds):
        async def main():
            def trouble(text):
                self.alarms.check("programme/fault", text)
                self.alarmed.append((self.clock.n // FORMAT.fps, bool(text)))

            air = on_air(self.clock, self.playout, self.render, self.send, self.timings, trouble)
            job = asyncio.create_task(air)
            done, _ = await asyncio.wait([job], timeout=seconds)
            assert not done, job.exception()
            job.cancel()

        run(main())
        return self


def failing(function, when):
    """The function, but for the calls (counted from 0) for which `when` holds: those raise."""
    calls = iter(range(10**9))

    def called(*arguments):
        if when(next(calls)):
            raise RuntimeError("a fault of the test")
        return function(*arguments)

    return called


def spoken(show):
    return sum(beat.line is not None for _, beat in show.rendered)


def said(caplog):
    return [record.getMessage() for record in caplog.records if "(fault " in record.getMessage()]


def test_a_pull_that_raises_is_an_idle_beat_and_said_once_a_second(caplog):
    show = Show()
    show.playout.pull = failing(show.playout.pull, lambda call: 25 <= call < 100)
    show.play(10)
    assert show.sent == list(range(show.sent[0], show.sent[-1] + 1))
    assert [n for n, beat in show.rendered if beat.line is None and 25 <= n < 100] == list(range(25, 100))
    assert spoken(show) > 100
    assert len(said(caplog)) == 3
    assert "no beat could be pulled" in caplog.text
    assert "a fault of the test" in caplog.text


def test_an_alarm_until_a_minute_without_a_fault():
    show = Show()
    show.playout.pull = failing(show.playout.pull, lambda call: call == 10)
    show.play(100)
    assert show.alarmed == [(0, True), (60, False)]
    assert not show.alarms.raised


def test_a_cue_that_raises_on_air_is_given_up_and_the_next_line_comes():
    show = Show()

    def spoil():
        show.playout.cue.pull = failing(show.playout.cue.pull, lambda call: True)

    render = show.render

    async def spoiling(n, beat):
        if n == 40:
            spoil()
        return await render(n, beat)

    show.render = spoiling
    show.play(10)
    assert next(n for n, beat in show.rendered if beat.line is None and n > 40) == 41
    assert spoken(show) > 200


def test_a_feed_that_raises_rests_its_lane_and_is_asked_again(caplog):
    show = Show()
    show.lane.feed = failing(show.lane.feed, lambda call: call < 3)
    show.play(20)
    assert spoken(show) > 250
    assert caplog.text.count("has no next line because of a fault") == 3


@pytest.mark.parametrize("part", ["render", "send"])
def test_frames_that_cannot_be_made_or_sent_are_left_out(part, caplog):
    show = Show()
    if part == "send":
        show.send = failing(show.send, lambda call: call < 50)
    else:
        render = show.render

        async def broken(n, beat):
            if n < 50:
                raise RuntimeError("a fault of the test")
            return await render(n, beat)

        show.render = broken
    show.play(10)
    assert show.sent[0] == 50
    assert len(said(caplog)) == 2


def test_a_hook_that_raises_does_not_end_the_show():
    show = Show()
    show.timings.hooks.append(failing(lambda row: None, lambda call: True))
    show.play(2)
    assert len(show.sent) >= 49


def in_turn(show, seconds):
    """Renders as the render thread does: frame `n` takes `seconds(n)`, and begins when the one before it is made."""
    free = asyncio.Lock()
    working = []

    def render(n, beat):
        working.append(n)

        async def made():
            async with free:
                await asyncio.sleep(seconds(n))
                working.remove(n)
                return await Show.render(show, n, beat)

        show.most = max(show.most, len(working))
        return asyncio.ensure_future(made())

    return render


@pytest.mark.parametrize(("slow", "late"), [(0.1, 0.0), (0.11, 0.0), (0.2, 0.08)])
def test_a_slow_frame_holds_up_no_tick_until_three_are_at_work(slow, late):
    show, began = Show(), {}
    show.most = 0
    show.render = in_turn(show, lambda n: slow if n == 50 else 0.01)
    show.timings.hooks.append(lambda row: began.update({row.n: row.late}))
    show.play(5)
    assert max(began.values()) == pytest.approx(late * 1000, abs=0.01)
    assert show.sent == list(range(len(show.sent))), "in their order, none left out"
    assert show.most == 3


def test_each_frame_keeps_its_own_stages_while_several_are_at_work():
    show = Show()
    render = in_turn(show, lambda n: 0.1 if n % 10 == 0 else 0.01)

    def timed(n, beat):
        async def made(units):
            units = await units
            with show.timings.stage(f"draw {n}"):
                pass
            show.timings.made(n)
            return units

        return asyncio.ensure_future(made(render(n, beat)))

    show.most, show.render = 0, timed
    show.play(2)
    assert all(list(row.stages) == ["pull", f"draw {row.n}", "send"] for row in show.timings.rows)


def test_a_render_that_raises_at_once_costs_its_own_frame_only():
    show = Show()
    show.render = failing(show.render, lambda call: call == 5)
    show.play(2)
    assert show.sent == [n for n in range(len(show.sent) + 1) if n != 5]
