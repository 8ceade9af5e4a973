"""The clock of the show on the real lanes: mandatory lines in time whatever else is said, segments at their time."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from host_engine.alarms import Alarms
from host_engine.channel.on_air.scheduling import MANDATORY, STUCK, Scheduling
from host_engine.channel.studio.record import both
from host_engine.media import Beat, Face, Format
from host_engine.playout.idle import Idle
from host_engine.playout.lane import Cut, Lane
from host_engine.playout.playout import Playout
from host_engine.playout.report import Report
from host_engine.show.history import read_history
from host_engine.show.rundown import Line
from host_engine.show.script import Script, Show, load_show
from host_engine.show.spoken import tokens
from host_engine.show.utterance import Utterance
from tests.virtual import run

FORMAT = Format(160, 160)
BEGIN = datetime(2026, 3, 2, 11, 58, 30, tzinfo=UTC)
LINE = 4.0  # seconds that each line takes
CATALOG = """\
name: tea
shop: Leaf
language: en
products:
  - {id: pot, title: Pot, description: A pot., price: 40.00 EUR}
"""
RUNDOWN = """\
zone: UTC
mandatory:
  - {id: ai, every: 2m, text: I am an AI host.}
segments:
  - id: hello
    lines: [One., Two., Three., Four., Five.]
  - id: pot
    product: pot
    lines: [Look at the pot., It is round.]
