"""What the small network hears: in time, at one loudness, for any length."""

from __future__ import annotations

import numpy as np
import pytest

from host_engine.neural.small.mel import BANDS, BEFORE, STEPS, bands, levelled, loudness, windows

RATE = 16_000


def tone(hertz: float, seconds: float = 1.0, loud: float = 0.3) -> np.ndarray:
    return (loud * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


@pytest.mark.parametrize("fps", [25, 30, 50])
@pytest.mark.parametrize("length", [0, 1, 639, 640, 641, 16_000, 25_333])
def test_there_is_a_window_for_each_frame_begun(length: int, fps: int) -> None:
    heard = windows(np.ones(length, np.float32) * 0.1, fps)
    assert heard.shape == (-(-length * fps // RATE), STEPS, BANDS)
    assert heard.dtype == np.float16
    assert np.isfinite(heard).all()


def test_bands_have_a_sum_of_one_and_rise() -> None:
    shape = bands()
    assert shape.sum(1) == pytest.approx(1)
    assert (np.diff(shape.argmax(1)) >= 0).all()


@pytest.mark.parametrize("hertz", [200, 1000, 4000])
def test_a_tone_is_heard_in_its_band(hertz: float) -> None:
    loud = loudness(tone(hertz))[50]
    middle = (bands() * np.arange(257) * RATE / 512).sum(1)
    assert middle[loud.argmax()] == pytest.approx(hertz, rel=0.08)


def test_a_click_is_heard_when_it_happens() -> None:
    sound = np.zeros(RATE, np.float32)
    sound[8000] = 0.9
    heard = windows(sound, 25).astype(np.float32).sum(2)
    for frame in range(11, 15):  # its middle lies 0.5 - (frame + 0.5) / 25 seconds before the click
        expected = BEFORE + round((0.5 - (frame + 0.5) / 25) * 100)
        assert abs(int(heard[frame].argmax()) - expected) <= 1


@pytest.mark.parametrize("gain", [0.05, 0.3, 3.0])
def test_soft_and_loud_voices_are_heard_alike(gain: float) -> None:
    sound = tone(300) * (1 + np.sin(np.arange(RATE) / 900)).astype(np.float32) * 0.4
    assert windows(gain * sound, 25) == pytest.approx(windows(sound, 25), abs=0.02)


def test_silence_stays_silent() -> None:
    hiss = np.random.default_rng(1).standard_normal(RATE).astype(np.float32) * 1e-4
    assert levelled(hiss) == pytest.approx(hiss)
    assert windows(np.zeros(RATE, np.float32), 25).max() < -0.9
