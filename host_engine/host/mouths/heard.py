"""The mouth that listens: any voice, as it comes, moves the lips; no text and no phonemes are needed."""

from __future__ import annotations

import logging
from functools import cache

import numpy as np

from host_engine.host.mouth import LEAD, SPEED, energies, frames_of, joined
from host_engine.host.mouths.heard_bands import HOP, RATE, Bands, Floats
from host_engine.host.mouths.heard_net import LOOK, SHAPE, VISEMES, HeardNet, HeardNetError, Memory
from host_engine.host.mouths.viseme import CAPS
from host_engine.media import REST, Face, MouthShape, Samples, Speech
from host_engine.neural.hearing import at_16k

log = logging.getLogger(__name__)

STEP = HOP / RATE  # seconds
SHUT, LEVEL = SHAPE, SHAPE + 1  # columns of what is heard, behind the six numbers of the shape
COLUMNS = SHAPE + 2
FLOOR, RISE = -52.0, 12.0  # dB: at the floor the lips are shut, so much above it they are free
ABOVE_NOISE = 8.0  # dB by which speech stands above a room's noise
FORGETS = 0.02  # dB a step by which the noise that is known may grow
SURE = (0.3, 0.55)  # likelihood of p, b, m from which on the lips begin to shut, and at which they are shut
LIVELY = 1.12  # times as far open as the network says: where it is in doubt it tells of a mouth between two
LOUD = MouthShape(0.72, 0.1, 0.15, 0.9, 0.6, 0.4)  # where there is no network: the mouth of loud sound


class Ear:
    """Hears one voice, piece by piece, and tells of every 10 ms what the mouth does. Not for two threads at once.

    The rule: without sound above the room's noise the mouth is at rest, whatever the network believes. Where the
    network cannot be had, the lips follow the loudness.
    """

    def __init__(self, net: HeardNet | None = None) -> None:
        """Without a `net` the one that ships."""
        net = net or shipped()
        self._bands = Bands()
        self._memory = Memory(net) if net else None
        self._levels = np.full(LOOK, -100.0, np.float32)
        self._noise = FLOOR - ABOVE_NOISE

    def hear(self, samples: Samples) -> Floats:
        """Samples (n,) at 16 kHz, levelled towards -16 LUFS -> (steps, COLUMNS): the shape, how surely the lips are
        shut, and the level in dB, each of `LOOK` steps before."""
        bands, level = self._bands(samples)
        levels = np.concatenate([self._levels, level])
        self._levels = levels[len(level) :]
        levels = levels[: len(level)]
        heard = np.zeros((len(level), COLUMNS), np.float32)
        if not len(level):
            return heard
        free = np.clip((levels - self._thresholds(levels)) / RISE, 0, 1)[:, None]
        shape, heard[:, SHUT] = self._moved(bands) if self._memory else _by_loudness(levels)
        heard[:, :SHAPE] = free * shape + (1 - free) * np.array(REST, np.float32)
        heard[:, SHUT] *= free[:, 0]
        heard[:, LEVEL] = levels
        return heard

    def _moved(self, bands: Floats) -> tuple[Floats, Floats]:
        assert self._memory
        out = self._memory.hear(bands)
        odds = np.exp(out[:, : len(VISEMES)] - out[:, : len(VISEMES)].max(1, keepdims=True))
        odds /= odds.sum(1, keepdims=True)
        shape = out[:, len(VISEMES) :] * np.array([LIVELY, 1, 1, 1, 1, 1], np.float32)
        shape = np.clip(shape, [0, -1, 0, 0, 0, 0], 1)
        for name, cap in CAPS.items():
            sure = odds[:, VISEMES.index(name)]
            shape[:, 0] = np.minimum(shape[:, 0], 1 - sure * (1 - cap))
        shut = np.clip((odds[:, VISEMES.index("PP")] - SURE[0]) / (SURE[1] - SURE[0]), 0, 1)
        shape[:, 0] *= 1 - shut
        return np.asarray(shape, np.float32), np.asarray(shut, np.float32)

    def _thresholds(self, levels: Floats) -> Floats:
        """For each step the level below which it is the room that is heard: it is known by its quietest moments."""
        found = np.empty_like(levels)
        for k, level in enumerate(levels.tolist()):
            self._noise = min(max(level, -90.0), self._noise + FORGETS)
            found[k] = max(FLOOR, min(self._noise + ABOVE_NOISE, -34.0))
        return found


def _by_loudness(levels: Floats) -> tuple[Floats, Floats]:
    share = np.clip((levels + 45) / 30, 0, 1)[:, None]
    shape = (1 - share) * np.array(REST) + share * np.array(LOUD)
    return np.asarray(shape, np.float32), np.zeros(len(levels), np.float32)


@cache
def shipped() -> HeardNet | None:
    """The network that ships; None, and a warning once, where it cannot be had."""
    try:
        return HeardNet.shipped()
    except HeardNetError as problem:
        log.warning("Lips follow the loudness of a voice alone: %s", problem)
        return None


def mouth(heard: Floats, at: float, before: MouthShape, fps: int) -> MouthShape:
    """The mouth of a frame whose middle is step `at` of what was heard (steps, COLUMNS), after the mouth of the frame
    before it. Lips that shut within the frame are shut in it; lips never open faster than lips can."""
    reach = 50 / fps  # half a frame, in steps
    first, last = (round(at + side * reach) for side in (-1, 1))
    seen = heard[max(0, first) : max(1, last)]
    if not len(seen):
        return before
    shape = seen[:, :SHAPE].mean(0)
    if seen[:, SHUT].max() > 0.5:
        shape[0] = seen[:, 0].min()
    shape[0] = min(shape[0], before.open + SPEED / fps)
    return MouthShape(*(float(value) for value in np.clip(shape, [0, -1, 0, 0, 0, 0], 1)))


def energy(heard: Floats, at: float) -> float:
    """The energy of a face, 0..1, around step `at` of what was heard."""
    near = heard[max(0, round(at) - 8) : max(1, round(at) + 8), LEVEL]
    return float(np.clip(1 + (near.mean() + 16) / 34, 0, 1)) if len(near) else 0.0


class HeardMouth:
    """The same as a `Mouth` for whole utterances, of voices that tell no phonemes."""

    name = "heard"

    def faces(self, speech: Speech, fps: int) -> list[Face]:
        """As in `Mouth`: at rest in the first and the last frame, `LEAD` ahead of the sound between them."""
        frames = frames_of(speech, fps)
        if not frames:
            return []
        silence = np.zeros((LOOK + 20) * HOP, np.float32)
        heard = Ear().hear(np.concatenate([at_16k(speech.samples), silence]))[LOOK:]
        shapes, now = [], REST
        for k in range(frames):
            now = mouth(heard, ((k + 0.5) / fps + LEAD) / STEP, now, fps)
            shapes.append(now)
        moved = joined(np.array(shapes, np.float64), fps)
        loud = energies(speech.samples, fps)
        return [Face(MouthShape(*map(float, shape)), float(e), True) for shape, e in zip(moved, loud, strict=True)]
