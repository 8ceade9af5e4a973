"""A live voice at one loudness, whatever microphone it comes from."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from host_engine.host.loudness import measure
from host_engine.takeover.leveller import CEILING, GATE, RATE, Leveller


def speech(seconds: float, level: float, seed: int = 1) -> np.ndarray:
    """Noise of a voice's colour in syllables, with pauses."""
    count = round(seconds * RATE)
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    noise = np.fft.irfft(spectrum / (1 + (hertz / 600) ** 2), count)
    at = np.arange(count) / RATE
    swell = np.clip(np.sin(2 * np.pi * 3 * at), 0.05, 1) * (np.sin(2 * np.pi * 0.3 * at) > -0.8)
    return (level * noise / np.abs(noise).max() * swell).astype(np.float32)


def levelled(samples: np.ndarray, piece: int = 960) -> np.ndarray:
    leveller = Leveller()
    return np.concatenate([leveller(samples[k : k + piece]) for k in range(0, len(samples), piece)])


@pytest.mark.parametrize("level", [0.08, 0.2, 0.9])
def test_soft_and_loud_voices_come_to_the_loudness_of_the_channel(level: float) -> None:
    made = levelled(speech(12, level))
    heard = measure(made[4 * RATE :])
    assert heard.lufs == pytest.approx(-16, abs=2.0)
    assert heard.peak < -0.5


def test_nothing_is_longer_or_shorter_and_it_comes_some_milliseconds_later() -> None:
    samples = speech(2, 0.2)
    made = levelled(samples)
    assert 0 <= len(samples) - len(made) <= 0.02 * RATE
    k = int(np.argmax(np.abs(samples[:RATE])))
    assert np.sign(made[k]) == np.sign(samples[k])  # at the same place


def test_a_silent_room_is_not_turned_up() -> None:
    quiet = (np.random.default_rng(2).standard_normal(5 * RATE) * 10 ** (-62 / 20)).astype(np.float32)
    made = levelled(quiet)
    assert measure(made).lufs < GATE
    assert np.abs(made).max() < 0.02


def test_a_bang_is_held_below_the_ceiling_from_its_first_sample_on() -> None:
    samples = speech(3, 0.1)
    samples[RATE : RATE + 480] = 1.0
    made = levelled(samples)
    assert np.abs(made).max() <= CEILING + 1e-6
    assert np.abs(np.diff(made[RATE - 480 : RATE])).max() < 0.5


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 3000), min_size=1, max_size=12), st.floats(0.0, 30.0))
def test_pieces_of_any_length_never_exceed_the_ceiling(pieces: list[int], loud: float) -> None:
    leveller, noise = Leveller(), np.random.default_rng(3)
    whole = [leveller((noise.standard_normal(size) * loud).astype(np.float32)) for size in pieces]
    made = np.concatenate(whole)
    assert len(made) <= sum(pieces)
    assert np.isfinite(made).all()
    assert np.abs(made).max(initial=0) <= CEILING + 1e-6
