"""Sound for networks: a third of the samples, at the same time."""

from __future__ import annotations

import numpy as np
import pytest

from host_engine.neural.hearing import at_16k, frame_count


@pytest.mark.parametrize("length", [0, 1, 2, 3, 1919, 1920, 48_000, 96_001])
def test_the_length_is_a_third_rounded_up(length: int) -> None:
    heard = at_16k(np.zeros(length, np.float32))
    assert heard.shape == (-(-length // 3),)
    assert heard.dtype == np.float32


def test_a_tone_stays_in_time_and_what_cannot_be_heard_goes() -> None:
    time = np.arange(48_000) / 48_000
    heard = at_16k(np.sin(2 * np.pi * 440 * time).astype(np.float32))
    wanted = np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000)
    assert np.abs(heard - wanted)[200:-200].max() < 1e-3
    assert np.abs(at_16k(np.sin(2 * np.pi * 12_000 * time).astype(np.float32)))[200:-200].max() < 1e-3


@pytest.mark.parametrize("fps", [24, 25, 30, 50, 60])
def test_frames_are_counted_as_mouths_count_them(fps: int) -> None:
    for frames in (0, 1, 7, 250):
        assert frame_count(at_16k(np.zeros(frames * 48_000 // fps, np.float32)), fps) in (frames, frames + 1)
    assert frame_count(np.zeros(16_000, np.float32), fps) == fps
    assert frame_count(np.zeros(16_001, np.float32), fps) == fps + 1
