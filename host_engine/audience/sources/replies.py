"""Answers in writing on their way back to the chat that they came from."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import Any, NamedTuple

from host_engine.alarms import Alarms
from host_engine.audience.message import Message
from host_engine.audience.source import Source, SourceError
from host_engine.audience.sources.contact import plain
from host_engine.audience.sources.pace import Pace, Pacer

log = logging.getLogger(__name__)

MOST = 50  # that wait
LATE = 120.0  # seconds after which an answer in writing only confuses
PATIENCE = 10.0  # seconds for one reply, whatever the platform does
FAILING = 5  # failures in a row that are an alarm
PACE = Pace(20, 30.0)  # where a source names none


class _Waiting(NamedTuple):
    message: Message
    text: str
    at: float


class Replies:
    """Sends replies one after another, as often as the platform allows. Whoever hands one in never waits.

    Full, the oldest is dropped; one that is late is not sent. Each is counted: sent, failed (with the reason), not
    possible (the platform or the missing key does not allow it), dropped.
    """

    def __init__(self, name: str, source: Source, alarms: Alarms) -> None:
        self.sent = self.failed = self.impossible = self.dropped = 0
        self.error: str | None = None
        self._name, self._source, self._alarms = name, source, alarms
        self._pacer = Pacer(getattr(source, "pace", PACE))
        self._waiting: deque[_Waiting] = deque()
        self._in_a_row = 0
        self._news, self._live = asyncio.Event(), asyncio.Event()

    def status(self) -> dict[str, Any]:
        counts = {"sent": self.sent, "failed": self.failed, "impossible": self.impossible, "dropped": self.dropped}
        return counts | {"waiting": len(self._waiting), "error": self.error}

    def offer(self, message: Message, text: str) -> None:
        """Have the text sent."""
        if len(self._waiting) >= MOST:
            self._waiting.popleft()
            self.dropped += 1
        self._waiting.append(_Waiting(message, text, asyncio.get_running_loop().time()))
        self._news.set()

    def connected(self, live: bool) -> None:
        """Whether the chat is there to be written to."""
        if live:
            self._live.set()
        else:
            self._live.clear()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._news.wait()
            await self._live.wait()
            self._drop_late()
            if not self._waiting:
                self._news.clear()
                continue
            await self._pacer.turn()
            self._drop_late()
            if self._waiting and self._live.is_set():
                await self._send(self._waiting.popleft())

    def _drop_late(self) -> None:
        now = asyncio.get_running_loop().time()
        while self._waiting and now - self._waiting[0].at > LATE:
            self._waiting.popleft()
            self.dropped += 1

    async def _send(self, reply: _Waiting) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                done = await self._source.reply(reply.message, reply.text)
        except TimeoutError:
            self._fell(f"no answer within {PATIENCE:g} s")
        except (SourceError, OSError) as error:
            self._fell(str(error) or type(error).__name__)
        except Exception as error:
            if not self.failed:
                log.exception("chat %s: a reply could not be sent", self._name)
            self._fell(type(error).__name__)
        else:
            self.sent += bool(done)
            self.impossible += not done
            self._in_a_row = 0
            self._alarms.clear(f"chat/{self._name}/replies")

    def _fell(self, said: str) -> None:
        self.failed += 1
        self._in_a_row += 1
        self.error = said = plain(said)
        if self._in_a_row >= FAILING:
            text = f"{self._in_a_row} replies in a row did not reach the chat '{self._name}'; the last time: {said}"
            self._alarms.sound(f"chat/{self._name}/replies", text)
