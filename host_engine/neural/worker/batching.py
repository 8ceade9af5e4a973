"""How many orders the next batch takes, and whether a fuller batch is worth waiting for: a pure rule."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

BUCKETS = (1, 2, 4, 8, 16, 32)  # sizes of batches
KEPT = 16  # measured times of each bucket that count
LINGER = 0.004  # seconds that an order may wait for company while nothing is at work
LEAD = 0.002  # seconds before the card is free at which the next batch is sent after: it is copied meanwhile
MARGIN = 0.002  # seconds from the end of a batch to its pictures in the hands of the channels
SEEN = 4  # largest batches that the rule looks ahead


class Pace:
    """How long a batch of each bucket takes here, as measured: the upper quartile of the last ones.

    So one slow batch changes little, a card that has become slow is known after a few, and that it is quick again, at
    once.
    """

    def __init__(self, buckets: Sequence[int]) -> None:
        self.buckets = tuple(sorted(buckets))
        self._times: dict[int, deque[float]] = {}
        self._seconds: dict[int, float] = {}

    @property
    def largest(self) -> int:
        return self.buckets[-1]

    def bucket(self, count: int) -> int:
        """The smallest bucket that holds so many orders, or the largest."""
        return next((each for each in self.buckets if each >= count), self.largest)

    def add(self, bucket: int, seconds: float) -> None:
        times = self._times.setdefault(bucket, deque(maxlen=KEPT))
        if seconds < self._seconds.get(bucket, 0.0) / 2:  # it is quick again: what was slow says nothing any more
            times.clear()
        times.append(seconds)
        self._seconds[bucket] = sorted(times)[(len(times) - 1) * 3 // 4]

    def of(self, count: int) -> float:
        """Seconds that a batch of so many orders takes; in proportion to a smaller one, where none was measured.

        No more than a larger one takes: what was measured of a small one may be old.
        """
        bucket = self.bucket(count)
        known = [seconds for each, seconds in self._seconds.items() if each >= bucket]
        if known:
            return min(known)
        below = max(self._seconds, default=0)
        return self._seconds[below] * bucket / below if below else 0.0

    def known(self) -> dict[int, float]:
        """Milliseconds of each bucket that was measured."""
        return {bucket: round(seconds * 1000, 3) for bucket, seconds in sorted(self._seconds.items())}

    def within(self, largest: int) -> Pace:
        """The same without the buckets above `largest`."""
        pace = Pace([each for each in self.buckets if each <= largest])
        for bucket in pace.buckets:
            if bucket in self._times:
                pace._times[bucket], pace._seconds[bucket] = self._times[bucket], self._seconds[bucket]
        return pace


class Form(NamedTuple):
    """What to do now: a batch of the `take` most urgent; or nothing, and look again after `wait` seconds at most."""

    take: int = 0
    wait: float | None = None  # None: until something happens
    end: float = 0.0  # when the batch's pictures will be there: whoever's deadline is earlier has no place in it


def form(
    deadlines: Sequence[float], now: float, free: float, pace: Pace, channels: int, oldest: float, owed: bool = False
) -> Form:
    """`deadlines` of the orders that wait, the most urgent first; `free`: when the card has done what it was given.

    channels: how many give orders at present. oldest: when the order that waits longest was given. owed: whether the
    most urgent must be served, as its channel was passed over before. All in seconds of one clock. While the card is at
    work, waiting costs nothing; while it is not, a fuller batch is waited for only if somebody is still expected, no
    longer than `LINGER`, and never so long that it would endanger a deadline.
    """
    if not deadlines:
        return Form()
    if free > now + LEAD:
        return Form(wait=free - LEAD - now)
    start = max(now, free)
    if len(deadlines) < min(channels, pace.largest):
        fuller = pace.of(len(deadlines) + 1) + MARGIN
        until = min(oldest + LINGER, min(deadlines) - fuller)
        if until > now:
            return Form(wait=until - now)
    return best(deadlines, start, pace, owed)


def best(deadlines: Sequence[float], start: float, pace: Pace, owed: bool = False) -> Form:
    """The batch to begin at `start` by which most orders are in time; of equal ones the quickest in all.

    Small batches are quick, large ones do more a second, and may cost those whose deadline is near; not the most urgent
    where it is `owed`. What comes after the batch is played through with full ones.
    """
    ahead = deadlines[: pace.largest * SEEN]
    sizes = {each for each in pace.buckets if each <= len(ahead)} | {min(len(ahead), pace.largest)}
    ends = {size: start + pace.of(size) + MARGIN for size in sizes}
    if owed:
        sizes = {size for size in sizes if ends[size] <= ahead[0]}

    def worth(size: int) -> tuple[int, float, int]:
        made, end = _played(ahead, size, start, pace)
        return made, -end, size

    size = max(sizes, key=worth, default=1)
    if worth(size)[0] == 0:  # it is only tried whether batches are really so slow
        return Form(take=1)
    return Form(take=size, end=ends[size])


def _played(deadlines: Sequence[float], first: int, start: float, pace: Pace) -> tuple[int, float]:
    """How many are in time, and when all is done, if the first batch takes `first` and the others all they can."""
    made, at, size, waiting = 0, start, first, list(deadlines)
    while waiting:
        end = at + pace.of(min(size, len(waiting))) + MARGIN
        waiting = [deadline for deadline in waiting if deadline >= end]
        if waiting:
            made, at = made + len(waiting[:size]), end - MARGIN
        waiting, size = waiting[size:], pace.largest
    return made, at
