"""The coverage map, told of utterances by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from host_engine.show.coverage import Coverage
from host_engine.show.rundown import Line
from host_engine.show.script import Script, load_show
from host_engine.show.utterance import Cut, Utterance

NOW = datetime(2026, 3, 1, tzinfo=UTC)  # without a sale: four lines a round
Shop = Callable[..., Path]


def said(line: Line, word: int = -1, cut: Cut = "", start: int = 0, whole: bool = True) -> Utterance:
    return Utterance(line, "rundown", "v", 0, 1, NOW, NOW, word, whole, cut, start)


@pytest.fixture
def script(shop: Shop) -> Script:
    return Script(load_show(shop()), lambda: NOW)


def test_a_round_that_was_said_whole(script: Script) -> None:
    coverage = Coverage(script.show.rundown)
    assert coverage.status() == {"round": 0, "said": 0, "of": 4, "skipped": [], "twice": [], "last": None}
    for _ in range(5):
        coverage.said(said(script.next()))
    status = coverage.status()
    assert (status["round"], status["said"], status["of"]) == (1, 1, 4)
    assert status["last"] == {"round": 0, "said": 4, "of": 4, "skipped": [], "twice": []}


def test_what_was_left_out_and_what_came_twice(script: Script) -> None:
    coverage = Coverage(script.show.rundown)
    lines = [script.next() for _ in range(4)]
    coverage.said(said(lines[0]))
    coverage.said(said(lines[2]))
    coverage.said(said(lines[2]))
    status = coverage.status()
    assert status["skipped"] == [lines[1].id]
    assert status["twice"] == [lines[2].id]


def test_a_line_that_was_cut_and_is_said_anew_is_said_once(script: Script) -> None:
    coverage = Coverage(script.show.rundown)
    line = script.next()
    coverage.said(said(line, word=1, cut="cut", whole=False))
    assert coverage.status()["said"] == 0
    coverage.said(said(line))
    assert (coverage.status()["said"], coverage.status()["twice"]) == (1, [])


def test_a_line_that_goes_on_after_a_pause_must_go_on_with_the_next_word(script: Script) -> None:
    line = [script.next() for _ in range(4)][3]
    whole, gap, overlap = (Coverage(script.show.rundown) for _ in range(3))
    for coverage, start in ((whole, 2), (gap, 3), (overlap, 1)):
        coverage.said(said(line, word=1, cut="pause"))
        coverage.said(said(line, start=start))
    assert (whole.status()["said"], whole.status()["twice"]) == (1, [])
    assert (gap.status()["said"], gap.status()["twice"]) == (0, [])
    assert (overlap.status()["said"], overlap.status()["twice"]) == (1, [line.id])


def test_what_an_earlier_run_has_said_counts(script: Script) -> None:
    place = [script.next() for _ in range(3)][2].place
    assert place is not None
    coverage = Coverage(script.show.rundown, place=place)
    assert (coverage.status()["said"], coverage.status()["skipped"]) == (2, [])
    after = Coverage(script.show.rundown, place=place._replace(said=True))
    assert after.status()["said"] == 3


def test_another_rundown(script: Script, shop: Shop) -> None:
    coverage = Coverage(script.show.rundown)
    coverage.said(said(script.next()))
    place = script.next().place
    changed = load_show(shop(("      - Look at the pot for {price}.\n", "      - Look.\n      - And the pot.\n")))
    coverage.swap(changed.rundown, place)
    assert (coverage.status()["said"], coverage.status()["of"]) == (1, 5)


def test_answers_are_no_part_of_the_rundown(script: Script) -> None:
    coverage = Coverage(script.show.rundown)
    coverage.said(said(Line("q", "yes", (), "en", "s")))
    assert coverage.status()["said"] == 0
