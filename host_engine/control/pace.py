"""How often each of many may do something: a token bucket for every key, in bounded memory."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable


class Pace:
    """Lets each key do so much a second, and a burst at once after a pause. A rate of 0 is no limit.

    At most `most` keys are remembered; who has been quiet for longest is forgotten first, and then has a full bucket.
    """

    def __init__(
        self, rate: float, burst: float, most: int = 10_000, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """rate: a second. burst: at once, at least 1."""
        self._rate, self._burst, self._most, self._clock = rate, max(1.0, burst), most, clock
        self._credit: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()  # key -> credit, when it was counted

    def take(self, key: Hashable) -> float:
        """0.0 where it may be done now; else the seconds until it may."""
        if not self._rate:
            return 0.0
        now = self._clock()
        credit, counted = self._credit.pop(key, (self._burst, now))
        credit = min(self._burst, credit + (now - counted) * self._rate)
        granted = credit >= 1
        self._credit[key] = (credit - 1 if granted else credit, now)
        if len(self._credit) > self._most:
            self._credit.popitem(last=False)
        return 0.0 if granted else (1 - credit) / self._rate
