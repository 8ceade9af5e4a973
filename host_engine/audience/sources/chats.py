"""All chats of a channel together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from host_engine.audience.message import Message
from host_engine.audience.sources.watch import Watch


class Chats:
    """The chats by name. Each runs as a job of its own, so that none can hold up another."""

    def __init__(self, watches: Iterable[Watch] = ()) -> None:
        self._watches = {each.name: each for each in watches}

    @property
    def jobs(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """What is to be kept running, by the job's name."""
        return {f"chat/{name}": watch.run for name, watch in self._watches.items()}

    def reply(self, message: Message, text: str) -> bool:
        """Have the text sent to where the message came from; False where that was no chat. Never waits, never raises.

        Call it on the loop.
        """
        watch = self._watches.get(message.source)
        if watch is None or not text.strip():
            return False
        watch.reply(message, text)
        return True

    def status(self) -> list[dict[str, Any]]:
        """For /status: of each chat its state, gaps, lag and counts."""
        return [each.status() for each in self._watches.values()]
