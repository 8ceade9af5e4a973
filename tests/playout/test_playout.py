"""What is on air when: lanes, cuts, holds, failures and a day of show, in virtual time."""

import asyncio
from collections import deque

import numpy as np
import pytest
from virtual import run

from host_engine.clock import MediaClock
from host_engine.media import Beat, Face, Format, Unit
from host_engine.playout.air import on_air
from host_engine.playout.cue import PassedOver
from host_engine.playout.idle import Idle
from host_engine.playout.lane import Cut, Lane
from host_engine.playout.playout import Playout, Stale
from host_engine.show.rundown import Line
from host_engine.timing import Timings

FORMAT = Format(fps=25)


def line(id):
    return Line(id, id, (), "en", "s", product=None, scene=None, card=None, gesture=None, clip=None)


def voice(length=50, delay=0.2, per_beat=0.0, broken=(), breaks_at=0):
    """A maker of cues: `length` beats after `delay` seconds; lines in `broken` raise at beat `breaks_at`."""

    async def make(said):
        await asyncio.sleep(delay)
        for k in range(length):
            if said.id in broken and k == breaks_at:
                raise RuntimeError("no voice")
            if per_beat:
                await asyncio.sleep(per_beat)
            yield Beat(np.full(FORMAT.samples, 0.5, np.float32), Face(speaking=True), said)

    return make


class Stage:
    """A playout with three lanes whose rundown goes round a0, a1, …"""

    def __init__(self, make=None, lines=3):
        make = make or voice()
        self.names = [f"a{k}" for k in range(lines)]
        self.at = 0
        self.asked = deque()
        self.playout = Playout(
            [
                Lane("operator", make, cut=Cut.NOW),
                Lane("answers", make, lambda: self.asked.popleft() if self.asked else None, depth=1),
                Lane("rundown", make, self.next),
            ],
            Idle(FORMAT),
        )

    def next(self):
        self.at += 1
        return line(self.names[(self.at - 1) % len(self.names)])

    async def play(self, frames, events=None):
        """Run the tick for `frames` frames; `events` maps a frame count to something to do then."""
        events = dict(events or {})
        self.frames = []
        self.clock = MediaClock(FORMAT.fps)
        over = asyncio.Event()

        async def render(n, beat):
            self.frames.append((n, beat))
            for at in [at for at in events if at <= len(self.frames)]:
                events.pop(at)()
            if len(self.frames) == frames:
                over.set()
            return [Unit(n, None, (), (), n % 25 == 0)]

        sent = []
        air = asyncio.create_task(on_air(self.clock, self.playout, render, sent.append, Timings(FORMAT.fps)))
        await asyncio.wait([air, asyncio.create_task(over.wait())], return_when=asyncio.FIRST_COMPLETED)
        if air.done():
            air.result()
        air.cancel()
        return self.heard()

    def heard(self):
        """Run lengths of what was on air: [(line id or "idle", frames), ...]"""
        runs = []
        for _, beat in self.frames:
            name = beat.line.id if beat.line else "idle"
            if not runs or runs[-1][0] != name:
                runs.append([name, 0])
            runs[-1][1] += 1
        return [tuple(each) for each in runs]


def test_lines_follow_each_other_without_a_gap():
    async def main():
        stage = Stage()
        heard = await stage.play(260)
        assert heard[0][0] == "idle"  # until the first cue is ready
        assert heard[1:5] == [("a0", 50), ("a1", 50), ("a2", 50), ("a0", 50)]
        assert stage.clock.jumps == 0

    run(main())


def test_every_frame_number_comes_once_and_in_order():
    async def main():
        stage = Stage(voice(per_beat=0.06))  # slower than real time
        await stage.play(500)
        assert [n for n, _ in stage.frames] == list(range(500))

    run(main())


def test_an_answer_waits_for_the_line_and_the_operator_does_not():
    async def main():
        stage = Stage()
        heard = await stage.play(
            400, {70: lambda: stage.asked.append(line("q")), 180: lambda: stage.playout.lanes[0].add(line("op"))}
        )
        names = [name for name, _ in heard]
        asked, ordered = names.index("q"), names.index("op")
        assert heard[asked - 1][1] == 50  # the line before the answer was finished
        assert heard[ordered - 1][1] < 50  # the one before the operator was cut
        assert heard[ordered + 1] == (heard[ordered - 1][0], 50)  # and said anew afterwards

    run(main())


