"""Speech to learn from: in time with its mouths, in many voices, the same for the same seed."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from host_engine.host.voices.espeak import EspeakVoice
from host_engine.media import REST
from host_engine.neural.small.mel import BANDS, STEPS
from host_engine.training.talk import hastened, paused, silent, talk, told, voices
from host_engine.training.talks import Talks
from host_engine.training.texts import WORDS, text


def test_a_talk_has_a_mouth_for_each_window_and_follows_from_its_seed() -> None:
    speaking = voices()
    first, again, other = (talk(speaking, Random(seed)) for seed in (3, 3, 4))
    assert first.windows.shape == (len(first.shapes), STEPS, BANDS)
    assert first.shapes.shape == (len(first.windows), 6)
    assert np.array_equal(first.windows, again.windows)
    assert np.array_equal(first.shapes, again.shapes)
    assert first.windows.shape != other.windows.shape or not np.array_equal(first.windows, other.windows)


def test_who_says_nothing_keeps_the_mouth_at_rest() -> None:
    quiet = silent(Random(2))
    assert np.array_equal(quiet.shapes, np.tile(np.array(REST, np.float32), (50, 1)))
    assert np.isfinite(quiet.windows).all()


def test_faster_speech_is_shorter_and_keeps_its_phonemes_in_time() -> None:
    speech = EspeakVoice("en-us").speak("Maybe five more people.")
    faster = hastened(speech, 1.25)
    assert faster.seconds == pytest.approx(speech.seconds / 1.25, abs=0.001)
    assert [p.symbol for p in faster.phonemes] == [p.symbol for p in speech.phonemes]
    assert faster.phonemes[-1].end <= faster.seconds + 1e-6


def test_pauses_move_the_phonemes_along() -> None:
    speech = EspeakVoice("en-us").speak("Buy it.")
    moved = paused(speech, Random(1))
    begin = moved.phonemes[0].start - speech.phonemes[0].start
    assert begin > 0
    assert moved.samples[round(begin * 48_000) :][: len(speech.samples)] == pytest.approx(speech.samples)


def test_loud_windows_have_open_mouths() -> None:
    from host_engine.neural.hearing import at_16k

    speech = EspeakVoice("de").speak("Bitte beachten Sie unser Angebot, die Pumpe aus Bambus.")
    given = told(speech, at_16k(speech.samples))
    loud = given.windows.astype(np.float32)[:, 8:16].mean((1, 2))
    assert np.corrcoef(loud, given.shapes[:, 0])[0, 1] > 0.5


@pytest.mark.parametrize("language", sorted(WORDS))
def test_texts_are_words_of_the_language(language: str) -> None:
    said = [text(language, Random(seed)) for seed in range(40)]
    assert len(set(said)) == 40
    known = set(WORDS[language].split())
    spoken = [word.strip(",.!?") for each in said for word in each.split()]
    assert 0.6 < np.mean([word in known for word in spoken]) < 1


def test_frames_are_drawn_from_all_talks() -> None:
    talks = Talks(5, 4)
    windows, mouths = talks.frames(300)
    assert windows.shape == (300, STEPS, BANDS)
    assert mouths.shape == (300, 6)
    assert len(np.unique(windows.numpy().reshape(300, -1), axis=0)) > 100
