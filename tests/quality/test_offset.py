"""How far the mouth is ahead of the sound: right within 15 ms on the drawn host, whatever the shift."""

from __future__ import annotations

import numpy as np
import pytest

from host_engine.host.drawing import draw_host
from host_engine.host.mouth import LEAD
from host_engine.host.voice import open_voices
from host_engine.media import Phoneme
from host_engine.quality.closures import closures
from host_engine.quality.drawn import mouth_box, openness, perform
from host_engine.quality.offset import HERTZ, by_loudness, by_phonemes, loudness, offset, spoken
from host_engine.quality.take import RIG, Take, lips

FPS = 25
SAID = "Please put the blue bag in your basket before the big promotion ends, we have only five pieces left."
SHIFTS = (-133, -80, -40, 0, 40, 80, 133)  # ms


@pytest.fixture(scope="module")
def take() -> Take:
    """The drawn host says a line, as she is drawn."""
    speech = open_voices("espeak", "en", None).speak(SAID)
    artwork = draw_host("mira", "coral", 720)
    opening = openness(perform(speech, FPS, artwork), mouth_box(artwork), artwork.mouth_scale)
    return Take(FPS, opening, speech.samples, speech.phonemes)


def later(take: Take, ms: float) -> np.ndarray:
    """The opening of a mouth that moves `ms` later."""
    at = np.arange(len(take.opening))
    return np.interp(at - ms / 1000 * FPS, at, take.opening)


@pytest.mark.parametrize("ms", SHIFTS)
def test_a_shift_is_found_within_15_ms(take, ms):
    for sound in (loudness(take.samples), spoken(take.phonemes, len(take.opening) / FPS)):
        right, shifted = offset(take.opening, FPS, sound), offset(later(take, ms), FPS, sound)
        assert 1000 * (right.lead - shifted.lead) == pytest.approx(ms, abs=15)


def test_the_drawn_host_is_in_time(take):
    said, loud = by_phonemes(take.opening, FPS, take.phonemes), by_loudness(take.opening, FPS, take.samples)
    assert said.lead == pytest.approx(LEAD, abs=0.02)
    assert loud.lead == pytest.approx(LEAD, abs=0.025)
    assert said.correlation > 0.8
    assert loud.correlation > 0.5
    shut = closures(take.opening, FPS, take.phonemes, LEAD)
    assert shut.of >= 8
    assert shut.share == 1


def names(readings) -> set[str]:
    return {reading.name for reading in readings if reading.passed is False}


def test_the_drawn_host_passes_and_what_is_broken_fails_where_it_is_broken(take):
    assert not names(lips(take, RIG))
    late = Take(FPS, later(take, 100), take.samples, take.phonemes)
    assert "mouth ahead of the phonemes" in names(lips(late, RIG))
    never_shut = Take(FPS, np.maximum(take.opening, 0.3), take.samples, take.phonemes)
    assert "p, b and m that shut the lips" in names(lips(never_shut, RIG))
    still = Take(FPS, np.zeros_like(take.opening), take.samples, take.phonemes)
    assert {"agreement with the loudness", "agreement with the phonemes"} <= names(lips(still, RIG))


def test_a_shuffled_mouth_fails(take):
    shuffled = np.random.default_rng(0).permutation(take.opening)
    broken = names(lips(Take(FPS, shuffled, take.samples, take.phonemes), RIG))
    assert {"agreement with the loudness", "agreement with the phonemes", "roughness of the opening"} <= broken
    assert "flutters a minute" in broken


def test_another_lines_mouth_does_not_agree(take):
    backwards = Take(FPS, take.opening[::-1].copy(), take.samples, take.phonemes)
    assert "agreement with the phonemes" in names(lips(backwards, RIG))


@pytest.mark.parametrize("ms", [-200, -50, 0, 33, 310])
def test_the_offset_of_curves_alone(ms):
    """A mouth that is ahead has a positive lead."""
    t = np.arange(600) / HERTZ
    said = np.interp(t, np.linspace(0, 6, 40), np.random.default_rng(2).random(40))
    seen = np.interp((np.arange(150) + 0.5) / FPS + ms / 1000, t, said)
    found = offset(seen, FPS, said)
    assert 1000 * found.lead == pytest.approx(ms, abs=6)
    assert found.correlation > 0.9


@pytest.mark.parametrize("frames", [0, 1, 3, 20])
def test_what_is_too_short_agrees_with_nothing(frames):
    found = offset(np.arange(frames, dtype=float), FPS, np.arange(frames * 4, dtype=float))
    assert abs(found.lead) <= 0.4
    assert frames == 20 or found.correlation == 0


def test_closures_look_where_the_lips_should_be_shut():
    said = (Phoneme("a", 0.0, 0.4), Phoneme("b", 0.4, 0.5), Phoneme("a", 0.5, 1.0))
    opening = np.ones(25)
    assert closures(opening, FPS, said, 0) == (0, 1)
    opening[11] = 0.05  # 440 to 480 ms
    assert closures(opening, FPS, said, 0) == (1, 1)
    assert closures(opening, FPS, said, 0.2) == (0, 1)
    assert closures(np.zeros(0), FPS, said, 0) == (0, 0)
