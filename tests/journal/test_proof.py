"""What the as-run log proves of mandatory lines, over restarts and cuts; and the history that outlives a restart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from host_engine.journal.mark import Mark, read_mark
from host_engine.journal.proof import proofs
from host_engine.journal.row import compact, fact, utterance
from host_engine.show.history import History, read_history
from host_engine.show.rundown import Line, Place
from host_engine.show.utterance import Utterance

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
LINE = Line("mandatory/ai", "I am an AI.", (), "en", "mandatory", mandatory="ai")


def said(minute: float, run: str = "r", line: Line = LINE, cut: Any = "") -> dict[str, Any]:
    began = START + timedelta(minutes=minute)
    return dict(
        utterance("x", run, Utterance(line, "mandatory", "v", 0, 9, began, began + timedelta(seconds=4), cut=cut))
    )


def told(minute: float, run: str = "r") -> dict[str, Any]:
    return dict(fact("x", run, "start", "", 0, START + timedelta(minutes=minute), {}))


def test_the_longest_time_without_it() -> None:
    (proof,) = proofs([told(0), said(10), said(24), told(30)])
    assert (proof.id, proof.times, proof.longest) == ("ai", 2, 14 * 60)
    assert (proof.since, proof.until) == (START + timedelta(minutes=10), START + timedelta(minutes=24))


def test_the_time_before_the_first_and_after_the_last_counts() -> None:
    assert proofs([told(0), said(16), told(20)])[0].longest == 16 * 60
    assert proofs([told(0), said(1), told(20)])[0].longest == 19 * 60
    assert proofs([told(0), told(20)], ["ai"])[0].longest == 20 * 60


def test_time_off_air_does_not_count_but_what_was_before_it_does() -> None:
    rows = [told(0), said(5), told(15), told(600, "second"), said(604, "second")]
    (proof,) = proofs(rows)
    assert (proof.times, proof.longest) == (2, 14 * 60)


def test_what_was_cut_and_later_parts_do_not_count() -> None:
    part = replace(LINE, id="mandatory/ai:1")
    (proof,) = proofs([told(0), said(5, cut="cut"), said(8, line=part), said(12), told(13)])
    assert (proof.times, proof.cut, proof.longest) == (1, 1, 12 * 60)


def test_what_could_only_be_read_does_not_count() -> None:
    (proof,) = proofs([told(0), said(5) | {"voice": "nobody"}, said(12), told(13)])
    assert (proof.times, proof.unspoken, proof.longest) == (1, 1, 12 * 60)


def test_a_line_of_the_rundown_that_says_the_same_counts() -> None:
    same = Line("hello/1", "I am an AI.", (), "en", "hello", mandatory="ai")
    assert proofs([told(0), said(3, line=same)])[0].times == 1


def test_rows_that_somebody_altered_are_passed_over() -> None:
    altered = said(3) | {"details": "{"}
    assert proofs([told(0), altered, said(4) | {"began": "soon"}]) == []


def test_the_history_is_kept_with_the_place() -> None:
    history = History(since=1.0).begun("tea", 2.5).told("ai", 3.25)
    place = Place("a/1", 0, 0, 0, 1)
    written = Mark("r", "2026", 1, place, None, history=replace(history, back=("b/2", 4)).written()).written()
    again = read_history(read_mark(written).history)
    assert again == replace(history, back=("b/2", 4))
    old = compact({"run": "r", "at": "2026", "frame": 1, "place": None, "on_air": None})
    assert read_history(read_mark(old).history) == History()
    with pytest.raises(ValueError, match="should be of the kind dict"):
        read_mark(compact({"run": "r", "at": "", "frame": 1, "place": None, "on_air": None, "history": [1]}))
