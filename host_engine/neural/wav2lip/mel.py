"""What Wav2Lip hears: 80 mel bands of 16 kHz sound, 80 steps a second, in -4..4, and 200 ms of them for each frame."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from host_engine.media import Samples
from host_engine.neural.net import RATE

HOP = 200  # samples a step: 12.5 ms
LENGTH = 800  # samples under one window
BANDS = 80
PER_SECOND = RATE // HOP
STEPS = 16  # heard for one frame: 200 ms
SILENCE = -4.0  # and 4 is as loud as can be
_EMPHASIS = 0.97
_LOWEST, _HIGHEST = 55.0, 7600.0  # Hz
_DECIBELS = 100.0  # between silence and as loud as can be
_REFERENCE = 20.0  # dB

Mel = NDArray[np.float32]


def mel(samples: Samples) -> Mel:
    """(80, steps) of mono samples (n,) at 16 kHz, one step more than n // 200: the front end of Wav2Lip's hparams.

    Pre-emphasis .97, 800-sample Hann windows every 200 samples, magnitudes under Slaney's mel bands from 55 to
    7600 Hz, decibels. The edges are mirrored, as librosa did when the public weights were made.
    """
    sound = np.asarray(samples, np.float64)
    sound = np.pad(sound, (0, max(0, LENGTH - len(sound))))
    emphasised = np.append(sound[:1], sound[1:] - _EMPHASIS * sound[:-1])
    padded = np.pad(emphasised, LENGTH // 2, mode="reflect")
    framed = np.lib.stride_tricks.sliding_window_view(padded, LENGTH)[::HOP][: len(samples) // HOP + 1]
    hann = np.hanning(LENGTH + 1)[:-1]
    magnitudes = np.abs(np.fft.rfft(framed * hann)).T
    decibels = 20 * np.log10(np.maximum(1e-5, bands() @ magnitudes)) - _REFERENCE
    scaled = (decibels + _DECIBELS) / _DECIBELS * -2 * SILENCE + SILENCE
    return np.clip(scaled, SILENCE, -SILENCE).astype(np.float32)


def windows(heard: Mel, frames: int, fps: float, offset: float = 0.0) -> Mel:
    """(frames, 80, 16): what is heard from the start of each frame on, `offset` frames later.

    Upstream ends with the first window that would reach past the sound, and moves it back until it fits; frames after
    that hear the silence that follows.
    """
    steps = heard.shape[1]
    starts = np.floor((np.arange(frames) + offset) * PER_SECOND / fps).astype(int)
    past = np.flatnonzero(starts + STEPS > steps)
    if past.size and steps >= STEPS:
        starts[past[0]] = steps - STEPS
    before = max(0, -int(starts.min(initial=0)))
    after = max(0, int(starts.max(initial=0)) + STEPS - steps)
    padded = np.pad(heard, ((0, 0), (before, after)), constant_values=SILENCE)
    every = np.lib.stride_tricks.sliding_window_view(padded, STEPS, 1)  # (80, starts, 16)
    return np.ascontiguousarray(every[:, starts + before].transpose(1, 0, 2))


@cache
def bands() -> NDArray[np.float64]:
    """(80, 401): how much of each frequency falls into each band; triangles of equal area (Slaney, 1998)."""
    edges = _hertz(np.linspace(_mels(_LOWEST), _mels(_HIGHEST), BANDS + 2))
    frequencies = np.fft.rfftfreq(LENGTH, 1 / RATE)
    rising = (frequencies - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - frequencies) / (edges[2:] - edges[1:-1])[:, None]
    areas = (edges[2:] - edges[:-2])[:, None] / 2
    found: NDArray[np.float64] = np.clip(np.minimum(rising, falling), 0, None) / areas
    return found


_BEND = 1000.0  # Hz; below, mels are in proportion
_MEL = 200 / 3  # Hz below the bend
_GROWTH = np.log(6.4) / 27  # of a mel above it


def _mels(hertz: float) -> float:
    return hertz / _MEL if hertz < _BEND else _BEND / _MEL + float(np.log(hertz / _BEND)) / _GROWTH


def _hertz(mels: NDArray[np.float64]) -> NDArray[np.float64]:
    bent = _BEND * np.exp(_GROWTH * (mels - _BEND / _MEL))
    return np.where(mels < _BEND / _MEL, mels * _MEL, bent)
