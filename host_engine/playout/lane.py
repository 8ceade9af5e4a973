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
MOST_PASSED_OVER = 25  # lines in a row


class Cut(enum.Enum):
    """How a lane may take over from a less urgent one."""

    LINE = "when the line on air has been said"
    PAUSE = "at the next pause of a long line, which goes on there afterwards; else as LINE"
    NOW = "at once"


class Lane:
    """Asks `feed()` for lines and keeps `depth` of them in preparation; others can be added.

    `follows(line)` says whether more is coming that belongs to a line of this lane: the air is kept free for it.
    `refused(line)` is told of a line that nothing backs any more, and may see to it that it is made anew.
    """

    def __init__(
        self, name: str, make: Make, feed: Feed = lambda: None, cut: Cut = Cut.LINE, depth: int = 2, fps: int = 25
    ) -> None:
        """Without a `feed` the lane says what is added to it, and nothing else."""
        self.name, self.make, self.feed, self.cut, self.depth, self.fps = name, make, feed, cut, depth, fps
        self.follows: Callable[[Line], bool] = lambda line: False
        self.refused: Callable[[Line], None] = lambda line: None
        self.passed_over: Callable[[Line], None] = lambda line: None  # told of a line that may not be said after all
        self.held = False  # a held lane keeps its cues ready but gives none out
        self.ordered = cut is Cut.NOW  # by operators: it is said while the show is held
        self.cues: deque[Cue] = deque()
        self._failures = self._passed_over = 0  # in a row
        self._rest = 0  # frames to wait before the next attempt

    def fill(self) -> None:
        """Keep the cues in preparation. Called every frame.

        The first cue that fails after one that went well is made once more, at once, so that its line is not skipped.
        A cue that fails again is passed over, and the lane rests a second, then two, four, five; so it does when its
        feed raises. No longer, as voices rest by themselves, and the lane is to notice when one is back.
        """
        while self.cues and self.cues[0].failed:
            failed = self.cues.popleft()
            if failed.passed_over:
                self._pass_over(failed.line)
            elif self._failures == 0 and not failed.begun:
                self._failures = 1
                self.again(failed.line)
            else:
                self._failed()
        self._rest -= self._rest > 0
        while not self._rest and len(self.cues) < self.depth and (line := self._next()):
            self.cues.append(Cue(line, self.make))

    def _pass_over(self, line: Line) -> None:
        """The next line follows at once; where there are only such lines, the lane does not go round and round."""
        try:
            self.passed_over(line)
        except Exception:
            log.exception("nobody could be told that the line %s is passed over", line.id)
        self._passed_over += 1
        if self._passed_over % MOST_PASSED_OVER == 0:
            self._rest = LONGEST_REST * self.fps

    def _next(self) -> Line | None:
        try:
            return self.feed()
        except Exception:
            log.exception("the lane '%s' has no next line because of a fault", self.name)
            self._failed()
            return None

    def _failed(self) -> None:
        self._failures += 1
        self._rest = min(2 ** max(0, self._failures - 2), LONGEST_REST) * self.fps

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
        self._failures = self._passed_over = 0
        return self.cues.popleft()

    def again(self, line: Line) -> None:
        """Put an interrupted line back in front, to be said anew."""
        self.cues.appendleft(Cue(line, self.make))

    def suspend(self, cue: Cue) -> None:
        """Put an interrupted cue back in front, to go on where it was."""
        self.cues.appendleft(cue)

    def withdraw(self, lines: set[str]) -> None:
        """Let go of the lines of these ids that are not on air."""
        for cue in [cue for cue in self.cues if cue.line.id in lines]:
            self.cues.remove(cue)
            cue.drop()

    def clear(self) -> None:
        while self.cues:
            self.cues.pop().drop()
