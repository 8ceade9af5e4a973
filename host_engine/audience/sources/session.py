"""One connection of a chat: what its source calls, from whatever thread it likes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from host_engine.audience.source import Heard


class Session:
    """Takes what a source tells while the connection lasts; afterwards it is deaf, whoever still calls."""

    def __init__(self, hear: Callable[[Heard], None], live: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()
        self._hear, self._live = hear, live
        self._open = True
        self.lived = False
        self.began = self.last = self._loop.time()  # the last sign of life

    def tell(self, heard: Heard) -> None:
        self._on_the_loop(lambda: self._told(heard))

    def alive(self) -> None:
        self._on_the_loop(self._sign)

    def close(self) -> None:
        self._open = False

    @property
    def silent(self) -> float:
        """Seconds since the last sign of life, or since it began."""
        return self._loop.time() - self.last

    def _on_the_loop(self, call: Callable[[], None]) -> None:
        if not self._open:
            return
        if threading.get_ident() == self._thread:
            call()
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call)

    def _told(self, heard: Heard) -> None:
        if self._open:
            self._sign()
            self._hear(heard)

    def _sign(self) -> None:
        if self._open:
            self.last, self.lived = self._loop.time(), True
            self._live()
