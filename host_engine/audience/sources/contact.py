"""Whether a chat is heard, since when, and when it was not."""

from __future__ import annotations

import asyncio
import logging
import re
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from host_engine.alarms import Alarms

log = logging.getLogger(__name__)

PATIENCE = 5.0  # seconds without a chat after which it is an alarm
GAPS = 20  # that are told
LONGEST = 400  # characters of what went wrong

State = Literal["connecting", "live", "waiting", "refused"]


def plain(said: str) -> str:
    """What a platform said, as it may stand in a log or an alarm: one line of no great length."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", said)[:LONGEST]


class Contact:
    """The state of one chat, as /status tells it; a chat that stays away is an alarm.

    `gaps`: from the last sign of life to the next one, the newest last; `to` is None while it lasts. Before a chat was
    heard for the first time there is no gap, only the alarm.
    """

    def __init__(self, name: str, kind: str, alarms: Alarms, wall: Callable[[], float]) -> None:
        self.state: State = "connecting"
        self.error: str | None = None
        self.sessions = 0  # times that it was heard anew
        self.gaps: deque[dict[str, datetime | None]] = deque(maxlen=GAPS)
        self._what, self._alarm, self._alarms, self._wall = f"the chat '{name}' ({kind})", f"chat/{name}", alarms, wall
        self.since = self._now()
        self._patience: asyncio.TimerHandle | None = None

    def status(self) -> dict[str, Any]:
        return {"state": self.state, "since": self.since, "gaps": list(self.gaps), "error": self.error}

    def connecting(self) -> None:
        self._enter("connecting")
        self._expect()

    def live(self) -> None:
        """It is heard."""
        if self.state == "live":
            return
        self.sessions += 1
        self.error = None
        self._enter("live")
        if self.gaps and self.gaps[-1]["to"] is None:
            self.gaps[-1]["to"] = self.since
        self._calm()
        log.info("%s is heard", self._what)

    def lost(self, said: str, silent: float, again: float) -> None:
        """It is not heard any more, or not yet; the last sign of life is `silent` seconds ago, the next try `again`."""
        said = plain(said)
        self._down(said, silent)
        self._enter("waiting")
        self._expect()
        log.warning("%s is not heard: %s; again in %.1f s", self._what, said, again)
        if self._patience is None:  # the alarm stands already: it shall tell the newest reason
            self._sound()

    def refused(self, said: str, silent: float) -> None:
        """It cannot be heard, and is not tried again."""
        said = plain(said)
        self._down(said, silent)
        self._enter("refused")
        self._calm()
        self._alarms.sound(f"{self._alarm}/refused", f"{self._what} cannot be heard and is not tried again: {said}")

    def _down(self, said: str, silent: float) -> None:
        if self.state == "live":
            self.gaps.append({"from": self._now() - timedelta(seconds=silent), "to": None})
        self.error = said

    def closed(self) -> None:
        """Nobody listens any more."""
        if self._patience:
            self._patience.cancel()
            self._patience = None

    def _expect(self) -> None:
        """From now on it is missed, unless it was missed before."""
        standing = f"{self._alarm}/lost" in {each.name for each in self._alarms.raised}
        if self._patience is None and not standing:
            self._patience = asyncio.get_running_loop().call_later(PATIENCE, self._sound)

    def _sound(self) -> None:
        self._patience = None
        reason = self.error or "there is no answer yet"
        self._alarms.sound(f"{self._alarm}/lost", f"{self._what} is not heard: {reason}; it is tried again")

    def _calm(self) -> None:
        self.closed()
        self._alarms.clear(f"{self._alarm}/lost")

    def _enter(self, state: State) -> None:
        if state != self.state:
            self.state, self.since = state, self._now()

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._wall(), UTC)
