"""The synthetic audience at the desk: asks what it is to ask, and notes what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

from host_engine.audience.desk import Desk
from host_engine.audience.event import Event
from host_engine.audience.message import Message as Taken
from host_engine.audience.source import Heard
from host_engine.audience.tally import End
from host_engine.rehearsal.heard import Asked, Rehearsed
from host_engine.rehearsal.viewers import Message

SOURCE = "rehearsal"


class Watching:
    """Knows each message by the receipt that the desk gave for it. What becomes of it is what the inbox tells, which
    ends every message once: so the figures add up."""

    def __init__(self, rehearsed: Rehearsed, now: Callable[[], datetime]) -> None:
        self._rehearsed, self._now = rehearsed, now
        self._by_id: dict[str, Asked] = {}
        self._expecting: dict[str, Message] = {}
        self._joined: set[str] = set()  # messages that ended as they came, together with others

    def watch(self, desk: Desk) -> None:
        """Ask at this desk from now on."""
        self._desk = desk
        desk.hooks.append(self._happened)

    async def ask(self, messages: Iterable[Message]) -> None:
        """Write each message when its time comes."""
        loop = asyncio.get_running_loop()
        for n, message in enumerate(messages):
            asked = message.asked
            await asyncio.sleep(max(0.0, asked.at - loop.time()))
            self._rehearsed.asked.append(asked)
            receipt = self._desk.take(Heard(asked.text, f"viewer-{n}", asked.name), SOURCE)
            if receipt.state == "refused":
                asked.fate, asked.reason = "refused", receipt.reason
            else:
                asked.fate = "joined" if receipt.id in self._joined else "waiting"
                self._by_id[receipt.id], self._expecting[receipt.id] = asked, message

    def ended(self, message: Taken, how: End, reason: str) -> None:
        """A message has ended in its one way: for the inbox."""
        asked = self._by_id.get(message.id)
        if asked is None:
            if how == "joined":
                self._joined.add(message.id)
        elif how == "joined":
            asked.fate = "joined"
        elif how == "answered":
            asked.fate = "answered" if message.kind != "question" else asked.fate  # a question, when all is said
        else:
            asked.fate, asked.reason = "dropped", reason or how

    def _happened(self, event: Event) -> None:
        asked = self._by_id.get(event.id)
        if asked is None:
            return
        if event.what == "answering":
            asked.began = asyncio.get_running_loop().time()
            asked.expected = self._expecting[event.id].expected(self._now())
        elif event.what == "answered":
            asked.fate, asked.answer = "answered", event.answer
            asked.unknown = any(each["id"] == event.id for each in self._desk.todo)
