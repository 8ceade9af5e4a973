"""The delay line: the same show some frames later, whatever happens to it, with all of a beat kept together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from virtual import run

from host_engine.clock import MediaClock
from host_engine.media import Beat, Face, Format, Unit
from host_engine.playout.ahead import Ahead
from host_engine.playout.air import on_air
from host_engine.playout.idle import Idle
from host_engine.playout.lane import Cut, Lane
from host_engine.playout.playout import Playout, Stale
from host_engine.playout.report import Report
from host_engine.show.rundown import Line, Place
from host_engine.show.utterance import Utterance
from host_engine.timing import Timings

FORMAT = Format(fps=25)
BEATS = 10  # of a line
SILENCE = np.zeros(FORMAT.samples, np.float32)


def line(id: str) -> Line:
    return Line(id, id, (), "en", "s", place=Place(f"a/{id}", 0, 0, 0, 0))


class Show:
    """A playout with an operator's lane and a rundown a0, a1, .., delayed; each beat is marked with a number.

    Things may be made to raise; `pulled` are the beats as the playout gave them, `shown` as they were handed out.
    """

    def __init__(self, delay: int, length: int = BEATS) -> None:
        self.length, self.count, self.orders, self.shots = length, 0, 0, 0
        self.pulled: list[tuple[Beat, Line | None]] = []
        self.shown: list[Beat] = []
        self.told: list[Utterance] = []
        self.faults: set[str] = set()
        self.clock = datetime(2026, 11, 22, 14, tzinfo=UTC)
        self.operator = Lane("operator", self.make, cut=Cut.NOW)
        self.playout = Playout([self.operator, Lane("rundown", self.make, self.next)], Idle(FORMAT))
        self.real, self.playout.pull = self.playout.pull, self.pull  # type: ignore[method-assign]
        self.ahead = Ahead(self.playout, self.shoot, delay)
        self.report = Report(self.ahead, self.told.append, lambda: self.clock)

    async def make(self, said: Line) -> AsyncIterator[Beat]:
        for k in range(self.length):
            yield Beat(np.full(FORMAT.samples, k + 1, np.float32), Face(speaking=True), said, k)

    def next(self) -> Line:
        self.count += 1
        return line(f"a{self.count - 1}")

    def order(self) -> None:
        self.orders += 1
        self.operator.add(line(f"op{self.orders}"))

    def pull(self) -> Beat:
        if "pull" in self.faults:
            raise RuntimeError("a fault of the test")
        beat = self.real()
        self.pulled.append((beat, self.playout.now.line))
        return beat

    def shoot(self, face: Face) -> Any:
        if "shoot" in self.faults:
            raise RuntimeError("a fault of the test")
        self.shots += 1
        return self.shots

    def tick(self, n: int) -> Beat:
        """As `on_air` does it."""
        try:
            beat = self.ahead.pull()
        except RuntimeError:
            beat = self.ahead.rescue()
            self.pulled.append((self.playout.idle.pull(), None))
        self.report.frame(n, beat)
        self.shown.append(beat)
        self.clock += timedelta(seconds=1 / 25)
        return beat


def same(one: Beat, other: Beat) -> bool:
    """Alike but for the picture that was shot for it."""
    return one.samples is other.samples and one.line is other.line and one.word == other.word


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 90),
        st.sampled_from(["order", "take", "hold", "release", "jump", "pull", "shoot", "well", "twice"]),
    ),
    max_size=12,
)


@given(EVENTS, st.integers(0, 7))
@settings(max_examples=80, deadline=None)
def test_it_is_the_same_show_some_frames_later(events: list[tuple[int, str]], delay: int) -> None:
    async def main() -> None:
        show, n = Show(delay), 0
        aired: list[tuple[Line | None, int]] = []
        todo: dict[str, Callable[[], object]] = {
            "order": show.order,
            "take": show.ahead.take,
            "twice": lambda: (show.ahead.take(), show.ahead.take()),
            "hold": show.ahead.hold,
            "release": show.ahead.release,
            "jump": lambda: None,
            "pull": lambda: show.faults.add("pull"),
            "shoot": lambda: show.faults.add("shoot"),
            "well": show.faults.clear,
        }
        for at in range(100):
            for kind in [kind for when, kind in events if when == at]:
                todo[kind]()
                n += 7 if kind == "jump" else 0
            show.tick(n)
            aired.append((show.ahead.now.line, n))
            n += 1
            await asyncio.sleep(1 / 25)
        assert len(show.shown) == len(show.pulled) == 100
        assert all(beat.line is None for beat in show.shown[:delay])  # only before anything was pulled
        for (pulled, on_air_then), shown, (on_air_now, _) in zip(
            show.pulled, show.shown[delay:], aired[delay:], strict=False
        ):
            assert same(pulled, shown)  # in order, none lost, none twice
            assert on_air_then is on_air_now
        shots = [beat.face.shot for beat in show.shown if beat.face.shot is not None]
        assert shots == sorted(set(shots))
        show.report.end()
        runs: list[list[Any]] = []
        for said, number in aired:  # what the journal was told is what was seen
            if runs and runs[-1][0] is said:
                runs[-1][2] = number
            else:
                runs.append([said, number, number])
        heard = [(each.line.id, each.first, each.last) for each in show.told]
        assert [(said.id, first) for said, first, _ in runs if said] == [(id, first) for id, first, _ in heard]

    run(main())


def test_the_beat_keeps_its_words_its_sound_and_its_picture_together() -> None:
    async def main() -> None:
        show = Show(5)
        show.tick(0)
        await asyncio.sleep(1)
        for n in range(1, 30):
            show.tick(n)
            await asyncio.sleep(1 / 25)
        spoken = [beat for beat in show.shown if beat.line is not None]
        assert [beat.word for beat in spoken[:BEATS]] == list(range(BEATS))
        assert [int(beat.samples[0]) for beat in spoken[:BEATS]] == list(range(1, BEATS + 1))
        assert [beat.face.shot for beat in show.shown] == list(range(1, 31))

    run(main())


def test_an_order_of_the_operator_is_on_air_after_the_delay_and_the_cut_line_is_said_anew() -> None:
    async def main() -> None:
        show, at, n = Show(5, length=50), 0, 0
        while show.ahead.now.line is None:
            show.tick(n)
            n += 1
            await asyncio.sleep(1 / 25)
        first = show.ahead.now.line
        show.order()
        await asyncio.sleep(0)  # its cue gets ready
        at = n
        while show.ahead.now.lane != "operator":
            show.tick(n)
            n += 1
            await asyncio.sleep(1 / 25)
        assert n - 1 - at <= 5 + 1
        assert show.told[-1].line is first
        assert show.told[-1].cut == "cut"
        assert show.report.place is not None
        for _ in range(60):
            show.tick(n)
            n += 1
            await asyncio.sleep(1 / 25)
        assert show.ahead.now.line is first  # again

    run(main())


def test_take_looks_at_what_is_seen_not_at_what_is_being_pulled() -> None:
    async def main() -> None:
        show, n = Show(5), 0
        while show.ahead.now.line is None or show.playout.now.line is show.ahead.now.line:
            show.tick(n)
            n += 1
            await asyncio.sleep(1 / 25)
        seen, pulled = show.ahead.now.line, show.playout.now.line
        assert seen is not None
        show.ahead.take(seen.id)  # the next line is on its way already
        assert show.playout.now.line is pulled
        with pytest.raises(Stale):
            show.ahead.take(pulled.id if pulled else "none")

    run(main())


def test_a_fault_of_the_tick_costs_its_own_beat_only() -> None:
    async def main() -> None:
        show = Show(5, length=50)
        clock, frames = MediaClock(FORMAT.fps), list[Beat]()

        async def render(n: int, beat: Beat) -> list[Unit]:
            frames.append(beat)
            show.faults = {"pull"} if len(frames) == 40 else set()
            return []

        air = asyncio.create_task(on_air(clock, show.ahead, render, lambda unit: None, Timings(FORMAT.fps)))
        await asyncio.wait([air], timeout=4)
        assert not air.done()
        air.cancel()
        idle = [k for k, beat in enumerate(frames) if beat.line is None and k > 10]
        assert idle[0] == 45  # pulled as the 41st
        assert len(frames) == 100

    run(main())


def test_a_file_begins_with_the_first_line() -> None:
    async def main() -> None:
        show = Show(5)
        for _ in range(30):
            await show.ahead.settled()
            show.shown.append(show.ahead.pull())
        assert all(beat.line is not None for beat in show.shown)
        assert [beat.word for beat in show.shown] == 3 * list(range(BEATS))

    run(main())


def test_a_rescue_that_raises_is_an_idle_beat(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        show = Show(0)

        def broken() -> Beat:
            raise RuntimeError("a fault of the test")

        show.playout.rescue = broken  # type: ignore[method-assign]
        assert show.ahead.rescue().line is None
        assert "the host idles" in caplog.text

    run(main())
