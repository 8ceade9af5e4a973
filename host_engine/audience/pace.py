"""How much one viewer may write: so many messages a minute, a few of them at once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

REMEMBERED = 20_000  # viewers; who wrote longest ago is forgotten first


class Pace:
    """A bucket a viewer that fills with time and that each message takes from. Bounded."""

    def __init__(self, a_minute: float, remembered: int = REMEMBERED) -> None:
        self._refill = a_minute / 60
        self._most = max(1.0, a_minute / 2) if a_minute > 0 else 0.0
        self._remembered = remembered
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def allows(self, who: Hashable, now: float) -> bool:
        """Whether one more is allowed now, in seconds of any clock; if so it is taken."""
        left, at = self._buckets.pop(who, (self._most, now))
        left = min(self._most, left + max(0.0, now - at) * self._refill)
        allowed = left >= 1
        self._buckets[who] = (left - allowed, now)
        while len(self._buckets) > self._remembered:
            self._buckets.popitem(last=False)
        return allowed
