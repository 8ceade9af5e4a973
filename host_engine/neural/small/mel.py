"""What the small network hears of a frame: a quarter of a second of the sound around it, as loudness in bands."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from host_engine.media import Samples
from host_engine.neural.mel import triangles
from host_engine.neural.net import RATE, Half

STEPS, BANDS = 24, 64  # of a window: 10 ms each; bands of the mel scale
BEFORE = 8  # steps of a window that lie before the middle of its frame: it hears from 80 ms before to 160 ms after
HOP, SPAN, POINTS = RATE // 100, RATE // 40, 512
LOWEST, HIGHEST = 60.0, 7600.0  # Hz
QUIET = 1e-8  # power below which nothing is heard
LEVEL = -20.0  # dB below full scale at which the loud parts of every utterance are heard
AUDIBLE = -55.0  # dB; quieter sound is silence and stays as it is
MOST = 24.0  # dB by which an utterance is turned up or down at most

Floats = NDArray[np.float32]


def windows(samples: Samples, fps: int) -> Half:
    """(frames, STEPS, BANDS) of mono samples (n,) at 16 kHz: what is heard around the middle of each frame."""
    frames = -(-len(samples) * fps // RATE)
    sound = loudness(levelled(samples))
    middle = np.round((np.arange(frames) + 0.5) / fps * RATE / HOP).astype(int)
    held = np.pad(sound, ((BEFORE, STEPS), (0, 0)), constant_values=_scaled(np.float32(0)))
    steps = np.minimum(middle[:, None] + np.arange(STEPS), len(held) - 1)
    return held[steps].astype(np.float16)


def levelled(samples: Samples) -> Samples:
    """The samples at one loudness, so that the network need not know how loud a voice was recorded."""
    whole = np.pad(np.asarray(samples, np.float32), (0, -len(samples) % (4 * HOP))).reshape(-1, 4 * HOP)
    level = 10 * np.log10(np.square(whole).mean(1) + 1e-12)
    heard = level[level > AUDIBLE]
    if not heard.size:
        return np.asarray(samples, np.float32)
    gain = float(np.clip(LEVEL - np.percentile(heard, 90), -MOST, MOST))
    return np.asarray(samples * np.float32(10 ** (gain / 20)), np.float32)


def loudness(samples: Samples) -> Floats:
    """(steps, BANDS): the power in each band every 10 ms, logarithmic, speech roughly within -1..1."""
    steps = len(samples) // HOP + 1
    padded = np.pad(samples, (SPAN // 2, SPAN + HOP))
    cuts = np.lib.stride_tricks.sliding_window_view(padded, SPAN)[: steps * HOP : HOP]
    window = np.hanning(SPAN + 1)[:-1].astype(np.float32)
    spectrum = np.fft.rfft(cuts * (window / window.sum()), POINTS)
    power = spectrum.real**2 + spectrum.imag**2
    return np.asarray(_scaled(power.astype(np.float32) @ bands().T), np.float32)


@cache
def bands() -> Floats:
    """(BANDS, bins): triangles on the mel scale."""
    return triangles(RATE, POINTS, BANDS, LOWEST, HIGHEST)


def _scaled(power: Floats | np.float32) -> Floats:
    scaled: Floats = (np.log10(power + np.float32(QUIET)) + np.float32(5.5)) / np.float32(2.5)
    return scaled
