"""What has failed is left alone for 30 seconds, and twice as long each time it fails again, up to ten minutes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import NamedTuple

FIRST, MOST = 30.0, 600.0  # seconds


class _Rest(NamedTuple):
    reason: str
    until: float  # by the clock
    length: float  # seconds


class Rests:
    """Who rests, by name, and why. Somebody rests until told to be well, but may be tried again when the time is up.

    Safe from any thread. `clock` gives seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._rests: dict[str, _Rest] = {}

    def fell(self, name: str, reason: str) -> float:
        """`name` has failed. Returns for how many seconds it is to be left alone.

        One that fails while it rests, as it was at work twice or was tried for want of another, rests no longer for it.
        """
        with self._lock:
            before = self._rests.get(name)
            if before and (left := before.until - self._clock()) > 0:
                self._rests[name] = before._replace(reason=reason)
                return left
            length = min(before.length * 2, MOST) if before else FIRST
            self._rests[name] = _Rest(reason, self._clock() + length, length)
        return length

    def well(self, name: str) -> bool:
        """`name` has worked. Returns whether that is news."""
        with self._lock:
            return self._rests.pop(name, None) is not None

    def resting(self, name: str) -> bool:
        """Whether `name` is to be left alone now."""
        with self._lock:
            rest = self._rests.get(name)
        return rest is not None and self._clock() < rest.until

    @property
    def reasons(self) -> dict[str, str]:
        """Those that failed and have not worked since: name -> why."""
        with self._lock:
            return {name: rest.reason for name, rest in self._rests.items()}
