"""The model of how long sentences take."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.rehearsal.durations import FITTED, Model, fit, spoken
from host_engine.rehearsal.heard import OnAir, Rehearsed
from host_engine.rehearsal.repetition import repetition
from host_engine.show.languages import LANGUAGES
from host_engine.show.rundown import Line

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@given(st.text(max_size=80), st.sampled_from(sorted(LANGUAGES)))
def test_every_sentence_takes_some_time(text: str, language: str) -> None:
    assert 0.4 <= spoken(text, language) < 60


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_more_words_take_longer(language: str) -> None:
    assert spoken("one two three four five six", language) > spoken("one two three", language) + 0.3


def test_a_voice_that_keeps_to_a_model_is_found_out() -> None:
    true, chance = FITTED["en"], random.Random(3)
    texts = [
        " ".join(chance.choices(["tea", "pots,", "and", "kettles.", "Assam"], k=chance.randint(2, 14)))
        for _ in range(60)
    ]
    lengths = [spoken(text, "en") for text in texts]
    assert fit(texts, lengths) == pytest.approx(true, abs=0.02)
    with pytest.raises(ValueError, match="too few"):
        fit(texts[: len(Model._fields)], lengths[: len(Model._fields)])


def said(*texts: tuple[float, str]) -> Rehearsed:
    made = Rehearsed(BEGIN, 7200, 0)
    made.said = [OnAir(at, 3, "rundown", Line(f"s/{n}", text, (), "en", "s")) for n, (at, text) in enumerate(texts)]
    return made


def test_repetition_counts_what_came_within_the_hour_before() -> None:
    found = repetition(said((0, "a b"), (10, "c d"), (1800, "a b"), (3650, "c d"), (5600, "e f")))
    assert (found["repeated"], found["sentences"], found["score"]) == (1, 5, 0.2)
    assert found["most_in_an_hour"] == [{"text": "a b", "times": 2}]
    assert repetition(said())["score"] == 0
    assert repetition(said((0, "x y z"), (5, "x y z")))["distinct_2"] == 0.5
