"""What the channel does without at the moment: the ladder put to work, and told to whoever must know."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

from host_engine.playout.ladder import Ladder, Rung
from host_engine.timing import Row

log = logging.getLogger(__name__)

ALARM = "programme/degraded"


class Takes(Protocol):
    """The program: it makes pictures as a rung has it."""

    @property
    def settled(self) -> bool: ...
    def take(self, rung: Rung) -> None: ...


class Moves(Protocol):
    """The mouths: which one moves the lips, and a sentence while that is not the first."""

    @property
    def used(self) -> str: ...
    @property
    def trouble(self) -> str | None: ...


class Degradation:
    """Sees the row of each frame, on the event loop, and lets the program take the rung that the ladder says.

    Each step is a fact: a line in the log, a call of `told`, an alarm while anything is missing, and the status.
    """

    def __init__(
        self,
        rungs: tuple[Rung, ...],
        fps: int,
        program: Takes,
        mouths: Moves,
        alarm: Callable[[str, str | None], object] = lambda name, trouble: None,
        told: Callable[[str], object] = lambda text: None,
    ) -> None:
        """`alarm` is told a name, and a sentence or None; `told` a sentence for the journal. Neither may wait."""
        self.ladder = Ladder(len(rungs), fps)
        self.told = told
        self._rungs, self._program, self._mouths, self._alarm = rungs, program, mouths, alarm
        self._since = datetime.now(UTC)
        self._why = ""  # of the last step down

    def see(self, row: Row) -> None:
        """Take note of a frame."""
        before = self.ladder.rung
        now = self.ladder.see(row, not self.ladder.waiting or self._program.settled)  # asked only where it matters
        if now != before:
            self._program.take(self._rungs[now])
            way = "down" if now > before else "up"
            self._why = self.ladder.reason if now > before else self._why
            self._tell(f"a step {way} to '{self._rungs[now].name}': {self.ladder.reason}")

    def mouth_changed(self, text: str) -> None:
        """A mouth fell or came back; called on any thread."""
        self._tell(text)

    def status(self) -> dict[str, object]:
        """For /status: the rung (0 is the top) and its name, the mouth, why and since when."""
        return {
            "rung": self.ladder.rung,
            "name": self._rungs[self.ladder.rung].name,
            "mouth": self._mouths.used,
            "reason": self.trouble or "",
            "since": self._since,
        }

    @property
    def trouble(self) -> str | None:
        """A sentence about what is missing now, and why."""
        missing = [rung.lost for rung in self._rungs[1 : self.ladder.rung + 1]]
        said = [f"{self._why}, so for now {', '.join(missing)}"] if missing else []
        if self._mouths.trouble:
            said.append(self._mouths.trouble)
        return "; ".join(said) or None

    def _tell(self, text: str) -> None:
        self._since = datetime.now(UTC)
        log.warning("ladder: %s", text)
        trouble = self.trouble
        self._alarm(ALARM, f"the programme is not at its best: {trouble}" if trouble else None)
        self.told(text)
