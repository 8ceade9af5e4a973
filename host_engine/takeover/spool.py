"""The voice on its way to the air: what has come waits a moment, and leaves frame by frame, by the engine's clock."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from host_engine.media import Samples

RATE = 48_000
WAIT = 0.12  # seconds of sound that wait at each frame: the frame, what the lips need to see ahead, and some jitter
NEAR = 0.006  # seconds around that which are left as they are
SOFTLY = 5.0  # seconds in which a difference is made up for by a slightly other speed
FASTEST = 0.005  # part by which the speed may differ
PAUSE, HIGH = 0.03, 0.3  # seconds too much that a pause is shortened by; and that are left out wherever it is
SILENT = 10 ** (-50 / 20)  # effective level of a frame that counts as a pause
LONGER, LONGEST = 0.02, 2.0  # seconds more that are waited for after it ran dry; times `WAIT` at most
EDGE = RATE // 200  # samples of a soft edge
SHARE = 0.04  # of the latest look in the mean of how much waits


class Spool:
    """On the event loop. A frame is always full: where too little has come, the voice fades, and silence follows until
    enough waits again, a little more each time. Clocks drift: the speed differs by at most half a percent to
    make up for it."""

    def __init__(self, size: int, wait: float = WAIT) -> None:
        """`size`: samples of a frame."""
        self._size = size
        self._least = self._wait = round(wait * RATE)
        self._held = np.zeros(0, np.float32)
        self._first = 0  # number, in the voice, of the first sample held
        self._at = 0.0  # where the next frame begins, in samples from there
        self._flowing = False
        self._mean = float(self._wait)
        self.began = 0  # the number, in the voice, of the sample that the last frame began with
        self.dry = self.skipped = 0  # times that it ran dry; samples that were left out

    @property
    def ready(self) -> bool:
        """Whether enough waits to begin."""
        return self.waiting >= self._wait

    @property
    def waiting(self) -> int:
        """Samples that have come and not left."""
        return int(len(self._held) - self._at)

    def push(self, samples: Samples) -> None:
        """More has come."""
        self._held = np.concatenate([self._held, samples])
        if not self._flowing and self.waiting > 2 * self._wait:
            self._leave_out(self.waiting - self._wait)  # nobody has listened yet: what is old is not waited for

    def pull(self) -> Samples:
        """The next frame (size,)."""
        if not self._flowing:
            if not self.ready:
                return np.zeros(self._size, np.float32)
            self._leave_out(self.waiting - self._wait - self._size)  # the first word is not cut for less
            self._flowing, self._mean = True, float(self.waiting)
            self.began = self._first + int(self._at)
            return _risen(self._taken(1.0))
        self._catch_up()
        self.began = self._first + int(self._at)
        if self.waiting < self._size + 3:
            return self._run_dry()
        self._mean += SHARE * (self.waiting - self._mean)
        self._wait = max(self._least, self._wait - 1)
        return self._taken(self._speed())

    def _speed(self) -> float:
        away = self._mean - self._wait
        if abs(away) < NEAR * RATE:
            return 1.0
        return 1 + float(np.clip(away / (SOFTLY * RATE), -FASTEST, FASTEST))

    def _catch_up(self) -> None:
        """Leave out a pause, or anything, where much more waits than ought to: a burst after a stall."""
        extra = self.waiting - self._wait
        if extra > HIGH * RATE:
            self._leave_out(extra, softly=True)
        elif extra > PAUSE * RATE:
            begin = int(self._at)
            coming = self._held[begin : begin + self._size]
            if float(np.sqrt(np.square(coming).mean())) < SILENT:
                self._leave_out(min(extra, self._size))

    def _leave_out(self, count: int, softly: bool = False) -> None:
        if count <= 0:
            return
        before = self._held[int(self._at) :][:EDGE]
        self._at += count
        self.skipped += count
        self._mean = float(self._wait)
        self._forget()
        if softly and len(before) == EDGE:
            begin = int(self._at)
            ramp = np.linspace(0, 1, EDGE, dtype=np.float32)
            self._held[begin : begin + EDGE] *= ramp
            self._held[begin : begin + EDGE] += before * (1 - ramp)

    def _run_dry(self) -> Samples:
        self.dry += 1
        self._flowing = False
        self._wait = min(self._wait + round(LONGER * RATE), round(LONGEST * self._least))
        rest = self._held[int(self._at) :][: self._size]
        self._at += len(rest)
        self._forget()
        count = min(len(rest), EDGE)
        out = np.pad(rest, (0, self._size - len(rest)))
        out[len(rest) - count : len(rest)] *= np.linspace(1, 0, count, dtype=np.float32)
        return out

    def _taken(self, speed: float) -> Samples:
        """The next frame at that speed."""
        begin, part = divmod(self._at, 1.0)
        if speed == 1.0 and not part:
            out = self._held[int(begin) : int(begin) + self._size].copy()
        else:
            out = _between(self._held, self._at + np.arange(self._size) * speed)
        self._at = min(self._at + self._size * speed, float(len(self._held)))
        self._forget()
        return out

    def _forget(self) -> None:
        """Let go of what has left, but for one sample that the next may be drawn from."""
        gone = max(0, int(self._at) - 1)
        self._held = self._held[gone:].copy()
        self._first, self._at = self._first + gone, self._at - gone


def _between(samples: Samples, at: NDArray[np.floating]) -> Samples:
    """The samples at places between them, on a smooth curve through four (Catmull and Rom)."""
    whole = np.floor(at).astype(np.int64)
    t = (at - whole).astype(np.float32)
    last = len(samples) - 1
    a, b, c, d = (samples[np.clip(whole + k, 0, last)] for k in (-1, 0, 1, 2))
    curve: Samples = b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
    return curve.astype(np.float32)


def _risen(samples: Samples) -> Samples:
    """The samples with a soft beginning."""
    samples[:EDGE] *= np.linspace(0, 1, EDGE, dtype=np.float32)
    return samples
