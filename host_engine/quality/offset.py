"""How far the mouth is ahead of the sound: where a curve of its opening agrees best with a curve of the sound."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from host_engine.host.mouth import energies
from host_engine.host.mouths.viseme import blend, sounds
from host_engine.media import Phoneme, Samples

HERTZ = 100  # curves are compared at this rate
SMOOTH = 7  # values of it
FURTHEST = 40  # and shifted by up to so many
RISES = 0.015  # s by which speech becomes loud before lips are as open: the mean over ten lines of two voices (sd 8 ms)

Curve = NDArray[np.float64]


class Offset(NamedTuple):
    """By how many seconds the mouth is ahead of the sound (negative: late), and how well the two agree there."""

    lead: float
    correlation: float


def offset(opening: Curve, fps: float, sound: Curve) -> Offset:
    """Where the opening (one a frame) agrees best with a curve of the sound, as `loudness` and `spoken` give it.

    Both at 100 Hz, smoothed over 70 ms, correlated at shifts up to 400 ms, with a parabola through the peak. What does
    not move agrees with nothing: 0.
    """
    size = min(len(sound), int(len(opening) / fps * HERTZ))
    times = np.arange(size) / HERTZ
    seen = np.interp(times, (np.arange(len(opening)) + 0.5) / fps, opening) if len(opening) else np.zeros(size)
    seen, heard = (_smooth(curve) for curve in (seen, sound[:size]))
    found = np.array([_agreement(seen, heard, shift) for shift in range(-FURTHEST, FURTHEST + 1)])
    best = int(found.argmax())
    fine = 0.0
    if 0 < best < len(found) - 1:
        before, peak, after = found[best - 1 : best + 2]
        bent = before - 2 * peak + after
        fine = float(0.5 * (before - after) / bent) if bent else 0.0
    return Offset((best - FURTHEST + fine) / HERTZ, float(found[best]))


def by_loudness(opening: Curve, fps: float, samples: Samples) -> Offset:
    """The offset from mono samples (n,) at 48 kHz alone: right within some 20 ms for an utterance."""
    found = offset(opening, fps, loudness(samples))
    return found._replace(lead=found.lead + RISES)


def by_phonemes(opening: Curve, fps: float, phonemes: Sequence[Phoneme]) -> Offset:
    """The offset where it is known what was said when: right within some 10 ms."""
    return offset(opening, fps, spoken(phonemes, len(opening) / fps))


def _smooth(curve: Curve) -> Curve:
    return np.convolve(curve, np.ones(SMOOTH) / SMOOTH, "same") if len(curve) >= SMOOTH else curve


def _agreement(seen: Curve, heard: Curve, shift: int) -> float:
    """The correlation of what is seen with what is heard `shift` values later."""
    size = len(heard)
    early, late = seen[max(0, -shift) : size - max(0, shift)], heard[max(0, shift) : size - max(0, -shift)]
    if len(early) < HERTZ // 2 or early.std() < 1e-6 or late.std() < 1e-6:
        return 0.0
    return float(np.corrcoef(early, late)[0, 1])


def loudness(samples: Samples) -> Curve:
    """The energy of mono samples (n,) at 48 kHz, 0..1, at `HERTZ`."""
    return energies(samples, HERTZ)


def spoken(phonemes: Sequence[Phoneme], seconds: float) -> Curve:
    """How open the phonemes want the mouth, unled and unfollowed, at `HERTZ`."""
    return blend(sounds(phonemes), np.arange(int(seconds * HERTZ)) / HERTZ)[:, 0]
