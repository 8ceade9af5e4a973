"""An event loop on a thread of its own that stands back, so that nothing it does is felt by the tick."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from host_engine.priority import stand_back

T = TypeVar("T")


class Beside:
    """Runs coroutines and calls beside the loop of the tick. The thread begins with the first of them; it is a daemon.

    Safe from any thread. What still runs at `close` is cancelled.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False

    def run(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin a coroutine there; cancelling the future cancels it. Raises RuntimeError once closed."""
        try:
            return asyncio.run_coroutine_threadsafe(work, self._started())
        except RuntimeError:
            work.close()
            raise

    async def call(self, work: Callable[[], T]) -> T:
        """What a function returns or raises that may take long; others that wait there wait for it."""

        async def called() -> T:
            return work()

        return await asyncio.wrap_future(self.run(called()))

    def close(self) -> None:
        """Cancel what runs there and let the thread end; waits for neither."""
        with self._lock:
            self._closed, loop = True, self._loop
        if loop is not None:
            with suppress(RuntimeError):  # it has ended already
                loop.call_soon_threadsafe(_end, loop)

    def _started(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._closed:
                raise RuntimeError(f"{self.name} is closed")
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=_live, args=(self._loop,), name=self.name, daemon=True).start()
            return self._loop


def _live(loop: asyncio.AbstractEventLoop) -> None:
    stand_back()
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
    finally:
        with suppress(Exception):
            loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def _end(loop: asyncio.AbstractEventLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    ended = asyncio.gather(*tasks, return_exceptions=True)
    ended.add_done_callback(lambda _: loop.stop())