def test_a_cut_is_crossfaded_within_one_frame():
    async def main():
        stage = Stage()

        async def quiet(said):
            for _ in range(20):
                yield Beat(np.zeros(FORMAT.samples, np.float32), Face(), said)

        stage.playout.lanes[0].make = quiet
        await stage.play(100, {60: lambda: stage.playout.lanes[0].add(line("op"))})
        cut = next(k for k, (_, beat) in enumerate(stage.frames) if beat.line and beat.line.id == "op")
        sound = np.concatenate([beat.samples for _, beat in stage.frames[cut - 1 : cut + 2]])
        assert sound[0] == 0.5
        assert sound[-1] == 0.0
        assert np.abs(np.diff(sound)).max() < 0.5 / FORMAT.samples * 1.5

    run(main())


def test_take_goes_on_with_the_next_line_and_refuses_what_is_stale():
    async def main():
        stage = Stage()
        refused = []

        def stale():
            with pytest.raises(Stale, match="a2 is no longer on air; a0 is"):
                stage.playout.take(expect="a2")
            refused.append(True)

        heard = await stage.play(120, {20: stale, 30: lambda: stage.playout.take(expect="a0")})
        assert refused
        names = dict(heard)
        assert names["a0"] < 50
        assert [name for name, _ in heard if name != "idle"][:2] == ["a0", "a1"]

    run(main())


def test_hold_lets_the_line_end_and_only_the_operator_speaks_until_release():
    async def main():
        stage = Stage()
        heard = await stage.play(
            400,
            {
                30: stage.playout.hold,
                150: lambda: stage.playout.lanes[0].add(line("op")),
                260: stage.playout.release,
            },
        )
        names = [name for name, _ in heard]
        assert names[:5] == ["idle", "a0", "idle", "op", "idle"]
        assert heard[1][1] == 50
        assert names[5] == "a1"

    run(main())


@pytest.mark.parametrize("breaks_at", [0, 5, 30])
def test_a_line_that_fails_is_passed_over_and_never_stuck(breaks_at):
    async def main():
        stage = Stage(voice(broken={"a1"}, breaks_at=breaks_at, per_beat=0.02))
        heard = await stage.play(600)
        assert dict(heard).get("a1", 0) <= breaks_at
        assert ("a2", 50) in heard
        assert heard.count(("a0", 50)) >= 2

    run(main())


def refusing(refused, asked, length=50):
    """A maker of cues that are passed over."""
    spoken = voice(length, delay=0.01)

    async def make(said):
        asked.append(said.id)
        await asyncio.sleep(0.01)
        if said.id in refused:
            raise PassedOver("the catalog does not back it")
        async for beat in spoken(said):
            yield beat

    return make


def test_a_line_that_is_refused_is_passed_over_without_a_gap():
    async def main():
        stage = Stage(refusing({"a1", "a2"}, []), lines=5)
        heard = await stage.play(320)
        assert heard[0][0] == "idle"  # until the first cue is ready
        assert heard[1:6] == [("a0", 50), ("a3", 50), ("a4", 50), ("a0", 50), ("a3", 50)]

    run(main())


def test_where_every_line_is_refused_the_host_idles_and_nobody_hurries():
    async def main():
        asked = []
        stage = Stage(refusing({"a0", "a1", "a2"}, asked))
        heard = await stage.play(500)
        assert heard == [("idle", 500)]
        assert len(asked) < 150  # in 20 s

    run(main())


def test_a_dead_voice_is_not_hammered():
    async def main():
        tries = []

        async def make(said):
            tries.append(said)
            raise RuntimeError("no voice")
            yield

        stage = Stage(make)
        heard = await stage.play(25 * 120)
        assert heard == [("idle", 3000)]
        assert len(tries) < 60  # two lines every five seconds at most

    run(main())


def test_a_slow_voice_pauses_cleanly_instead_of_stuttering():
    async def main():
        stage = Stage(voice(length=100, per_beat=0.06))
        heard = await stage.play(700)
        pauses = [frames for name, frames in heard[1:-1] if name == "idle"]
        talks = [frames for name, frames in heard[1:-1] if name != "idle"]
        assert pauses
        assert min(talks) >= 10

    run(main())


def test_settled_waits_for_the_next_line():
    async def main():
        stage = Stage(voice(delay=3.0))
        for _ in range(200):
            await stage.playout.settled()
            assert stage.playout.pull().line is not None

    run(main())


def test_an_hour_on_air_leaks_nothing():
    async def main():
        stage = Stage(voice(length=100, delay=0.3), lines=40)
        clock = MediaClock(FORMAT.fps)
        silent = count = 0
        async for n in clock.ticks():
            if n % 925 == 0:
                stage.asked.append(line(f"q{n}"))
            silent += stage.playout.pull().line is None
            count += 1
            if count == 3600 * FORMAT.fps:
                break
        assert clock.jumps == 0
        assert silent < count * 0.001
        assert len(asyncio.all_tasks()) < 10

    run(main())
