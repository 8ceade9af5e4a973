"""The report tells exactly what the playout had on air, frame by frame, however the lines came and went."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from virtual import run

from host_engine.media import Beat, Face, Format
from host_engine.playout.idle import Idle
from host_engine.playout.lane import Cut, Lane
from host_engine.playout.playout import Playout
from host_engine.playout.report import Report
from host_engine.show.rundown import Line, Place
from host_engine.show.spoken import tokens
from host_engine.show.utterance import Utterance

FORMAT = Format(fps=25)
TEXT = "one two three four five"
BEATS = 10  # two for each word


def line(id: str, place: Place | None = None) -> Line:
    return Line(id, TEXT, tokens(TEXT, "en", {}), "en", "s", place=place)


async def make(said: Line) -> AsyncIterator[Beat]:
    silence = np.zeros(FORMAT.samples, np.float32)
    for k in range(BEATS):
        if said.id.startswith("broken") and k == 5:
            raise RuntimeError("no voice")
        yield Beat(silence, Face(speaking=True), said, k // 2, voice="flite:slt")
    for _ in range(3 if said.id.startswith("clip") else 0):
        yield Beat(silence, Face(), said, 4, voice="flite:slt")


class Stage:
    """A playout with an operator's lane and a rundown a0, a1, …, of which some lines fail and some have a clip."""

    def __init__(self) -> None:
        self.count = self.orders = 0
        self.frames: list[tuple[int, Line | None]] = []
        self.told: list[Utterance] = []
        self.clock = datetime(2026, 11, 22, 14, tzinfo=UTC)
        self.operator = Lane("operator", make, cut=Cut.NOW)
        self.playout = Playout([self.operator, Lane("rundown", make, self.next)], Idle(FORMAT))
        self.report = Report(self.playout, self.told.append, lambda: self.clock)

    def next(self) -> Line:
        k, self.count = self.count, self.count + 1
        kind = {3: "broken", 5: "clip"}.get(k % 7, "a")
        return line(f"{kind}{k}", Place(f"a/{k}", 0, 0, 0, 0))

    def order(self) -> None:
        self.orders += 1
        self.operator.add(line(f"op{self.orders}"))

    async def tick(self, n: int) -> None:
        beat = self.playout.pull()
        self.report.frame(n, beat)
        self.frames.append((n, self.playout.now.line))
        self.clock += timedelta(seconds=1 / 25)
        await asyncio.sleep(1 / 25)

    def aired(self) -> list[tuple[str, int, int]]:
        """What was on air, from the playout itself: line, first and last frame."""
        runs: list[tuple[Line | None, int, int]] = []
        for n, said in self.frames:
            if runs and runs[-1][0] is said:
                runs[-1] = (said, runs[-1][1], n)
            else:
                runs.append((said, n, n))
        return [(said.id, first, last) for said, first, last in runs if said]


EVENTS = st.lists(st.tuples(st.integers(0, 130), st.sampled_from(["order", "take", "hold", "release", "jump"])))


@given(EVENTS)
@settings(max_examples=60, deadline=None)
def test_what_is_told_is_what_was_on_air(events: list[tuple[int, str]]) -> None:
    async def main() -> None:
        stage, n = Stage(), 0
        todo: dict[str, Callable[[], None]] = {
            "order": stage.order, "take": stage.playout.take, "hold": stage.playout.hold,
            "release": stage.playout.release,
        }  # fmt: skip
        for k in range(130):
            for what in [what for at, what in events if at == k]:
                if what in todo:
                    todo[what]()
                else:
                    n += 17  # the clock gave up some frames
            await stage.tick(n)
            n += 1
        stage.report.end()
        assert [(said.line.id, said.first, said.last) for said in stage.told] == stage.aired()
        for one, other in zip(stage.told, stage.told[1:], strict=False):
            assert one.last < other.first
            assert one.ended <= other.began
        for said in stage.told:
            words = said.text.split() + [said.broken] * bool(said.broken)
            assert words == TEXT.split()[: len(words)]
            assert said.cut or said.text == TEXT

    run(main())


def test_a_cut_line_is_told_as_far_as_it_was_said_and_is_said_anew() -> None:
    async def main() -> None:
        stage = Stage()
        for n in range(6):
            await stage.tick(n)
        assert stage.report.place == Place("a/0", 0, 0, 0, 0)
        now = stage.report.utterance
        assert now
        assert (now.line.id, now.last) == ("a0", 5)
        stage.order()
        for n in range(6, 40):
            await stage.tick(n)
        cut, ordered, again = stage.told[:3]
        assert (cut.line.id, cut.text, cut.broken, cut.cut) == ("a0", "one two", "three", "cut")
        assert (ordered.line.id, ordered.lane, ordered.text, ordered.cut) == ("op1", "operator", TEXT, "")
        assert (again.line.id, again.text, again.broken, again.voice) == ("a0", TEXT, "", "flite:slt")

    run(main())


def test_the_place_to_go_on_from() -> None:
    async def main() -> None:
        stage = Stage()
        await stage.tick(0)
        await stage.tick(1)
        await stage.tick(2)
        assert stage.report.place
        assert not stage.report.place.said
        stage.order()
        for n in range(3, 9):
            await stage.tick(n)
        assert stage.playout.now.lane == "operator"
        assert stage.report.place == Place("a/0", 0, 0, 0, 0)  # it waits to be said anew
        while stage.playout.now.line and stage.playout.now.line.id != "a0":
            await stage.tick(n := n + 1)
        await stage.tick(n := n + 1)
        stage.playout.hold()
        stage.playout.take()
        await stage.tick(n + 1)
        assert stage.playout.now.line is None
        assert stage.report.place == Place("a/0", 0, 0, 0, 0, said=True)  # the operator wanted no more of it
        assert stage.told[-1].cut == "cut"

    run(main())


def test_the_end_cuts_what_is_on_air_and_nothing_follows() -> None:
    async def main() -> None:
        stage = Stage()
        for n in range(6):
            await stage.tick(n)
        stage.report.end()
        stage.report.end()
        stage.playout.take()
        for n in range(6, 60):
            await stage.tick(n)
        assert [(said.line.id, said.cut, said.text) for said in stage.told] == [("a0", "end", "one two")]

    run(main())


def test_a_clip_that_outlasts_its_line_breaks_no_word() -> None:
    async def main() -> None:
        stage, n = Stage(), 0
        while not (stage.playout.now.line and stage.playout.now.line.id == "clip5"):
            await stage.tick(n := n + 1)
        for _ in range(BEATS + 1):
            await stage.tick(n := n + 1)
        stage.report.end()
        assert (stage.told[-1].line.id, stage.told[-1].text, stage.told[-1].broken) == ("clip5", TEXT, "")

    run(main())


def test_a_listener_that_fails_does_not_reach_the_tick() -> None:
    async def main() -> None:
        stage = Stage()

        def fail(said: Utterance) -> None:
            raise RuntimeError("no room")

        stage.report.told = fail
        for n in range(40):
            await stage.tick(n)
        assert stage.report.n == 39

    run(main())


def test_it_costs_next_to_nothing() -> None:
    async def main() -> None:
        stage = Stage()
        for n in range(4):
            await stage.tick(n)
        beat = stage.playout.pull()

        def once() -> float:
            start = perf_counter()
            for n in range(2000):
                stage.report.frame(n, beat)
            return (perf_counter() - start) / 2000

        assert min(once() for _ in range(5)) < 3e-6

    run(main())
