"""A watched chat for the tests: what the desk got, and the alarms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from host_engine.alarms import Alarms
from host_engine.audience.message import Message, Viewer
from host_engine.audience.source import Heard, Source
from host_engine.audience.sources.watch import Watch


class Desk:
    """Takes what chats say."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.sources: list[str] = []

    def take(self, heard: Heard, source: str) -> None:
        self.heard.append(heard)
        self.sources.append(source)

    @property
    def texts(self) -> list[str]:
        return [each.text for each in self.heard]


class Watched:
    """A watch at work, with all that it tells."""

    def __init__(self, source: Source, name: str = "chat", **more: Any) -> None:
        self.desk, self.alarms = Desk(), Alarms()
        self.watch = Watch(name, "test", source, self.desk.take, self.alarms, chance=lambda: 0.5, **more)

    @property
    def state(self) -> str:
        return self.watch.contact.state

    @property
    def raised(self) -> set[str]:
        return {each.name for each in self.alarms.raised}


@asynccontextmanager
async def watched(source: Source, **more: Any) -> AsyncIterator[Watched]:
    """The source under watch while the block runs."""
    made = Watched(source, **more)
    task = asyncio.create_task(made.watch.run())
    try:
        yield made
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def asked(text: str = "How much is it?", name: str = "Ana", source: str = "chat", reply_to: str = "") -> Message:
    """A viewer's message, as the desk makes it."""
    return Message(text, Viewer(f"id-{name}", name), source, at=0.0, reply_to=reply_to)
