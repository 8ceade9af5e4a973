"""Where an utterance begins and ends, told from how likely it is that somebody speaks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from host_engine.audience.transcript import RATE, Heard16

WINDOW = 512  # samples that are judged at a time: 32 ms
SPEAKS, QUIET = 0.5, 0.35  # probability from which somebody speaks, and below which nobody does any more
ONSET = 2  # windows of speech that begin an utterance: a click is one
BEFORE = 10  # windows kept from before the beginning: soft consonants are not noticed at once
BEHIND = 6  # windows of the pause that stay with it
LEAST = 6  # windows of speech that are worth hearing: 0.2 s
SHORT, LONG = 1.0, 8.0  # seconds of speech: who has said little thinks on, who has said a lot is done

Probabilities = Callable[[NDArray[np.float32]], NDArray[np.float32]]
"""(windows, 512) samples -> (windows,) 0..1, each told after those before."""


class Utterance(NamedTuple):
    """What somebody said between two pauses."""

    samples: Heard16
    spoken: float  # seconds of speech in it
    ended: Literal["pause", "release", "longest"]


class Utterances:
    """Cuts what one microphone hears. Not for several threads at once.

    An utterance ends after a pause of `pause` seconds (half as much again and a bit for the first words, a quarter
    less after long speech), at once when the button is let go, and after `longest` seconds: what then follows is
    dropped until there is a pause, so that a microphone that never stops is one utterance and not many.
    """

    def __init__(self, probabilities: Probabilities, longest: float = 20.0, pause: float = 0.4) -> None:
        self._probabilities, self._longest, self._pause = probabilities, longest, pause
        self._rest = np.zeros(0, np.float32)
        self._before: deque[NDArray[np.float32]] = deque(maxlen=BEFORE)
        self._now: list[NDArray[np.float32]] = []
        self._onset = self._speech = self._quiet = 0  # windows
        self._waits = False  # for a pause, after an utterance that was cut
        self.dropped = 0  # noises too short to be heard

    @property
    def talking(self) -> bool:
        """Whether somebody is in the middle of an utterance."""
        return bool(self._now)

    def feed(self, samples: Heard16) -> list[Utterance]:
        """What ended with these samples, of which there may be any number; usually nothing."""
        heard = np.concatenate([self._rest, samples])
        count = len(heard) // WINDOW
        self._rest = heard[count * WINDOW :]
        if not count:
            return []
        windows = heard[: count * WINDOW].reshape(count, WINDOW)
        found = (self._hear(window, float(p)) for window, p in zip(windows, self._probabilities(windows), strict=True))
        return [each for each in found if each]

    def gap(self, seconds: float) -> list[Utterance]:
        """Nothing came for so long, as when a browser sends nothing in silence: a pause like any other."""
        silence = np.zeros(WINDOW, np.float32)
        found = (self._hear(silence, 0.0) for _ in range(int(seconds * RATE / WINDOW)))
        return [each for each in found if each]

    def release(self) -> Utterance | None:
        """The button is let go: what was said until now, at once; None where nothing was."""
        self._now += [self._rest] if self._now and len(self._rest) else []
        self._rest = np.zeros(0, np.float32)
        said = self._end("release") if self._now else None
        self._before.clear()
        self._onset, self._waits = 0, False
        return said

    def _hear(self, window: NDArray[np.float32], probability: float) -> Utterance | None:
        if self._waits:
            self._quiet = self._quiet + 1 if probability < QUIET else 0
            self._waits = self._quiet < self._windows(self._pause)
            return None
        if not self._now:
            self._begin(window, probability)
            return None
        self._now.append(window)
        self._speech += probability >= SPEAKS
        self._quiet = self._quiet + 1 if probability < (QUIET if not self._quiet else SPEAKS) else 0
        if self._quiet >= self._windows(self._patience()):
            return self._end("pause")
        if len(self._now) >= self._windows(self._longest):
            self._waits = True
            return self._end("longest")
        return None

    def _begin(self, window: NDArray[np.float32], probability: float) -> None:
        self._before.append(window)
        self._onset = self._onset + 1 if probability >= SPEAKS else 0
        if self._onset >= ONSET:
            self._now, self._speech, self._quiet = list(self._before), self._onset, 0
            self._before.clear()
            self._onset = 0

    def _end(self, ended: Literal["pause", "release", "longest"]) -> Utterance | None:
        kept = self._now[: len(self._now) - max(0, self._quiet - BEHIND)] if ended == "pause" else self._now
        speech, samples = self._speech, np.concatenate(kept)
        self._now, self._speech, self._quiet = [], 0, 0
        if speech < LEAST:
            self.dropped += 1
            return None
        return Utterance(samples, speech * WINDOW / RATE, ended)

    def _patience(self) -> float:
        spoken = self._speech * WINDOW / RATE
        if spoken < SHORT:
            return self._pause * 1.6
        return self._pause * (0.75 if spoken > LONG else 1.0)

    @staticmethod
    def _windows(seconds: float) -> int:
        return max(1, round(seconds * RATE / WINDOW))
