"""Whether a network's lips come in time: when too many of the last two seconds did not, the network rests."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from host_engine.rests import Rests

log = logging.getLogger(__name__)

SPAN = 2  # seconds of pictures that are looked at
MOST = 0.2  # share of them that may be without lips


class Pace:
    """No lips are ordered while the network rests: after more than a fifth of two seconds of pictures had none in time.

    It rests 30 s, and twice as long each further time; then lips are ordered again. It is well once they have come in
    time for two seconds. `told` is given a sentence when it falls and when it is well, on whichever thread that was
    found out. Only pictures for which lips were ordered count.
    """

    def __init__(
        self,
        fps: int,
        told: Callable[[str], None] = lambda text: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.told = told
        self.name = "the network"
        self._rests = Rests(clock)
        self._span = SPAN * fps
        self._shots: deque[bool] = deque(maxlen=self._span)  # whether the lips came, oldest first
        self._missed = 0  # of them
        self._lock = threading.Lock()

    @property
    def ordering(self) -> bool:
        """Whether lips are to be ordered now."""
        return not self._rests.resting(self.name)

    @property
    def reason(self) -> str | None:
        """Why the network rests, or rested and is not well yet."""
        return self._rests.reasons.get(self.name)

    def shot(self, came: bool, why: str = "") -> None:
        """A picture was drawn, with its lips in time or without; `why` they did not come."""
        if not self.ordering:  # they were ordered before the network fell
            return
        with self._lock:
            if len(self._shots) == self._span:
                self._missed -= not self._shots[0]
            self._shots.append(came)
            self._missed += not came
            missed, seen = self._missed, len(self._shots)
            if missed > MOST * self._span:
                self._shots.clear()
                self._missed = 0
        if missed > MOST * self._span:
            self.fell(f"{missed} of {seen} pictures had no lips in time" + (f" ({why})" if why else ""))
        elif self.reason is not None and seen == self._span and self._rests.well(self.name):
            log.info("The lips of %s come in time again", self.name)
            self.told(f"the lips of '{self.name}' come in time again")

    def fell(self, reason: str) -> None:
        """The network cannot be used for now."""
        rest = self._rests.fell(self.name, reason)
        log.warning("The lips of %s rest for %.0f s: %s", self.name, rest, reason)
        self.told(f"the network '{self.name}' rests for {rest:.0f} s, and the lips are only warped: {reason}")
