"""Whatever interrupts the show, every part of the rundown is said exactly once a round, in order: in virtual time."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from virtual import run

from host_engine.media import Beat, Face, Format
from host_engine.playout.ahead import Ahead
from host_engine.playout.idle import Idle
from host_engine.playout.lane import Cut, Lane
from host_engine.playout.playout import Playout
from host_engine.playout.report import Report
from host_engine.show.coverage import Coverage
from host_engine.show.rundown import Line, Place
from host_engine.show.script import Script, Show, load_show
from host_engine.show.spoken import tokens
from host_engine.show.utterance import Utterance

FORMAT = Format(fps=25)
WORD, LONG = 5, 20  # frames
SHOP = {
    "catalog.yaml": """\
name: tea
shop: Leaf
language: en
products:
  - {id: sencha, title: Sencha, description: A green tea., price: 15.00 EUR}
""",
    "rundown.yaml": """\
segments:
  - id: hello
    lines:
      - Welcome, all of you, to a shop, of which you will, I am sure, hear more.
      - Good, then we begin, as every day, with the tea.
  - id: tea
    product: sencha
    lines:
      - variants: ["Here, in this box, is {title}.", "Now, at last, comes {title}, which is green."]
      - It costs, today and tomorrow, {price}.
      - A long line that has more to say than fits in eight seconds, so that it is cut into parts, of which each is said
        by itself, one behind the other, until all of it has been said, and then, at last, it is over, and we go on.
