"""What all consoles are told: one snapshot of the channel a second, of which only what differs is sent."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

log = logging.getLogger(__name__)

Send = Callable[[str, str], Awaitable[None]]  # a text, to the client of an id


class Feed:
    """Put into words once, for all clients. Who is away is told nothing, and everything when they are back.

    It lives on the loop of the console.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._last: dict[str, Any] = {}
        self._here: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        """How many look."""
        return len(self._here)

    @property
    def watched(self) -> bool:
        """Whether anybody looks. May be asked on any thread."""
        return bool(self._here)

    def come(self, client: str) -> None:
        """A client looks, or looks again: it is told everything."""
        self._here.add(client)
        if self._last:
            self._tell(client, _worded(self._last))

    def leave(self, client: str) -> None:
        """A client looks away or has left."""
        self._here.discard(client)

    def publish(self, snapshot: Mapping[str, Any]) -> None:
        """Tell all who look what has changed since the last one."""
        news = {name: value for name, value in snapshot.items() if self._last.get(name) != value}
        self._last.update(news)
        if news and self._here:
            text = _worded(news)
            for client in self._here:
                self._tell(client, text)

    def _tell(self, client: str, text: str) -> None:
        task = asyncio.get_running_loop().create_task(self._sent(client, text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _sent(self, client: str, text: str) -> None:
        try:
            await self._send(client, text)
        except Exception:  # one client that cannot be told must not keep the others from it
            log.exception("a console could not be told the news")
            self._here.discard(client)


def _worded(news: Mapping[str, Any]) -> str:
    return json.dumps(news, ensure_ascii=False, default=str, separators=(",", ":"))
