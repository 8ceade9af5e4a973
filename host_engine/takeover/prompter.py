"""The prompter: what the host would say next, for the human who speaks in her place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from host_engine.playout.lane import Lane
from host_engine.show.rundown import Card, Line

SHOWN = 6


class Prompter:
    """Shows the lines that are made ready: with the first of them the show goes on when the human hands back, so
    whoever has said it asks for the next."""

    def __init__(self, rundown: Lane, after: Callable[[Line], list[Line]] = lambda line: []) -> None:
        """`after`: what is likely to follow a line, and is not made ready yet."""
        self._rundown, self._after = rundown, after

    @property
    def lines(self) -> list[Line]:
        """The sentence that the show goes on with, and those after it."""
        ready = [cue.line for cue in self._rundown.cues if not cue.failed]
        return [*ready, *(self._after(ready[-1]) if ready else [])][:SHOWN]

    @property
    def card(self) -> Card | None:
        """The card of the first line, as the catalog in force has it."""
        first = next((cue for cue in self._rundown.cues if not cue.failed), None)
        return first.line.card if first else None

    def listed(self) -> list[dict[str, Any]]:
        """The lines in plain values: {id, text, segment, product}."""
        return [
            {"id": each.id, "text": each.text, "segment": each.segment, "product": each.product} for each in self.lines
        ]

    def next(self, expect: str | None = None) -> Line | None:
        """The first line has been said by the human: it is not said again. The line that was, None where there is none.

        `expect`: the id that the human saw. Raises LookupError where another one is first by now.
        """
        cues = self._rundown.cues
        if not cues:
            return None
        if expect is not None and cues[0].line.id != expect:
            raise LookupError(f"The line {expect} is not the first on the prompter any more; {cues[0].line.id} is.")
        cue = cues.popleft()
        cue.drop()
        self._rundown.fill()
        return cue.line
