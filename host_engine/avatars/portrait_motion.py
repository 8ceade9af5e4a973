"""How the host of a portrait moves: breath, small turns of the head, glances and blinks, there and back without a jerk.

All slow motion is made of cosines that stand still at both ends, so that the way back, which the show plays after the
way there, goes on smoothly.
"""

from __future__ import annotations

import math
from random import Random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

YAW, PITCH, ROLL = (math.radians(degrees) for degrees in (3.4, 2.0, 1.3))  # the most, to each side
BREATH = 0.24  # Hz
WANDER = {"yaw": (0.04, 0.2), "pitch": (0.06, 0.26), "roll": (0.03, 0.16), "lean": (0.03, 0.1)}  # Hz, from and to
WAVES = 5
BLINK = (0.0, 0.55, 1.0, 0.9, 0.55, 0.2)  # how far shut, every 40 ms
BETWEEN = (1.4, 2.4)  # seconds between blinks: at least, and on average above that
TWICE = 0.12  # share of the blinks that come in pairs
FREE = 0.6  # seconds without a blink at both ends
LOOKS = (0.7, 1.3)  # seconds between two small movements of the eyes, as with blinks
GAZE = (0.30, 0.16)  # the most that the eyes go aside and up or down, of what they can

Floats = NDArray[np.float32]


class Motion(NamedTuple):
    """One frame: angles in radians, positive to the viewer's right, down, and clockwise; the others 0..1 or -1..1."""

    yaw: float
    pitch: float
    roll: float
    lean: float
    breath: float
    blink: float  # 0 open .. 1 shut
    gaze: tuple[float, float]


def motions(frames: int, fps: int, seed: int) -> list[Motion]:
    """So many frames of motion, always the same for the same seed."""
    wander = {name: _wander(Random(f"{seed}/{name}"), frames, fps, *band) for name, band in WANDER.items()}
    cycles = max(1, round(2 * BREATH * frames / fps))
    breath = 0.5 - 0.5 * _cosine(frames, cycles)
    blink = _blinks(Random(f"{seed}/blink"), frames, fps)
    gaze = _gaze(Random(f"{seed}/gaze"), frames, fps)
    return [
        Motion(
            YAW * float(wander["yaw"][k]),
            PITCH * float(wander["pitch"][k]),
            ROLL * float(wander["roll"][k]),
            float(wander["lean"][k]),
            float(breath[k]),
            float(blink[k]),
            (float(gaze[k, 0]), float(gaze[k, 1])),
        )
        for k in range(frames)
    ]


def _cosine(frames: int, half_turns: int) -> Floats:
    """A cosine that runs through so many half turns: it stands still in the first and in the last frame."""
    at = np.arange(frames) / max(frames - 1, 1)
    return np.cos(math.pi * half_turns * at).astype(np.float32)


def _wander(random: Random, frames: int, fps: int, low: float, high: float) -> Floats:
    """A smooth way within -1..1, of waves between two frequencies (Hz); slower ones are larger."""
    least, most = (max(1, round(2 * hertz * frames / fps)) for hertz in (low, high))
    way = np.zeros(frames, np.float32)
    for _ in range(WAVES):
        half_turns = random.randint(least, max(least, most))
        way += (
            random.choice((-1, 1)) * random.uniform(0.5, 1) / (half_turns / least) ** 0.7 * _cosine(frames, half_turns)
        )
    return np.asarray(way / max(float(np.abs(way).max()), 1e-6), np.float32)


def _blinks(random: Random, frames: int, fps: int) -> Floats:
    shut = np.zeros(frames, np.float32)
    at, length = FREE + random.random(), len(BLINK) / 25
    while at + 2 * length + FREE < frames / fps:
        starts = (at, at + 1.4 * length) if random.random() < TWICE else (at,)
        for start in starts:
            since = (np.arange(frames) / fps - start) * 25
            shut = np.maximum(shut, np.interp(since, range(-1, len(BLINK) + 1), (0.0, *BLINK, 0.0)))
        at += BETWEEN[0] + random.gammavariate(3, BETWEEN[1] / 3)
    return np.asarray(shut, np.float32)


def _gaze(random: Random, frames: int, fps: int) -> Floats:
    """Where the eyes look, (frames, 2): they rest, and jump within two frames; mostly they are at the viewer."""
    goal, at = np.zeros((frames, 2), np.float32), LOOKS[0]
    while at < frames / fps - FREE:
        away = random.random() < 0.55
        goal[round(at * fps) :] = [away * side * random.uniform(-1, 1) for side in GAZE]
        at += LOOKS[0] + random.gammavariate(3, LOOKS[1] / 3)
    goal[-round(FREE * fps) :] = 0
    window = np.hanning(5)[1:-1]
    padded = np.pad(goal, ((1, 1), (0, 0)), mode="edge")
    return np.stack([np.convolve(column, window / window.sum(), "valid") for column in padded.T], 1).astype(np.float32)
