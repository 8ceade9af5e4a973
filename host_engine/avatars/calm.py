"""Where in the footage the lips rest: the idle clips, which are shown while nothing is said."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from host_engine.avatars.route import Stretch
from host_engine.avatars.troubles import runs

TALK = 0.5  # share of the footage
LEAST = 0.8  # seconds of a clip
SHORTEST = 0.4  # seconds where there is none so long
MOST = 6  # clips
STILL = 1.6  # grey levels of 255 by which resting lips change from frame to frame
SHARE = 0.6  # or this share of what talking lips change by (the 90th percentile)
EVEN = 1.8  # all frames are calm where the lips nowhere change by this much more than where they are calmest
DARKER = 14.0  # grey levels by which open lips are darker inside than closed ones
ALL = 0.85  # share of calm frames from which on everything is

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float32]


def idle_clips(lips: Bytes, fps: int) -> tuple[tuple[Stretch, ...], bool]:
    """The idle clips of small pictures of the mouth (n, h, w), and whether the lips really rest in them.

    Where they rest nowhere, it is the calmest second. Footage without any talk is one clip.
    """
    n = len(lips)
    if n < 3:
        return ((0, n - 1),), True
    motion, dark = _motion(lips), _darkness(lips)
    limit = max(STILL, SHARE * float(np.percentile(motion, 90)))
    closed = dark <= float(np.percentile(dark, 10)) + DARKER
    calm = (motion <= limit) & closed
    even = float(np.percentile(motion, 95)) <= EVEN * float(np.percentile(motion, 25))
    if calm.mean() >= ALL or (even and closed.mean() >= ALL):
        return ((0, n - 1),), True
    for seconds in (LEAST, SHORTEST):
        clips = runs(calm, max(3, round(seconds * fps)), gap=1)
        if clips:
            return tuple(sorted(sorted(clips, key=lambda clip: clip[0] - clip[1])[:MOST])), True
    length = min(n, fps)
    sums = np.convolve(motion, np.ones(length), "valid")
    first = int(sums.argmin())
    return ((first, first + length - 1),), False


def talk_of(idle: tuple[Stretch, ...], frames: int) -> Stretch:
    """What is shown while the host speaks: the longest part without an idle clip where that is most of it, or all."""
    edges = [(-1, -1), *sorted(idle), (frames, frames)]
    gaps = [(a[1] + 1, b[0] - 1) for a, b in pairwise(edges)]
    first, last = max(gaps, key=lambda gap: gap[1] - gap[0])
    return (first, last) if last - first + 1 >= TALK * frames else (0, frames - 1)


def _motion(lips: Bytes) -> Floats:
    """How much the lips change around each frame, in grey levels: the mean of three changes."""
    change = np.abs(np.diff(lips.astype(np.float32), axis=0)).mean((1, 2))
    padded = np.pad(np.r_[change[0], change], 1, "edge")
    return np.asarray((padded[:-2] + padded[1:-1] + padded[2:]) / 3, np.float32)


def _darkness(lips: Bytes) -> Floats:
    """How much darker the dark part between the lips is than the skin around, in grey levels."""
    high, wide = lips.shape[1:]
    inner = lips[:, high // 4 : -high // 4, wide // 4 : -wide // 4].reshape(len(lips), -1)
    return np.asarray(np.median(lips.reshape(len(lips), -1), 1) - np.percentile(inner, 15, axis=1), np.float32)
