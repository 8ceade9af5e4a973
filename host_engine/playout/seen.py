"""The programme as those see it who make answers: where the rundown is, and when an answer may come on air."""

from __future__ import annotations

from collections.abc import Callable, Set

from host_engine.playout.ahead import Ahead
from host_engine.playout.lane import Lane
from host_engine.playout.playout import Playout
from host_engine.show.rundown import Line, Rundown


class Seen:
    """Looks at the playout and at the answers lane; all on the event loop."""

    def __init__(self, playout: Playout | Ahead, answers: Lane, rundown: Callable[[], Rundown]) -> None:
        self._playout, self._answers, self._rundown = playout, answers, rundown
        self._at: Line | None = None  # the line of the rundown that was on air last

    @property
    def line(self) -> Line | None:
        """On air now."""
        line = self._playout.now.line
        if line is not None and line.place is not None:
            self._at = line
        return line

    @property
    def product(self) -> str | None:
        """Id of the product that the rundown is at."""
        return self._here.product if self._here else None

    @property
    def segment(self) -> str:
        """The one that the rundown is at."""
        return self._here.segment if self._here else "answers"

    @property
    def next_product(self) -> str | None:
        """Id of the product that the rundown comes to next."""
        rundown, here = self._rundown(), self._here
        entries = rundown.entries
        first = next((n for n, entry in enumerate(entries) if here and entry.id == here.id.partition(":")[0]), -1)
        following = (entries[(first + k) % len(entries)].product for k in range(1, len(entries) + 1))
        return next((id for id in following if id and id != self.product), None)

    @property
    def border(self) -> float | None:
        """Seconds until an answer may come on air; None where that is too far ahead to be seen."""
        frames = self._playout.border
        return None if frames is None else frames / self._answers.fps

    def prepared(self, line: Line) -> bool:
        """Whether nothing more is to be waited for: the line can go on air at once, or has been, or never will be."""
        return next((cue.ready for cue in self._answers.cues if cue.line is line), True)

    def coming(self, line: Line) -> bool:
        """Whether the line is on its way to the air, or on it."""
        return self._playout.coming(line) or self._playout.now.line is line

    def hurry(self) -> None:
        """Have the answers' lines made ready that are there, without waiting for the next frame."""
        self._answers.fill()

    def put_first(self, line: Line) -> None:
        """Make the line ready in front of all other answers."""
        self._answers.again(line)

    def withdraw(self, lines: Set[str]) -> None:
        """Let go of the lines of these ids that are not on air."""
        self._answers.withdraw(set(lines))

    @property
    def _here(self) -> Line | None:
        _ = self.line
        return self._at
