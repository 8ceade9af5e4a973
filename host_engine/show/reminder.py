"""Hands out the mandatory lines that are due, part after part, and remembers which were said."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime

from host_engine.show.catalog import Product
from host_engine.show.mandatory import Mandatory, due
from host_engine.show.rundown import Line
from host_engine.show.script import Script
from host_engine.show.utterance import Utterance

AGAIN = 20.0  # seconds after which a line is tried again that could not be said
LATE = 15.0  # seconds behind the last moment at which somebody is to know


class Reminder:
    """The feed of the lane of mandatory lines. One is handed out at a time, and counts once its last part was said."""

    def __init__(self, script: Script, now: Callable[[], datetime], coming: Callable[[Line], bool]) -> None:
        """`coming`: whether a line is on its way to the air, or on it."""
        self._script, self._now, self._coming = script, now, coming
        self._line: Mandatory | None = None  # in hand
        self._parts: deque[Line] = deque()
        self._given: dict[str, Line] = {}
        self._began: float | None = None  # when its first part came on air, in UNIX seconds
        self._not_before: dict[str, float] = {}
        self.presented: str | None = None  # id of the product that the rundown is at

    def feed(self) -> Line | None:
        """The next part of a mandatory line, if one is due. Costs some microseconds where none is."""
        mandatory = self._script.show.rundown.mandatory
        if not self._script.history.since or not (mandatory or self._line):
            return None
        now = self._now().timestamp()
        if self._line is not None:
            self._look_after(now)
        if self._line is None:
            waiting = [line for line in mandatory if self._not_before.get(line.id, 0.0) <= now]
            self._take(due(waiting, self._script.history, now, self._product()))
        if not self._parts:
            return None
        line = self._parts.popleft()
        self._given[line.id] = line
        return line

    def on_air(self, line: Line | None) -> None:
        """This line has come on air; None: the host idles."""
        if line is None:
            return
        if line.place is not None:
            self.presented = line.product
        elif line.id in self._given and self._began is None:
            self._began = self._now().timestamp()

    def said(self, utterance: Utterance) -> None:
        """A line has gone off the air."""
        line = utterance.line
        if line.mandatory is None or utterance.cut:
            return
        if line.place is not None:
            self._told(line.mandatory, utterance.began.timestamp())
        elif line.id in self._given:
            del self._given[line.id]
            if not self._given and not self._parts and self._line is not None:
                began = utterance.began.timestamp() if self._began is None else self._began
                self._told(self._line.id, began)
                self._let_go()

    def late(self) -> list[tuple[Mandatory, float]]:
        """The mandatory lines that should have been said, and by how many seconds they are late."""
        now, history = self._now().timestamp(), self._script.history
        if not history.since:
            return []
        history = history.at(now)
        lines = [each for each in self._script.show.rundown.mandatory if each.concerns(self._product())]
        return [(each, now - each.deadline(history)) for each in lines if now - each.deadline(history) > LATE]

    def _product(self) -> Product | None:
        catalog = self._script.show.catalog
        return catalog.product(self.presented) if self.presented and catalog.has(self.presented) else None

    def _take(self, line: Mandatory | None) -> None:
        if line is None:
            return
        words = line.variant(self._script.history)
        made = [self._script.show.mandatory_line(line, words, part) for part in range(len(words))]
        self._line, self._parts, self._began = line, deque(made), None

    def _look_after(self, now: float) -> None:
        """What was handed out and will not be said any more is tried again after a while."""
        if self._given and not any(self._coming(each) for each in self._given.values()):
            assert self._line
            self._not_before[self._line.id] = now + AGAIN
            self._let_go()

    def _told(self, id: str, at: float) -> None:
        self._script.history = self._script.history.at(at).told(id, at)

    def _let_go(self) -> None:
        self._line, self._began = None, None
        self._parts.clear()
        self._given.clear()
