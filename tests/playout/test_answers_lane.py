"""An answer comes in a pause of a long line, which goes on there: nothing is skipped, nothing is said twice."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable

import numpy as np
from virtual import run

from host_engine.media import Beat, Face, Format
from host_engine.playout.ahead import Ahead
from host_engine.playout.idle import Idle
from host_engine.playout.lane import Cut, Lane
from host_engine.playout.playout import Playout
from host_engine.playout.report import Report
from host_engine.show.rundown import Line, Place
from host_engine.show.spoken import tokens
from host_engine.show.utterance import Utterance

FORMAT = Format(fps=25)
LONG = 100
TEXT = "one two, three four, five six, seven eight."
FRAMES = 320  # of a line of the rundown: 40 a word, the last ten before a comma are quiet


def line(id: str, text: str = TEXT, place: Place | None = None) -> Line:
    return Line(id, text, tokens(text, "en", {}), "en", "s", place=place)


class Stage:
    """A playout with three lanes; each beat of the rundown carries its number in its samples."""

    def __init__(self, ahead: int | None = None) -> None:
        self.count = 0
        self.asked: deque[Line] = deque()
        self.told: list[Utterance] = []
        self.beats: list[Beat] = []
        self.broken: set[str] = set()
        self.operator = Lane("operator", self.make, cut=Cut.NOW)
        self.answers = Lane("answers", self.make, lambda: self.asked.popleft() if self.asked else None, cut=Cut.PAUSE)
        self.rundown = Lane("rundown", self.make, self.next)
        self.playout = Playout([self.operator, self.answers, self.rundown], Idle(FORMAT), LONG)
        self.air = self.playout if ahead is None else Ahead(self.playout, lambda face: None, ahead)
        self.report = Report(self.air, self.told.append)
        self.n = 0

    async def make(self, said: Line) -> AsyncIterator[Beat]:
        if said.id in self.broken:
            self.broken.discard(said.id)
            raise RuntimeError("no voice")
        count = FRAMES if said.id.startswith("a") else 25
        for k in range(count):
            pause = k % 80 >= 70 and k < 300 and said.id.startswith("a")
            sound = np.full(FORMAT.samples, 0.0 if pause else k + 1, np.float32)
            yield Beat(sound, Face(speaking=True), said, k // 40, pause=pause and k % 80 < 79, left=count - 1 - k)

    def next(self) -> Line:
        self.count += 1
        return line(f"a{self.count}", place=Place(f"a/{self.count}", 0, 0, 0, 0))

    async def play(self, frames: int, events: dict[int, Callable[[], object]] | None = None) -> list[tuple[str, int]]:
        for _ in range(frames):
            if what := (events or {}).get(self.n):
                what()
            beat = self.air.pull()
            self.report.frame(self.n, beat)
            self.beats.append(beat)
            self.n += 1
            await asyncio.sleep(1 / 25)
        return self.heard()

    def heard(self) -> list[tuple[str, int]]:
        runs: list[tuple[str, int]] = []
        for beat in self.beats:
            name = beat.line.id if beat.line else "idle"
            if runs and runs[-1][0] == name:
                runs[-1] = (name, runs[-1][1] + 1)
            else:
                runs.append((name, 1))
        return runs

    def numbers(self, id: str) -> list[int]:
        """The numbers of the beats of a line, as they were on air; pauses are left out."""
        return [int(b.samples[-1]) for b in self.beats if b.line and b.line.id == id and b.samples[-1]]


EVERY = [k + 1 for k in range(FRAMES) if not (k % 80 >= 70 and k < 300)]


def test_an_answer_comes_in_the_next_pause_and_the_line_goes_on_exactly_there() -> None:
    async def main() -> None:
        stage = Stage()
        heard = await stage.play(500, {20: lambda: stage.asked.append(line("q", "yes"))})
        names = [name for name, _ in heard]
        assert names[1:5] == ["a1", "q", "a1", "a2"]
        assert heard[1][1] == 71  # as far as the first quiet frame behind "two,"
        assert heard[1][1] + heard[3][1] == FRAMES
        assert stage.numbers("a1") == EVERY
        first, answer, rest = stage.told[:3]
        assert (first.cut, first.text, first.broken, answer.lane) == ("pause", "one two,", "", "answers")
        assert (rest.cut, rest.start, rest.text) == ("", 2, "three four, five six, seven eight.")

    run(main())


def test_a_line_that_is_nearly_over_is_said_to_its_end() -> None:
    async def main() -> None:
        stage = Stage()
        heard = await stage.play(500, {240: lambda: stage.asked.append(line("q", "yes"))})
        assert heard[1:4] == [("a1", FRAMES), ("q", 25), ("a2", 500 - 1 - FRAMES - 25)]
        assert stage.told[0].cut == ""

    run(main())


def test_several_answers_and_then_the_rest_and_again_in_its_next_pause() -> None:
    async def main() -> None:
        stage = Stage()
        both = lambda: stage.asked.extend([line("q1", "yes"), line("q2", "no")])  # noqa: E731
        await stage.play(700, {5: both, 170: lambda: stage.asked.append(line("q3", "so"))})
        names = [name for name, _ in stage.heard()]
        assert names[1:7] == ["a1", "q1", "q2", "a1", "q3", "a1"]
        assert stage.numbers("a1") == EVERY
        said = [u.text for u in stage.told if u.line.id == "a1"]
        assert " ".join(said) == TEXT

    run(main())


def test_the_sound_is_faded_over_one_frame_on_both_sides() -> None:
    async def main() -> None:
        stage = Stage()
        await stage.play(200, {20: lambda: stage.asked.append(line("q", "yes"))})
        at = next(k for k, beat in enumerate(stage.beats) if beat.line and beat.line.id == "q")
        assert stage.beats[at].samples[0] == 0.0  # from the quiet that the line was left in
        assert stage.beats[at].samples[-1] == 1.0
        back = next(k for k, beat in enumerate(stage.beats) if k > at and beat.line and beat.line.id == "a1")
        assert stage.beats[back].samples[0] == 0.0

    run(main())


def test_the_operator_cuts_an_answer_which_is_said_anew_before_the_line_goes_on() -> None:
    async def main() -> None:
        stage = Stage()
        events = {20: lambda: stage.asked.append(line("q", "yes")), 80: lambda: stage.operator.add(line("op", "stop"))}
        await stage.play(520, events)
        names = [name for name, _ in stage.heard()]
        assert names[1:7] == ["a1", "q", "op", "q", "a1", "a2"]
        assert stage.heard()[4] == ("q", 25)
        assert stage.numbers("a1") == EVERY

    run(main())


def test_the_place_to_go_on_from_during_an_answer_is_the_line_that_waits() -> None:
    async def main() -> None:
        stage = Stage()
        await stage.play(80, {20: lambda: stage.asked.append(line("q", "yes"))})
        assert stage.playout.now.lane == "answers"
        assert stage.report.place == Place("a/1", 0, 0, 0, 0)
        await stage.play(60)
        assert stage.playout.now.line is not None
        assert stage.playout.now.line.id == "a1"
        assert stage.report.place == Place("a/1", 0, 0, 0, 0)

    run(main())


def test_while_held_nobody_is_answered() -> None:
    async def main() -> None:
        stage = Stage()
        events = {10: stage.playout.hold, 20: lambda: stage.asked.append(line("q", "yes")), 450: stage.playout.release}
        await stage.play(520, events)
        assert [name for name, _ in stage.heard()][1:5] == ["a1", "idle", "q", "a2"]

    run(main())


def test_a_filmed_host_is_interrupted_the_same_way_a_little_later() -> None:
    async def main() -> None:
        stage = Stage(ahead=5)
        await stage.play(560, {20: lambda: stage.asked.append(line("q", "yes"))})
        names = [name for name, _ in stage.heard()]
        assert names[1:5] == ["a1", "q", "a1", "a2"]
        assert stage.numbers("a1") == EVERY
        assert [(u.cut, u.start) for u in stage.told[:3]] == [("pause", 0), ("", 0), ("", 2)]

    run(main())


def test_who_takes_the_next_line_while_a_pause_is_on_its_way_does_not_get_this_one_back() -> None:
    async def main() -> None:
        stage = Stage(ahead=5)
        await stage.play(21, {20: lambda: stage.asked.append(line("q", "yes"))})
        while stage.playout.now.lane != "answers":
            await stage.play(1)
        assert stage.air.now.line is not None
        assert stage.air.now.line.id == "a1"
        stage.air.take(expect="a1")
        await stage.play(100)
        assert [name for name, _ in stage.heard()][1:] == ["a1", "q", "a2"]

    run(main())


def test_the_air_is_kept_free_between_the_lines_of_one_answer_but_not_for_ever() -> None:
    async def main() -> None:
        stage = Stage()
        stage.answers.follows = lambda said: said.id == "q1"
        late = {20: lambda: stage.asked.append(line("q1", "well")), 120: lambda: stage.asked.append(line("q2", "yes"))}
        await stage.play(300, late)
        assert [name for name, _ in stage.heard()][1:6] == ["a1", "q1", "idle", "q2", "a1"]
        stage = Stage()
        stage.answers.follows = lambda said: True
        await stage.play(300, {20: lambda: stage.asked.append(line("q1", "well"))})
        assert [(name, frames) for name, frames in stage.heard()][2:4] == [("q1", 25), ("idle", 50)]
        assert stage.heard()[4][0] == "a1"

    run(main())


def test_what_is_not_backed_any_more_is_not_said_and_counted() -> None:
    async def main() -> None:
        stage, told = Stage(), list[str]()
        stage.playout.backed = lambda said: said.id not in ("q", "a2")
        stage.answers.refused = stage.rundown.refused = lambda said: told.append(said.id)
        await stage.play(700, {20: lambda: stage.asked.append(line("q", "it costs five"))})
        assert [name for name, _ in stage.heard()][1:3] == ["a1", "a3"]
        assert told == ["q", "a2"]
        assert stage.playout.refused == 2

    run(main())


def test_a_check_that_raises_keeps_nobody_from_speaking(caplog: object) -> None:
    async def main() -> None:
        stage = Stage()

        def broken(said: Line) -> bool:
            raise RuntimeError("a fault of the test")

        stage.playout.backed = broken
        await stage.play(330)
        assert [name for name, _ in stage.heard()] == ["idle", "a1", "a2"]

    run(main())


def test_a_line_that_fails_once_is_not_skipped() -> None:
    async def main() -> None:
        stage = Stage()
        stage.broken = {"a2", "a3"}
        await stage.play(3 * FRAMES + 50)
        assert [name for name, _ in stage.heard() if name != "idle"] == ["a1", "a2", "a3", "a4"]

    run(main())


def test_the_border_is_told_ahead() -> None:
    async def main() -> None:
        stage = Stage()
        assert stage.playout.border == 0
        await stage.play(2)
        seen = {}
        for _ in range(FRAMES):
            seen[stage.n] = stage.playout.border
            await stage.play(1)
        assert seen[10] is None  # its next pause is more than two seconds away
        assert seen[60] == 71 - 59
        assert seen[300] == FRAMES - 299

    run(main())
