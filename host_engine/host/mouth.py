"""What a mouth is: it turns an utterance into one face for each of its frames; and how loud each frame is."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from host_engine.media import REST, Face, Samples, Speech

RATE = 48_000
LEAD = 0.045  # seconds by which the lips move before the sound, as people's do
AUDIBLE = -55.0  # dB; quieter frames are silence
SPEED = 8.0  # largest change of opening, 1/s: faster lips look like a glitch
SPAN = 30.0  # dB below the loud frames at which the energy reaches 0
TOUCH = 0.06  # opening of a mouth below which its lips touch

Curve = NDArray[np.float64]


class Mouth(Protocol):
    """Makes the faces of an utterance; called from worker threads, so it keeps no state between calls."""

    @property
    def name(self) -> str: ...

    def faces(self, speech: Speech, fps: int) -> list[Face]:
        """One face for each of the `frames_of(speech, fps)` frames, `LEAD` seconds ahead of the sound."""
        ...


def frames_of(speech: Speech, fps: int) -> int:
    """The number of frames the speech lasts, the last one counted whole."""
    return -(-len(speech.samples) * fps // RATE)


def levels(samples: Samples, fps: int) -> Curve:
    """Loudness of each frame in dB below full scale, over a window of two frames about its middle."""
    hop = RATE // fps
    frames = -(-len(samples) // hop)
    padded = np.zeros((frames + 1) * hop)
    padded[hop // 2 : hop // 2 + len(samples)] = samples
    power = np.square(padded.reshape(frames + 1, hop)).mean(1)
    loudness: Curve = 10 * np.log10((power[:-1] + power[1:]) / 2 + 1e-9)
    return loudness


def relative(level: Curve) -> Curve:
    """dB of each frame above the utterance's own loud frames (negative: below); far below where nothing is heard."""
    heard = level[level > AUDIBLE]
    if not heard.size:
        return np.full_like(level, -2 * SPAN)
    return level - float(np.percentile(heard, 90))


def energies(samples: Samples, fps: int) -> Curve:
    """The energy of each frame, 0 (silent) .. 1 (as loud as the utterance gets), smooth over some five frames."""
    raw = np.clip(1 + relative(levels(samples, fps)) / SPAN, 0, 1)
    return smooth(raw, 5)


def smooth(curve: Curve, width: int) -> Curve:
    """The curve under a Hann window of `width` frames (odd), its ends held."""
    window = np.hanning(width + 2)[1:-1]
    held = np.pad(curve, width // 2, mode="edge")
    return np.convolve(held, window / window.sum(), "valid")


def limit(opening: Curve, fps: int) -> Curve:
    """The largest curve below `opening` that never moves faster than `SPEED`: peaks give way, closures never do."""
    slowest = opening.copy()
    for k in range(1, len(slowest)):
        slowest[k] = min(slowest[k], slowest[k - 1] + SPEED / fps)
    for k in range(len(slowest) - 2, -1, -1):
        slowest[k] = min(slowest[k], slowest[k + 1] + SPEED / fps)
    return slowest


def joined(shapes: Curve, fps: int) -> Curve:
    """The shapes (frames, 6) leading from rest to rest, within what a mouth can do."""
    ends = np.minimum(np.arange(len(shapes)), np.arange(len(shapes))[::-1])
    share = np.clip(ends / 2, 0, 1)[:, None]
    shapes = share * shapes + (1 - share) * np.array(REST)
    shapes = np.clip(shapes, [0, -1, 0, 0, 0, 0], 1)
    shapes[:, 0] = limit(shapes[:, 0], fps)
    return shapes
