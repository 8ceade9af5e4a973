"""A thread for what a disk may hold up for ever: it can be left behind, even when the process ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class DiskThread:
    """Does one job after the other. Unlike an executor's, the thread keeps nobody waiting at the end of the process."""

    def __init__(self, name: str) -> None:
        self._jobs: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()
        threading.Thread(target=self._work, name=name, daemon=True).start()

    def do(self, job: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> asyncio.Future[T]:
        """The result of `job(...)`, to be awaited on the event loop."""
        done: Future[T] = Future()
        self._jobs.put((done, lambda: job(*args, **kwargs)))
        return asyncio.wrap_future(done)

    def end(self) -> None:
        """Let the thread go once it has done what it was given."""
        self._jobs.put(None)

    def _work(self) -> None:
        while (order := self._jobs.get()) is not None:
            done, job = order
            if not done.set_running_or_notify_cancel():
                continue
            try:
                done.set_result(job())
            except Exception as error:
                done.set_exception(error)
            del order, done, job  # what they hold may go before the next comes