"""


@pytest.fixture
def show_of(tmp_path: Path) -> Callable[[str], Show]:
    def made(more: str = "") -> Show:
        (tmp_path / "catalog.yaml").write_text(CATALOG)
        (tmp_path / "rundown.yaml").write_text(RUNDOWN + more)
        return load_show(tmp_path)

    return made


class OnAir:
    """The lanes of a channel, on which each line takes some seconds, and the clock of the show beside them."""

    def __init__(self, show: Show, begin: datetime = BEGIN) -> None:
        self.begin = begin
        self.script = Script(show, self.now)
        self.asked: deque[Line] = deque()
        self.told: list[Utterance] = []
        self.alarms = Alarms(self.now)
        lanes = [Lane("operator", self.make, cut=Cut.NOW), Lane("mandatory", self.make)]
        lanes.append(Lane("answers", self.make, lambda: self.asked.popleft() if self.asked else None, cut=Cut.PAUSE))
        lanes.append(Lane("rundown", self.make, self.script.next))
        self.operator, self.mandatory, self.answers, self.rundown = lanes
        self.playout = Playout(lanes, Idle(FORMAT), 1000)
        studio: Any = SimpleNamespace(
            script=self.script, playout=self.playout, rundown=self.rundown, answers=self.answers,
            mandatory=self.mandatory, voices=SimpleNamespace(speak=lambda said: None),
        )  # fmt: skip
        self.schedule = Scheduling(studio, self.alarms, self.now)
        self.report = Report(self.playout, both(self.told.append, self.schedule.said), self.now)
        self.report.changed = self.schedule.changed

    def now(self) -> datetime:
        try:
            return self.begin + timedelta(seconds=asyncio.get_running_loop().time())
        except RuntimeError:
            return self.begin

    async def make(self, line: Line) -> AsyncIterator[Beat]:
        await asyncio.sleep(0.2)
        silence, count = np.zeros(FORMAT.samples, np.float32), int(LINE * 25)
        for k in range(count):
            yield Beat(silence, Face(speaking=True), line, min(k // 10, len(line.tokens) - 1), left=count - 1 - k)

    async def on_air(self, seconds: float, every_frame: Callable[[int], None] = lambda n: None) -> None:
        job = asyncio.create_task(self.schedule.run())
        try:
            for n in range(int(seconds * 25)):
                every_frame(n)
                self.report.frame(n, self.playout.pull())
                await asyncio.sleep(0.04)
        finally:
            job.cancel()
            for lane in self.playout.lanes:
                lane.clear()

    def ask(self, count: int) -> None:
        for n in range(count):
            self.asked.append(Line(f"answer/{n}", "Yes.", tokens("Yes.", "en", {}), "en", "answers"))

    def said(self, what: Callable[[Line], bool]) -> list[float]:
        """When such lines came on air, in seconds."""
        return [(each.began - self.begin).total_seconds() for each in self.told if what(each.line)]


def is_mandatory(line: Line) -> bool:
    return line.mandatory == "ai"


def is_flash(line: Line) -> bool:
    return line.segment == "flash"


@pytest.mark.parametrize("questions", [0, 200])
def test_mandatory_lines_come_in_time_even_while_viewers_ask_without_end(
    show_of: Callable[[str], Show], questions: int
) -> None:
    air = OnAir(show_of(""))
    air.ask(questions)
    run(air.on_air(600))
    times = [0.0, *air.said(is_mandatory)]
    assert len(times) == 6
    assert all(90 < after - before <= 120 for before, after in pairwise(times))
    assert not air.alarms.raised


def test_one_that_the_operator_cuts_comes_again(show_of: Callable[[str], Show]) -> None:
    air, cuts = OnAir(show_of("")), []

    def cut_once(n: int) -> None:
        line = air.playout.now.line
        if line is not None and line.mandatory and not cuts:
            cuts.append(n / 25)
            air.playout.take()

    run(air.on_air(200, cut_once))
    first, second = air.said(is_mandatory)[:2]
    assert 20 <= second - first <= 20 + 2 * LINE
    assert next(iter(air.script.history.said.values())).times == 1


def test_while_the_show_is_held_somebody_is_told(show_of: Callable[[str], Show]) -> None:
    air, raised = OnAir(show_of("")), set()

    def look(n: int) -> None:
        if n == 10:
            air.playout.hold()
        if n == 25 * 200:
            raised.update(alarm.name for alarm in air.alarms.raised)
            air.playout.release()

    run(air.on_air(240, look))
    assert raised == {MANDATORY}
    assert not air.alarms.raised
    assert 200 <= air.said(is_mandatory)[0] <= 200 + 2 * LINE


def test_a_segment_comes_at_its_time_at_the_end_of_the_sentence(show_of: Callable[[str], Show]) -> None:
    air = OnAir(show_of('  - {id: flash, at: "12:00", lines: [Now it begins., And it goes on.]}\n'))
    run(air.on_air(150))
    first, second = air.said(is_flash)
    assert 90 <= first <= 90 + LINE + 0.5
    assert second - first == pytest.approx(LINE, abs=0.5)
    texts = [each.line.text for each in air.told if each.line.place and not each.cut]
    at = texts.index("Now it begins.")
    order = ["One.", "Two.", "Three.", "Four.", "Five.", "Look at the pot.", "It is round."]
    before, after = order.index(texts[at - 1]), order.index(texts[at + 2])
    assert after == (before + 1) % len(order)  # nothing is lost and nothing said twice


def test_a_sharp_one_cuts_the_line_on_air_and_answers(show_of: Callable[[str], Show]) -> None:
    air = OnAir(show_of('  - {id: flash, at: "12:00", sharp: true, lines: [Now it begins.]}\n'))
    air.ask(100)
    run(air.on_air(110))
    (first,) = air.said(is_flash)
    assert 90 <= first <= 91
    assert air.answers.held is False
    assert air.told[[each.line.segment for each in air.told].index("flash") - 1].cut == "cut"


def test_an_operator_is_never_cut(show_of: Callable[[str], Show]) -> None:
    air = OnAir(show_of('  - {id: flash, at: "12:00", sharp: true, lines: [Now it begins.]}\n'))

    def order(n: int) -> None:
        if n == int(88.5 * 25):
            air.operator.add(Line("order", "News.", tokens("News.", "en", {}), "en", "operator"))

    run(air.on_air(110, order))
    assert [each.cut for each in air.told if each.line.id == "order"] == [""]
    assert len(air.said(is_flash)) == 1


def test_what_was_kept_is_known_after_a_restart(show_of: Callable[[str], Show]) -> None:
    show = show_of("  - {id: once, at-most: 1 per hour, lines: [Only once.]}\n")
    first = OnAir(show)
    run(first.on_air(110))
    kept, place = json.loads(json.dumps(first.script.history.written())), first.report.place
    assert place is not None
    again = OnAir(show, BEGIN + timedelta(seconds=115))
    again.script.history = read_history(kept)
    again.script.resume(place, show.rundown.outline)
    run(again.on_air(110))
    assert len([each for each in (*first.told, *again.told) if each.line.segment == "once" and not each.cut]) == 1
    said = [each.began for each in (*first.told, *again.told) if each.line.mandatory and not each.cut]
    assert [(at - BEGIN).total_seconds() for at in said] == pytest.approx([102, 205], abs=12)


def test_rules_that_leave_nothing_are_an_alarm(tmp_path: Path) -> None:
    (tmp_path / "catalog.yaml").write_text(CATALOG.replace("price: 40", "availability: out_of_stock, price: 40"))
    (tmp_path / "rundown.yaml").write_text("segments:\n  - {id: pot, product: pot, lines: [Look.]}\n")
    air = OnAir(load_show(tmp_path))
    run(air.on_air(20))
    assert {alarm.name for alarm in air.alarms.raised} == {STUCK}
    assert len(air.told) >= 3
    assert air.schedule.status()["stuck"]
