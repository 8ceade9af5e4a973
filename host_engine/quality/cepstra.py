"""The sound as SyncNet hears it: 13 mel cepstra every 10 ms, as the package python_speech_features works them out."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from host_engine.media import Samples
from host_engine.neural.net import RATE

PER_SECOND = 100
COEFFICIENTS = 13
_LENGTH, _HOP, _POINTS = RATE // 40, RATE // PER_SECOND, 512
_BANDS = 26
_EMPHASIS = 0.97
_LIFTER = 22
_LOUDEST = 32768  # samples were counted in whole numbers when the public weights were made
_LEAST = float(np.finfo(float).eps)

Floats = NDArray[np.float64]


def cepstra(samples: Samples) -> Floats:
    """(13, steps) of mono samples (n,) at 16 kHz in [-1, 1]; the first is the logarithm of the energy."""
    sound = np.rint(np.asarray(samples, np.float64) * _LOUDEST)
    emphasised = np.append(sound[:1], sound[1:] - _EMPHASIS * sound[:-1])
    steps = 1 + max(0, -(-(len(sound) - _LENGTH) // _HOP))
    padded = np.pad(emphasised, (0, (steps - 1) * _HOP + _LENGTH - len(sound)))
    framed = np.lib.stride_tricks.sliding_window_view(padded, _LENGTH)[::_HOP]
    power = np.square(np.abs(np.fft.rfft(framed, _POINTS))) / _POINTS
    energy = np.log(np.maximum(power.sum(1), _LEAST))
    found = np.log(np.maximum(power @ bands().T, _LEAST)) @ _cosines()
    found *= 1 + _LIFTER / 2 * np.sin(np.pi * np.arange(COEFFICIENTS) / _LIFTER)
    found[:, 0] = energy
    return found.T


@cache
def bands() -> Floats:
    """(26, 257): triangles between whole bins, evenly apart in mel (2595 log10(1 + f / 700)) from 0 to 8 kHz."""
    highest = 2595 * np.log10(1 + RATE / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, highest, _BANDS + 2) / 2595) - 1)
    corners = np.floor((_POINTS + 1) * edges / RATE)
    bins = np.arange(_POINTS // 2 + 1)
    low, middle, high = (corners[k : k + _BANDS, None] for k in range(3))
    rising = np.where((bins >= low) & (bins < middle), (bins - low) / np.maximum(middle - low, 1), 0)
    falling = np.where((bins >= middle) & (bins < high), (high - bins) / np.maximum(high - middle, 1), 0)
    return rising + falling


@cache
def _cosines() -> Floats:
    """(26, 13): the orthonormal cosine transform, of which the first 13 are kept."""
    turns = np.outer(np.arange(_BANDS) + 0.5, np.arange(COEFFICIENTS)) * np.pi / _BANDS
    found: Floats = np.cos(turns) * np.sqrt(2 / _BANDS)
    found[:, 0] /= np.sqrt(2)
    return found
