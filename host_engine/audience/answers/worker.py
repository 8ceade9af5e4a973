"""One thread that does what it is given, one thing after the other, and stands back for what is on air."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, ParamSpec, TypeVar

from host_engine.priority import stand_back

P = ParamSpec("P")
T = TypeVar("T")


class Worker:
    """A daemon thread: it never keeps the process from ending. Its work must come back by itself."""

    def __init__(self, name: str) -> None:
        self._work: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """What `work` returns or raises, when its turn has come. After `close` it never comes."""
        future: Future[T] = Future()
        self._work.put((future, lambda: work(*args, **kwargs)))
        return future

    def close(self, seconds: float = 5.0) -> None:
        """Let the thread end after what it is doing and what waits."""
        self._work.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join(seconds)

    def _run(self) -> None:
        stand_back()
        while waiting := self._work.get():
            future, work = waiting
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work())
                except BaseException as error:
                    future.set_exception(error)
            del waiting, future, work  # or they are held until there is something new
