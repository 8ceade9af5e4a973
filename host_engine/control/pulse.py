"""What holds everything up at once: how late the event loop wakes, how long garbage collection stops all threads."""

from __future__ import annotations

import asyncio
import gc
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter_ns, process_time_ns, thread_time_ns
from typing import Any

from host_engine.timing import Tally
from host_engine.trace import Trace

BOUNDS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.04, 0.1, 0.25, 0.5, 1.0, 5.0)  # seconds
LOOP, GARBAGE = "event loop late", "garbage collection"  # their tracks in the trace
EVERY = 0.05  # seconds
REMEMBERED = 400  # samples: 20 seconds
WORTH = 2_000_000  # ns of lateness that are worth a span
PAUSE = 200_000  # ns of collection that are


class LoopLag:
    """Asks the loop to wake it twenty times a second, and counts by how much it comes late.

    The processor time of the loop's thread and of the process meanwhile says why: the loop was busy, others were, or
    nothing ran at all.
    """

    def __init__(self, trace: Trace) -> None:
        self.late = Tally(BOUNDS)  # seconds
        self._trace = trace
        self._samples: deque[tuple[int, int]] = deque(maxlen=REMEMBERED)  # when, and the process' time by then, in ns

    def processor(self, start: int, end: int) -> float | None:
        """Milliseconds of processor that the process got between two times; None before it was looked at."""
        samples = [*self._samples, (perf_counter_ns(), process_time_ns())]
        before = [used for at, used in samples if at <= start]
        after = [used for at, used in samples if at >= end]
        return (after[0] - before[-1]) / 1e6 if before and after else None

    async def run(self) -> None:
        """Until cancelled."""
        self._samples.append((perf_counter_ns(), process_time_ns()))
        while True:
            due = perf_counter_ns() + int(EVERY * 1e9)
            loop, process = thread_time_ns(), process_time_ns()
            await asyncio.sleep(EVERY)
            now = perf_counter_ns()
            self._samples.append((now, process_time_ns()))
            self.late.add(max(0, now - due) / 1e9)
            if now - due > WORTH:
                loop, process = (thread_time_ns() - loop) // 1000, (process_time_ns() - process) // 1000
                self._trace.span(LOOP, "late", due, now, loop_cpu_ms=loop / 1000, process_cpu_ms=process / 1000)


class GcPauses:
    """Counts every garbage collection, by generation; the longer ones are spans of the trace."""

    def __init__(self, trace: Trace) -> None:
        self.pauses = {str(generation): Tally(BOUNDS) for generation in range(3)}  # seconds
        self._trace = trace
        self._began = 0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Count while the block lasts."""
        gc.callbacks.append(self._told)
        try:
            yield
        finally:
            gc.callbacks.remove(self._told)

    def _told(self, phase: str, info: dict[str, Any]) -> None:
        """By the interpreter, on whichever thread, anywhere: so it takes no lock and calls nothing that may raise."""
        now = perf_counter_ns()
        if phase == "start":
            self._began = now
            return
        generation = str(info["generation"])
        self.pauses[generation].add((now - self._began) / 1e9)
        if now - self._began > PAUSE:
            self._trace.span(GARBAGE, f"generation {generation}", self._began, now, collected=info["collected"])
