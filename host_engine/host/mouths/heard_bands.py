"""What a mouth that listens hears of a sound: every 10 ms the power in 40 bands, as soon as it is there."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from host_engine.media import Samples
from host_engine.neural.mel import triangles

RATE = 16_000
BANDS = 40
HOP, SPAN, POINTS = RATE // 100, RATE // 40, 512
LOWEST, HIGHEST = 60.0, 7600.0  # Hz
QUIET = 1e-8  # power below which nothing is heard
SILENCE = -1.0  # what a band of silence is

Floats = NDArray[np.float32]


class Bands:
    """Keeps its place between two pieces of a sound. Step k ends with sample (k + 1) * HOP: nothing is heard ahead."""

    def __init__(self) -> None:
        self._left = np.zeros(SPAN - HOP, np.float32)

    def __call__(self, samples: Samples) -> tuple[Floats, Floats]:
        """Samples (n,) at 16 kHz. For each step that is whole: its bands (steps, BANDS), logarithmic, speech roughly
        within -1..1; and its level (steps,) in dB below full scale."""
        held = np.concatenate([self._left, np.nan_to_num(np.asarray(samples, np.float32), posinf=1.0, neginf=-1.0)])
        steps = max(0, (len(held) - (SPAN - HOP)) // HOP)
        self._left = held[steps * HOP :]
        if not steps:
            return np.zeros((0, BANDS), np.float32), np.zeros(0, np.float32)
        cuts = np.lib.stride_tricks.sliding_window_view(held, SPAN)[: (steps - 1) * HOP + 1 : HOP]
        spectrum = np.fft.rfft(cuts * _window(), POINTS)
        power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32) @ _filters().T
        level = 10 * np.log10(np.square(cuts).mean(1) + 1e-10)
        return _scaled(power), level.astype(np.float32)


@cache
def _window() -> Floats:
    window = np.hanning(SPAN + 1)[:-1]
    return np.asarray(window / window.sum(), np.float32)


@cache
def _filters() -> Floats:
    """(BANDS, bins): triangles on the mel scale."""
    return triangles(RATE, POINTS, BANDS, LOWEST, HIGHEST)


def _scaled(power: Floats) -> Floats:
    scaled: Floats = (np.log10(power + np.float32(QUIET)) + np.float32(5.5)) / np.float32(2.5)
    return scaled
