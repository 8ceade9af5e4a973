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
                self.alarmed.append((self.clock.n, bool(text)))

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
    assert show.alarmed == [(10, True), (10 + 60 * 25 + 1, False)]
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
