"""Where the time of each frame went: one ring of rows, read by /status, /metrics, the tests and the benchmarks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import quantiles
from time import perf_counter_ns
from typing import NamedTuple


class Row(NamedTuple):
    """One frame: its number, how late it began and what each stage took, in milliseconds."""

    n: int
    late: float
    stages: dict[str, float]


class Timings:
    """Stages are timed between two `close()`s; one frame is in work at a time, on whichever thread."""

    def __init__(self, fps: int, keep: int = 750) -> None:
        self.budget = 1000 / fps  # milliseconds a frame may take
        self.rows: deque[Row] = deque(maxlen=keep)
        self.hooks: list[Callable[[Row], None]] = []
        self._stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time a block as part of the frame in work; blocks of one name add up."""
        start = perf_counter_ns()
        try:
            yield
        finally:
            self._stages[name] = self._stages.get(name, 0.0) + (perf_counter_ns() - start) / 1e6

    def close(self, n: int, late: float) -> None:
        """End the row of frame `n`, which began `late` seconds late, and show it to the hooks."""
        row = Row(n, late * 1000, self._stages)
        self._stages = {}
        self.rows.append(row)
        for hook in self.hooks:
            hook(row)

    def summary(self) -> dict[str, dict[str, float]]:
        """p50, p95 and p99 of every stage in milliseconds, and its p95 as a share of the frame's budget."""
        names = dict.fromkeys(name for row in self.rows for name in row.stages)
        spreads = {name: self._spread([row.stages.get(name, 0.0) for row in self.rows]) for name in names}
        if self.rows:
            spreads["late"] = self._spread([row.late for row in self.rows])
        return spreads

    def _spread(self, values: list[float]) -> dict[str, float]:
        cut = quantiles(values, n=100) if len(values) > 1 else values * 99
        p50, p95, p99 = (round(cut[k], 3) for k in (49, 94, 98))
        return {"p50": p50, "p95": p95, "p99": p99, "share": round(p95 / self.budget, 4)}
