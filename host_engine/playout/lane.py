"""Lanes: lines of one urgency, of which the next are always being made ready."""

from __future__ import annotations

import enum
import logging
from collections import deque
from collections.abc import Callable

from host_engine.playout.cue import Cue, Make
from host_engine.show.rundown import Line

log = logging.getLogger(__name__)

Feed = Callable[[], Line | None]

LONGEST_REST = 5  # seconds


class Cut(enum.Enum):
    """How a lane may take over from a less urgent one."""

    LINE = "when the line on air has been said"
    NOW = "at once"


class Lane:
    """Asks `feed()` for lines and keeps `depth` of them in preparation; others can be added."""

    def __init__(
        self, name: str, make: Make, feed: Feed = lambda: None, cut: Cut = Cut.LINE, depth: int = 2, fps: int = 25
    ) -> None:
        """Without a `feed` the lane says what is added to it, and nothing else."""
        self.name, self.make, self.feed, self.cut, self.depth, self.fps = name, make, feed, cut, depth, fps
        self.held = False  # a held lane keeps its cues ready but gives none out
        self.cues: deque[Cue] = deque()
        self._failures = 0  # in a row
        self._rest = 0  # frames to wait before the next attempt

    def fill(self) -> None:
        """Keep the cues in preparation. Called every frame.

        A cue that failed is passed over, and the lane rests a second, then two, four, five; so it does when its
        feed raises. No longer, as voices rest by themselves, and the lane is to notice when one is back.
        """
        while self.cues and self.cues[0].failed:
            self.cues.popleft()
            self._failed()
        self._rest -= self._rest > 0
        while not self._rest and len(self.cues) < self.depth and (line := self._next()):
            self.cues.append(Cue(line, self.make))

    def _next(self) -> Line | None:
        try:
            return self.feed()
        except Exception:
            log.exception("the lane '%s' has no next line because of a fault", self.name)
            self._failed()
            return None

    def _failed(self) -> None:
        self._failures += 1
        self._rest = min(2 ** (self._failures - 1), LONGEST_REST) * self.fps

    def add(self, line: Line) -> None:
        """Prepare a line at once, behind those that the lane already has; for what cannot wait for the next frame."""
        self.cues.append(Cue(line, self.make))

    @property
    def ready(self) -> bool:
        return bool(self.cues) and self.cues[0].ready and not self.held

    def take(self) -> Cue | None:
        """The next cue, if it is ready."""
        if not self.ready:
            return None
        self._failures = 0
        return self.cues.popleft()

    def again(self, line: Line) -> None:
        """Put an interrupted line back in front, to be said anew."""
        self.cues.appendleft(Cue(line, self.make))

    def clear(self) -> None:
        while self.cues:
            self.cues.pop().drop()
