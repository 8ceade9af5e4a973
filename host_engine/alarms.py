"""What somebody should look at now: each trouble has a name, is raised once and cleared when it is over."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

log = logging.getLogger(__name__)


class Alarm(NamedTuple):
    """One trouble: `name` is "what/trouble", such as "youtube/behind"; `text` a sentence for whoever must act."""

    name: str
    text: str
    since: datetime  # UTC
    over: bool = False


class Alarms:
    """The troubles of the channel. Raised and cleared from any thread; an alarm raised twice is one alarm.

    `hooks` are told of each alarm when it is raised and when it is over, on the thread that did it: they must not wait.
    """

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.hooks: list[Callable[[Alarm], None]] = []
        self._now = now
        self._raised: dict[str, Alarm] = {}
        self._lock = threading.Lock()

    @property
    def raised(self) -> tuple[Alarm, ...]:
        """The troubles that are not over, oldest first."""
        with self._lock:
            return tuple(self._raised.values())

    def sound(self, name: str, text: str) -> None:
        """Raise the alarm `name`, or put its text right where it is raised already."""
        with self._lock:
            before = self._raised.get(name)
            alarm = Alarm(name, text, before.since if before else self._now())
            self._raised[name] = alarm
        if before is None:
            log.error("alarm %s: %s", name, text)
            self._tell(alarm)

    def clear(self, name: str) -> None:
        """The trouble `name` is over; nothing happens where it was not raised."""
        with self._lock:
            alarm = self._raised.pop(name, None)
        if alarm is not None:
            log.info("alarm %s is over: %s", name, alarm.text)
            self._tell(alarm._replace(over=True))

    def check(self, name: str, trouble: str | None) -> None:
        """Raise the alarm with the text `trouble`, or clear it where there is none."""
        if trouble:
            self.sound(name, trouble)
        else:
            self.clear(name)

    def _tell(self, alarm: Alarm) -> None:
        for hook in self.hooks:
            try:
                hook(alarm)
            except Exception:
                log.exception("the alarm %s could not be passed on", alarm.name)
