"""A live voice at one loudness: measured as ITU-R BS.1770 weighs it, turned up or down slowly, and limited at once."""

from __future__ import annotations

from collections import deque
from functools import cache

import numpy as np
from numpy.typing import NDArray

from host_engine.media import Samples

RATE = 48_000
TARGET = -16.0  # LUFS, on both channels of the programme
CEILING = 10 ** (-1.5 / 20)  # of a sample; true peaks stand a little above the samples
BLOCK = RATE // 1000  # samples for which the limiter decides
HOLD = 4  # blocks that it looks ahead
PIECE = RATE // 100  # samples for which the loudness is measured
RELEASE = 0.02  # of full gain that the limiter gives back in a block
GATE, BELOW = -52.0, 10.0  # LUFS: softer is no speech; dB: nor is what is so much softer than the rest of it
LEAST, MOST = -20.0, 24.0  # dB by which a voice is turned down and up
UP, DOWN = 0.06, 0.3  # dB by which the gain may change in a piece of speech
QUICK = 60  # pieces of speech at the beginning in which it may change faster
PIECES = 300  # of speech that the loudness is the mean of
SPELL = 40  # pieces, 400 ms, that are weighed together: syllables and the pauses between them

Powers = NDArray[np.float64]


class Leveller:
    """Samples come out some 5 to 15 ms later, as many as went in; none exceeds `CEILING`. Not for two threads at once.

    The gain follows speech alone: what is far below the voice, such as a room in a pause, does not turn it up.
    """

    def __init__(self) -> None:
        self._waiting = np.zeros(0, np.float32)  # not yet measured: less than a piece
        self._ahead = np.zeros(0, np.float32)  # turned up or down, not yet limited
        self._spell: deque[float] = deque(maxlen=SPELL)  # powers of the last pieces
        self._speech: deque[float] = deque(maxlen=PIECES)  # powers of the last spells in which something was said
        self._heard = 0  # pieces of speech so far
        self._gain = 3.0  # dB; what browsers send is a little soft
        self._edge = 1.0  # the limiter's gain where the last block ended

    @property
    def gain(self) -> float:
        """dB by which the voice is turned up now."""
        return self._gain

    def __call__(self, samples: Samples) -> Samples:
        """Mono samples (n,) at 48 kHz; as many come out, or fewer while the first are held back."""
        held = np.concatenate([self._waiting, samples])
        pieces = len(held) // PIECE
        self._waiting = held[pieces * PIECE :]
        if not pieces:
            return np.zeros(0, np.float32)
        whole = held[: pieces * PIECE].reshape(pieces, PIECE)
        gains = [10 ** (self._gain / 20), *(10 ** (self._follow(power) / 20) for power in _powers(whole).tolist())]
        steps = np.interp(np.arange(pieces * PIECE) / PIECE, np.arange(pieces + 1), gains)
        self._ahead = np.concatenate([self._ahead, (whole.reshape(-1) * steps).astype(np.float32)])
        return self._limited()

    def _follow(self, power: float) -> float:
        """The gain in dB after a piece of that power."""
        self._spell.append(power)
        if self._heard < SPELL:  # of what has just begun, the silence before it says nothing
            audible = [each for each in self._spell if _lufs(each) > GATE]
            power = sum(audible) / max(1, len(audible))
        else:
            power = sum(self._spell) / len(self._spell)
        if _lufs(power) <= GATE or _lufs(self._spell[-1]) <= GATE:
            return self._gain
        self._heard += 1
        self._speech.append(power)
        wanted = float(np.clip(TARGET - _lufs(_gated(self._speech)), LEAST, MOST))
        faster = 6 if self._heard < QUICK else 1
        self._gain += float(np.clip(wanted - self._gain, -DOWN * faster, UP * faster))
        return self._gain

    def _limited(self) -> Samples:
        """What has been looked at far enough ahead."""
        blocks = len(self._ahead) // BLOCK
        out = blocks - HOLD
        if out <= 0:
            return np.zeros(0, np.float32)
        peaks = np.abs(self._ahead[: blocks * BLOCK]).reshape(blocks, BLOCK).max(1)
        allowed = np.minimum(1.0, CEILING / np.maximum(peaks, 1e-6))
        edges = [self._edge]
        for k in range(1, out + 1):  # the edge behind block k - 1: low enough for it and for those to come
            edges.append(min(float(allowed[k - 1 : k + HOLD].min()), edges[-1] + RELEASE))
        edges[0] = min(edges[0], float(allowed[0]))
        self._edge = edges[-1]
        piece, self._ahead = self._ahead[: out * BLOCK], self._ahead[out * BLOCK :]
        if min(edges) >= 1.0:
            return piece
        gains = np.interp(np.arange(out * BLOCK) / BLOCK, np.arange(out + 1), edges)
        return np.clip(piece * gains, -CEILING, CEILING).astype(np.float32)


def _gated(powers: deque[float]) -> float:
    """The mean power of those that are not much softer than the others, as EBU R128 has it."""
    whole = np.array(powers)
    return float(whole[whole >= whole.mean() * 10 ** (-BELOW / 10)].mean())


def _lufs(power: float) -> float:
    """Loudness of a weighted power, heard from both channels."""
    return -0.691 + 10 * float(np.log10(2 * power + 1e-12))


def _powers(pieces: Samples) -> Powers:
    """The power (n,) of pieces (n, PIECE), weighted as ears do."""
    spectrum = np.fft.rfft(pieces * _window(), axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    found: Powers = (power * _weights()).sum(1)
    return found


@cache
def _window() -> Samples:
    return np.asarray(np.hanning(PIECE + 1)[:-1], np.float32)


@cache
def _weights() -> Powers:
    """The K-weighting of BS.1770-5 at each frequency of a piece, times what makes the sum a mean power."""
    turn = np.exp(-2j * np.pi * np.arange(PIECE // 2 + 1) / PIECE)
    shelf = (1.53512485958697, -2.69169618940638, 1.19839281085285), (1.0, -1.69065929318241, 0.73248077421585)
    high = (1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621)
    gain = np.ones(len(turn))
    for above, below in (shelf, high):
        gain = gain * np.abs(np.polyval(above[::-1], turn) / np.polyval(below[::-1], turn)) ** 2
    both = np.full(len(turn), 2.0)
    both[0] = both[-1] = 1.0
    weights: Powers = gain * both / (PIECE * float(np.square(_window()).sum()))
    return weights
