"""How one line was made ready for air: what each step took, for the figures and for the trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import current_thread
from time import perf_counter_ns
from typing import NamedTuple

from host_engine.show.rundown import Line


class Step(NamedTuple):
    """One step, "voice" or "mouth": when it was at work, by perf_counter_ns, and on which thread."""

    name: str
    start: int
    end: int
    thread: str


@dataclass(frozen=True)
class Prepared:
    """A line that was made ready, or could not be: then `error` says why."""

    line: Line
    asked: int  # when its preparation was asked for, by perf_counter_ns
    done: int  # when its first beat was there
    steps: tuple[Step, ...]
    seconds: float = 0.0  # of speech
    error: str = ""

    def took(self, name: str) -> float:
        """Seconds that the steps of that name took."""
        return sum(step.end - step.start for step in self.steps if step.name == name) / 1e9


class Making:
    """The stop watch of one line in preparation; `report` is told on the event loop once the line is ready."""

    def __init__(self, line: Line, report: Callable[[Prepared], None]) -> None:
        self._line, self._report = line, report
        self._asked = perf_counter_ns()
        self._steps: list[Step] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a block as one step, on whichever thread."""
        start = perf_counter_ns()
        try:
            yield
        finally:
            self._steps.append(Step(name, start, perf_counter_ns(), current_thread().name))

    def ready(self, seconds: float) -> None:
        """The line is ready, with that much speech."""
        self._report(Prepared(self._line, self._asked, perf_counter_ns(), tuple(self._steps), seconds))

    def failed(self, error: BaseException) -> None:
        """The line could not be made ready."""
        said = str(error) or type(error).__name__
        self._report(Prepared(self._line, self._asked, perf_counter_ns(), tuple(self._steps), error=said))