""",
}


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Show:
    folder = tmp_path_factory.mktemp("shop")
    for name, text in SHOP.items():
        (folder / name).write_text(text)
    return load_show(folder)


class Run:
    """One run of an engine: from a place on, until it is killed or ended."""

    def __init__(self, show: Show, place: Place | None, ahead: int) -> None:
        self.script = Script(show, lambda: datetime(2026, 3, 1, tzinfo=UTC))
        if place:
            self.script.resume(place)
        self.coverage = Coverage(show.rundown, place=place)
        self.told: list[Utterance] = []
        self.asked: deque[Line] = deque()
        self.failing = 0  # lines that cannot be made
        self.stale: set[str] = set()
        self.count = 0
        self.operator = Lane("operator", self.make, cut=Cut.NOW)
        self.answers = Lane("answers", self.make, lambda: self.asked.popleft() if self.asked else None, cut=Cut.PAUSE)
        self.rundown = Lane("rundown", self.make, self.script.next)
        self.rundown.refused = self.refused
        playout = Playout([self.operator, self.answers, self.rundown], Idle(FORMAT), LONG)
        playout.backed = self.backed
        self.air = Ahead(playout, lambda face: None, ahead)
        self.report = Report(self.air, self.hear)
        self.report.place = place

    async def make(self, said: Line) -> AsyncIterator[Beat]:
        await asyncio.sleep(0.1)
        if self.failing and said.place:
            self.failing = 0
            raise RuntimeError("no voice")
        count, silence = WORD * len(said.tokens), np.zeros(FORMAT.samples, np.float32)
        for k in range(count):
            word = k // WORD
            pause = said.tokens[word].shown.endswith(",") and k % WORD in (2, 3)
            yield Beat(silence, Face(speaking=True), said, word, pause=pause, left=count - 1 - k)

    def refused(self, said: Line) -> None:
        self.rundown.clear()
        self.script.back(said)

    def backed(self, said: Line) -> bool:
        """A line whose facts have changed is false once; made anew, it is true."""
        if said.id in self.stale or "*" in self.stale:
            self.stale.clear()
            return said.place is None
        return True

    def hear(self, utterance: Utterance) -> None:
        self.told.append(utterance)
        self.coverage.said(utterance)

    def say(self, lane: str) -> None:
        self.count += 1
        text = "well, that is so, my dear"
        said = Line(f"{lane}{self.count}", text, tokens(text, "en", {}), "en", "s")
        if lane == "answer":
            self.asked.append(said)
        else:
            self.operator.add(said)


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 900),
        st.sampled_from(["operator", "answer", "two answers", "hold", "release", "fail", "stale", "kill", "end"]),
    ),
    max_size=14,
)


async def played(show: Show, events: list[tuple[int, str]], ahead: int) -> tuple[list[Utterance], Run]:
    at, n, told = Run(show, None, ahead), 0, list[Utterance]()
    for frame in range(1500):
        for what in [kind for when, kind in events if when == frame]:
            if what in ("operator", "answer"):
                at.say(what)
            elif what == "two answers":
                at.say("answer")
                at.say("answer")
            elif what == "hold":
                at.air.hold()
            elif what == "release" or (what == "hold" and frame > 890):
                at.air.release()
            elif what == "fail":
                at.failing = 1
            elif what == "stale":
                at.stale.add("*")
            elif what in ("kill", "end"):
                told += cut(at, what)
                at, n = Run(show, at.report.place, ahead), 0
        if frame == 901:
            at.air.release()
        at.report.frame(n, at.air.pull())
        n += 1
        await asyncio.sleep(1 / 25)
    told += cut(at, "kill")
    return told, at


def cut(at: Run, how: str) -> list[Utterance]:
    """All that a run has said, with what was on air at its end."""
    if how == "end":
        at.report.end()
    elif at.report.utterance:
        from dataclasses import replace

        at.hear(replace(at.report.utterance, cut="kill"))
    return at.told


def completed(told: list[Utterance]) -> list[tuple[int, str, int]]:
    """The parts in the order in which they were finished; fails where a word of one is left out or comes twice."""
    done, words = list[tuple[int, str, int]](), dict[Any, int]()
    for each in told:
        place = each.line.place
        if place is None:
            continue
        key = place.round, place.entry, place.part
        assert key not in done, f"{key} was said again"
        if each.start:
            assert words[key] == each.start, f"{key} went on with another word"
        words[key] = each.word + each.whole if each.cut else len(each.line.tokens)
        if words[key] == len(each.line.tokens) and not each.cut:
            done.append(key)
    return done


def expected(show: Show) -> Any:
    """The parts of the rundown for ever."""
    for number in itertools.count():
        for entry in show.rundown.entries:
            variant = entry.variant(number, False)
            assert variant
            yield from ((number, entry.id, part) for part in range(len(variant.parts)))


@given(EVENTS, st.sampled_from([0, 5]))
@settings(max_examples=60, deadline=None)
def test_every_part_is_said_exactly_once_a_round_in_order(
    show: Show, events: list[tuple[int, str]], ahead: int
) -> None:
    told, at = run(played(show, events, ahead))
    done = completed(told)
    assert done == list(itertools.islice(expected(show), len(done)))
    status = at.coverage.status()
    assert (status["skipped"], status["twice"]) == ([], [])
    assert status["round"] >= (1 if not events else 0)
    last = [each for each in told if each.line.place]
    assert len({(each.line.place.round) for each in last if each.line.place}) - 1 == status["round"]


def test_an_undisturbed_show_goes_round(show: Show) -> None:
    told, at = run(played(show, [], 0))
    status = at.coverage.status()
    last = {"round": status["round"] - 1, "said": status["of"], "of": status["of"], "skipped": [], "twice": []}
    assert status["last"] == last
    assert not any(each.cut for each in told[:-1])


def test_a_line_the_operator_goes_past_is_told_as_left_out(show: Show) -> None:
    async def main() -> None:
        at = Run(show, None, 0)
        for n in range(200):
            if n == 30:
                at.air.take()
            at.report.frame(n, at.air.pull())
            await asyncio.sleep(1 / 25)
        first = at.told[0].line
        assert at.told[0].cut == "cut"
        assert at.coverage.status()["skipped"] == [first.id]

    run(main())
