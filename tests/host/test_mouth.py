import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.host.mouth import energies, frames_of, levels, relative, smooth
from host_engine.media import Speech


def speech_of(samples: np.ndarray) -> Speech:
    return Speech("", samples, (), (), "test")


@given(st.integers(0, 200_000), st.sampled_from((24, 25, 30, 50)))
def test_frames_cover_every_sample(count: int, fps: int) -> None:
    frames = frames_of(speech_of(np.zeros(count, np.float32)), fps)
    hop = 48_000 // fps
    assert frames * hop >= count > (frames - 1) * hop or count == frames == 0
    assert len(levels(np.zeros(count, np.float32), fps)) == frames


def test_silence_has_no_energy() -> None:
    assert not energies(np.zeros(48_000, np.float32), 25).any()


def test_energy_follows_loudness() -> None:
    t = np.arange(96_000) / 48_000
    samples = (np.sin(2 * np.pi * 200 * t) * np.where(t < 1, 0.01, 0.5)).astype(np.float32)
    energy = energies(samples, 25)
    assert ((energy >= 0) & (energy <= 1)).all()
    assert energy[10] < 0.2 < 0.9 < energy[40]
    assert np.abs(np.diff(energy)).max() < 0.5


def test_level_of_a_sine() -> None:
    sine = np.sin(2 * np.pi * 200 * np.arange(48_000) / 48_000).astype(np.float32)
    assert levels(sine, 25)[12] == pytest.approx(-3.01, abs=0.1)


def test_loud_frames_are_the_measure() -> None:
    level = np.array([-90.0] * 10 + [-20.0] * 30)
    assert relative(level)[20] == 0
    assert (relative(np.full(5, -90.0)) <= -60).all()


def test_smoothing_keeps_length_and_level() -> None:
    assert smooth(np.ones(9), 5) == pytest.approx(np.ones(9))
