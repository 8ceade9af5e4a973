"""Calls that may never come back: each has a deadline, and a daemon thread that is left behind when it is missed."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, ParamSpec, TypeVar

from host_engine.priority import stand_back

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class Hung(Exception):
    """A call did not come back by its deadline, or so many hang already that it was not made."""


class Caller:
    """Makes calls to one thing, each on a daemon thread, and gives each up at its deadline. Safe from any thread.

    A call that was given up may still come back: then it counts no more. While `most` of them hang, no further call is
    made, so a thing that hangs for good costs a bounded number of threads; and none of them keeps the process alive.
    """

    def __init__(self, name: str, most: int = 3) -> None:
        self.name, self.most = name, most
        self._hanging: set[Future[Any]] = set()
        self._lock = threading.Lock()

    @property
    def hanging(self) -> int:
        """Calls given up that have not come back."""
        with self._lock:
            return len(self._hanging)

    @property
    def given_up(self) -> bool:
        return self.hanging >= self.most

    def call(self, seconds: float, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What `work` returns or raises, if it does within that many seconds; else raises Hung with a sentence."""
        if self.given_up:
            raise Hung(f"{self.name} is left alone: {self.most} calls of it hang")
        answer: Future[T] = Future()
        # A thread for each call: it costs 0.1 ms, a pool would have to notice which of its threads are lost.
        threading.Thread(target=self._run, args=(answer, work, args, kwargs), name=self.name, daemon=True).start()
        try:
            return answer.result(seconds)
        except TimeoutError:
            with self._lock:
                if not answer.done():
                    self._hanging.add(answer)
                    raise Hung(f"{self.name} did not answer within {seconds:.2g} s") from None
            return answer.result()  # it was `work` that timed out, or it came back at this very moment

    def _run(self, answer: Future[T], work: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        stand_back()
        result: T | None = None
        error: BaseException | None = None
        try:
            result = work(*args, **kwargs)
        except BaseException as raised:  # whatever it is belongs to the caller
            error = raised
        with self._lock:
            late = answer in self._hanging
            self._hanging.discard(answer)
            if error is None:
                answer.set_result(result)  # type: ignore[arg-type]
            else:
                answer.set_exception(error)
        if late:
            log.info("A call of %s that had been given up came back: %s", self.name, error or "it worked")


class DaemonThreads(Executor):
    """An executor whose threads never keep the process from ending. Its work must come back by itself."""

    def __init__(self, threads: int, name: str, background: bool = True) -> None:
        """`background`: they stand back for what is on air, and so do all threads that their work starts."""
        self._background = background
        self._work: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._run, name=f"{name}_{n}", daemon=True) for n in range(threads)]
        for thread in self._threads:
            thread.start()

    def submit(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        self._work.put((future, lambda: work(*args, **kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Let the threads end after the work that waits, or without it."""
        while cancel_futures:
            try:
                waiting = self._work.get_nowait()
            except queue.Empty:
                break
            if waiting:
                waiting[0].cancel()
        for _ in self._threads:
            self._work.put(None)
        for thread in self._threads if wait else ():
            thread.join()

    def _run(self) -> None:
        if self._background:
            stand_back()
        while waiting := self._work.get():
            future, work = waiting
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work())
                except BaseException as error:
                    future.set_exception(error)
            del waiting, future, work  # or the thread holds them until there is something new
