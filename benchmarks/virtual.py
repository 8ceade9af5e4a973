"""An event loop whose time jumps to the next timer instead of waiting for it: hours of show in minutes.

What is given to an executor is done at once, in the loop's thread, and takes as much virtual time as `takes` says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from heapq import heappop
from typing import Any, TypeVar

T = TypeVar("T")


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop for one experiment: nothing outside of it may be waited for, only timers and what is ready."""

    def __init__(self, takes: Callable[[Callable[..., Any]], float] = lambda job: 0.0) -> None:
        super().__init__()
        self._now = 0.0
        self._takes = takes

    def time(self) -> float:
        return self._now

    def stall(self, seconds: float) -> None:
        """Let time pass in which nothing of this loop runs."""
        self._now += seconds

    def _run_once(self) -> None:
        """One round, as that of asyncio's own loops, without asking the system for sockets: there are none."""
        ready, scheduled = self._ready, self._scheduled  # type: ignore[attr-defined]
        if not ready and scheduled:
            self._now = max(self._now, scheduled[0]._when)
        while scheduled and scheduled[0]._when <= self._now:
            timer = heappop(scheduled)
            timer._scheduled = False
            ready.append(timer)
        if not ready:
            raise RuntimeError("everything waits for something that is not of this loop; it would for ever")
        for _ in range(len(ready)):
            handle = ready.popleft()
            if not handle._cancelled:
                handle._run()

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
            self.call_later(seconds, *done_with)
        else:
            done_with[0](done_with[1])
        return done


def run(coroutine: Coroutine[Any, Any, T], takes: Callable[[Callable[..., Any]], float] = lambda job: 0.0) -> T:
    """Run a coroutine in virtual time."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(takes)) as runner:
        return runner.run(coroutine)
