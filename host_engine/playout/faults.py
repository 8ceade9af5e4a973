"""Faults inside the tick: said, at most once a second, and an alarm until a minute has passed without one."""

from __future__ import annotations

import logging
from collections.abc import Callable

log = logging.getLogger(__name__)

QUIET = 60  # seconds without a fault end the alarm

Trouble = Callable[[str | None], None]


class Faults:
    """Keeps a fault of one frame from being more than that. `trouble` is told a sentence, and None when it is over."""

    def __init__(self, fps: int, trouble: Trouble) -> None:
        self.count = 0
        self._fps, self._trouble = fps, trouble
        self._last: int | None = None  # the frame of the last fault, while the alarm is raised
        self._said = -fps

    def at(self, n: int, what: str) -> None:
        """Called while the exception is handled: `what` went wrong at frame `n`."""
        self.count += 1
        if n - self._said >= self._fps:
            self._said = n
            log.exception("frame %d: %s (fault %d)", n, what, self.count)
        self._last = n
        self._trouble(f"the programme goes on in spite of a fault in it: {what}; the log has the details")

    def over(self, n: int) -> None:
        """Frame `n` is done with."""
        if self._last is not None and n - self._last > QUIET * self._fps:
            self._last = None
            self._trouble(None)
