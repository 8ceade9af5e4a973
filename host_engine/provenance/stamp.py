"""What each key frame of a channel says of itself, in the words of the day."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import metadata

from host_engine.outputs.marks import compact
from host_engine.provenance.label import COMPOSITE, TRAINED, aigc

log = logging.getLogger(__name__)


class Stamp:
    """Gives the words for a frame's number; never raises, as it is asked on the way to the air, and costs microseconds.

    id: of what is on air from this start of the channel on; the same in every stream and file. now: the time on the
    wall. recorded: what tells whether something that is seen or heard now was recorded, not made; add to it. A fault of
    one counts as yes.
    """

    def __init__(
        self, channel: str, producer: str, id: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.producer, self.id = producer, id
        self.recorded: list[Callable[[], bool]] = []
        self.source = TRAINED  # as the last key frame has it
        self._now = now
        told = {"generator": f"host-engine {metadata.version('host-engine')}", "channel": channel}
        self._words = {
            source: compact({"AIGC": aigc(producer, id), "digitalSourceType": source, **told})[:-1]
            for source in (TRAINED, COMPOSITE)
        }

    def __call__(self, n: int) -> bytes:
        self.source = COMPOSITE if self._mixed() else TRAINED
        time = self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return f'{self._words[self.source]},"frame":{n},"time":"{time}"}}'.encode()

    def _mixed(self) -> bool:
        try:
            return any(each() for each in self.recorded)
        except Exception:
            log.exception("nobody can tell whether what is on air was recorded; it is marked as if it were, in part")
            return True
