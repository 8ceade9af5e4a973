"""An event loop whose time jumps to the next timer instead of waiting for it: hours of show in minutes.

What is given to an executor is done at once, in the loop's thread, and takes as much virtual time as `takes` says.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context
from heapq import heappop, heappush
from itertools import count
from typing import Any, TypeVar

T = TypeVar("T")


class Call:
    """Something to be called, now or at a time; as little of asyncio's handles as anybody uses."""

    __slots__ = ("args", "callback", "context", "gone", "time")

    def __init__(self, time: float, callback: Callable[..., Any], args: tuple[Any, ...], context: Context) -> None:
        self.time, self.callback, self.args, self.context, self.gone = time, callback, args, context, False

    def cancel(self) -> None:
        self.gone = True

    def cancelled(self) -> bool:
        return self.gone

    def when(self) -> float:
        return self.time


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop for one experiment: nothing outside of it may be waited for, only timers and what is ready.

    What it does for each timer and callback is as little as can be, as a day has millions of them.
    """

    _ready: deque[Call]

    def __init__(self, takes: Callable[[Callable[..., Any]], float] = lambda job: 0.0) -> None:
        super().__init__()
        self._now = 0.0
        self._takes = takes
        self._timers: list[tuple[float, int, Call]] = []
        self._count = count()

    def time(self) -> float:
        return self._now

    def stall(self, seconds: float) -> None:
        """Let time pass in which nothing of this loop runs."""
        self._now += seconds

    def call_soon(  # type: ignore[override]
        self, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> Call:
        call = Call(self._now, callback, args, context or copy_context())
        self._ready.append(call)
        return call

    call_soon_threadsafe = call_soon  # type: ignore[assignment]

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> Call:
        return self.call_at(self._now + delay, callback, *args, context=context)

    def call_at(  # type: ignore[override]
        self, when: float, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> Call:
        call = Call(when, callback, args, context or copy_context())
        heappush(self._timers, (when, next(self._count), call))
        return call

    def _run_once(self) -> None:
        """One round, as that of asyncio's own loops, without asking the system for sockets: there are none."""
        ready, timers = self._ready, self._timers
        if not ready and timers and timers[0][0] > self._now:
            self._now = timers[0][0]
        while timers and timers[0][0] <= self._now:
            ready.append(heappop(timers)[2])
        if not ready:
            raise RuntimeError("everything waits for something that is not of this loop; it would for ever")
        for _ in range(len(ready)):
            call = ready.popleft()
            if not call.gone:
                try:
                    call.context.run(call.callback, *call.args)
                except Exception as error:
                    self.call_exception_handler({"message": f"exception in {call.callback!r}", "exception": error})

    def run_in_executor(  # type: ignore[override]
        self, executor: object, job: Callable[..., T], *arguments: Any
    ) -> asyncio.Future[T]:
        done = self.create_future()
        try:
            done_with = done.set_result, job(*arguments)
        except Exception as error:
            done_with = done.set_exception, error
        seconds = self._takes(job)
        if seconds:
            self.call_later(seconds, lambda: done.cancelled() or done_with[0](done_with[1]))
        else:
            done_with[0](done_with[1])
        return done


def run(coroutine: Coroutine[Any, Any, T], takes: Callable[[Callable[..., Any]], float] = lambda job: 0.0) -> T:
    """Run a coroutine in virtual time."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(takes)) as runner:
        return runner.run(coroutine)
