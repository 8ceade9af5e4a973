"""A toy of a Whisper, built here, that says what it was made to say: loading and decoding are the real ones."""

import numpy as np
import pytest
from spoken import RATE

from host_engine.audience.ears.guards import refusal
from host_engine.audience.ears.whisper import Whisper

NOISE = np.random.default_rng(0).normal(0, 0.1, 3 * RATE).astype(np.float32)


def test_a_model_is_loaded_and_says_what_it_says(toy_whisper):
    ears = Whisper(toy_whisper, "toy", 1)
    heard = ears.hear(NOISE, None)
    assert heard.text == "wie teuer ist die Kanne"
    assert heard.language == "de"
    assert heard.no_speech < 0.1
    assert heard.logprob > -0.5
    assert refusal(heard, 3.0) == ""
    assert ears.name == "whisper:toy"
    assert ears.languages is None


@pytest.mark.parametrize("language", ["de-AT", "fr", "cmn", "xx", ""])
def test_any_language_that_people_write_is_taken(toy_whisper, language):
    assert Whisper(toy_whisper, "toy", 1).hear(NOISE, language).text == "wie teuer ist die Kanne"


def test_a_sound_is_encoded_once_though_its_language_is_looked_for(toy_whisper):
    ears = Whisper(toy_whisper, "toy", 1)
    calls = []
    inner = ears._model.model
    ears._model.model = Counting(inner, calls)
    ears.hear(NOISE, None)
    assert len(calls) == 1


class Counting:
    def __init__(self, of, calls):
        self._of, self._calls = of, calls

    def __getattr__(self, name):
        return getattr(self._of, name)

    def encode(self, *arguments, **named):
        self._calls.append(1)
        return self._of.encode(*arguments, **named)


def test_a_transcript_is_cut_before_it_runs_away(toy_whisper):
    assert "Kanne" not in Whisper(toy_whisper, "toy", 1, tokens=2).hear(NOISE, None).text


def test_a_broken_model_is_told(tmp_path):
    (tmp_path / "model.bin").write_bytes(b"not a model")
    with pytest.raises((RuntimeError, ValueError)):
        Whisper(tmp_path, "broken", 1)
