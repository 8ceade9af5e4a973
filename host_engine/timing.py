"""Where the time of each frame went: one ring of rows, read by /status, /metrics, the trace and the benchmarks."""

from __future__ import annotations

import logging
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from threading import get_ident
from time import perf_counter_ns
from typing import Any, NamedTuple

log = logging.getLogger(__name__)

KEPT = 60  # seconds of rows
SUMMED = 750  # rows that a summary looks at
MOST = 64  # blocks of one frame that are kept, where nobody closes the rows
Mark = tuple[str, int, int, int]  # stage, its start and end by perf_counter_ns, the thread's ident


class Row(NamedTuple):
    """One frame: its number, how late it began and what each stage took, in milliseconds."""

    n: int
    late: float
    stages: dict[str, float]
    marks: tuple[Mark, ...] = ()  # when and where the stages were at work, oldest first
    line: Any = None  # the show.rundown.Line on air, None while the host idles

    @property
    def begin(self) -> int:
        """When the first stage began, by perf_counter_ns."""
        return self.marks[0][1] if self.marks else 0

    @property
    def end(self) -> int:
        """When the last stage ended, by perf_counter_ns."""
        return self.marks[-1][2] if self.marks else 0

    @property
    def took(self) -> float:
        """Milliseconds from the first stage's begin to the last one's end, the ways between threads included."""
        return (self.end - self.begin) / 1e6


class Stage:
    """Times a block; one for each name, so that a frame makes no new ones. Never two blocks of one name at a time."""

    __slots__ = ("_marks", "_name", "_start")

    def __init__(self, name: str, marks: deque[Mark]) -> None:
        self._name, self._marks, self._start = name, marks, 0

    def __enter__(self) -> None:
        self._start = perf_counter_ns()

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self._marks.append((self._name, self._start, perf_counter_ns(), get_ident()))


class _Stages(dict[str, Stage]):
    """The stages by name, each made when it is first asked for; found by the dict itself, as that costs least."""

    def __init__(self, marks: deque[Mark]) -> None:
        super().__init__()
        self._marks = marks

    def __missing__(self, name: str) -> Stage:
        stage = self[name] = Stage(name, self._marks)
        return stage


class Timings:
    """Stages are timed from one `made()` to the next: one frame is drawn at a time, on whichever thread.

    What happens to a frame before and after that is timed by who does it, and handed to `close()`: meanwhile the next
    one may be drawn.
    """

    def __init__(self, fps: int, keep: int | None = None) -> None:
        """`keep` rows are kept, a minute of them by default: about 1.2 KB each."""
        self.budget = 1000 / fps  # milliseconds a frame may take
        self.rows: deque[Row] = deque(maxlen=keep or KEPT * fps)
        self.hooks: list[Callable[[Row], None]] = []
        self._marks: deque[Mark] = deque(maxlen=MOST)  # of the frame in work
        self._made: dict[int, tuple[Mark, ...]] = {}  # those of frames that are made and not yet closed
        self.stage: Callable[[str], Stage] = _Stages(self._marks).__getitem__
        """`with stage(name):` times a block as part of the frame in work; blocks of one name add up."""

    def made(self, n: int) -> None:
        """The stages since the last call were those of frame `n`."""
        self._made[n] = tuple(self._marks)
        self._marks.clear()

    def close(
        self, n: int, late: float, line: Any = None, before: tuple[Mark, ...] = (), after: tuple[Mark, ...] = ()
    ) -> None:
        """End the row of frame `n`, which began `late` seconds late with `line` on air, and show it to the hooks.

        `before` and `after` are the stages around its making. A hook that raises is said once and taken off: no figure
        is worth a frame.
        """
        if n not in self._made:
            self.made(n)
        marks = before + self._made.pop(n) + after
        stages = {name: (end - start) / 1e6 for name, start, end, _ in marks}
        if len(stages) < len(marks):
            stages = {name: sum(end - start for each, start, end, _ in marks if each == name) / 1e6 for name in stages}
        row: Row = tuple.__new__(Row, (n, late * 1000, stages, marks, line))  # as Row(...), in two thirds of the time
        self.rows.append(row)
        for hook in self.hooks:
            try:
                hook(row)
            except Exception:
                log.exception("%r failed at frame %d; it is told of no more frames", hook, n)
                self.hooks = [each for each in self.hooks if each is not hook]

    def latest(self, count: int) -> list[Row]:
        """The last `count` rows, oldest first."""
        return list(islice(self.rows, max(0, len(self.rows) - count), None))

    def summary(self) -> dict[str, dict[str, float]]:
        """p50, p95 and p99 of every stage in milliseconds, and its p95 as a share of the frame's budget."""
        rows = self.latest(SUMMED)
        values: dict[str, list[float]] = {}
        for row in rows:
            for name, taken in row.stages.items():
                values.setdefault(name, []).append(taken)
        spreads = {name: self._spread(each + [0.0] * (len(rows) - len(each))) for name, each in values.items()}
        if rows:
            spreads["late"] = self._spread([row.late for row in rows])
        return spreads

    def _spread(self, values: list[float]) -> dict[str, float]:
        values.sort()
        p50, p95, p99 = (round(quantile(values, q), 3) for q in (0.5, 0.95, 0.99))
        return {"p50": p50, "p95": p95, "p99": p99, "share": round(p95 / self.budget, 4)}


def quantile(ordered: Sequence[float], q: float) -> float:
    """The `q`-quantile of values in rising order, between two of them in proportion."""
    at = (len(ordered) - 1) * q
    low = ordered[int(at)]
    return low + (ordered[min(int(at) + 1, len(ordered) - 1)] - low) * (at - int(at))


class Tally:
    """How many values fell below each bound: a histogram that costs a fraction of a microsecond a value.

    Filled on one thread; read from any, where a value counted a moment later does no harm.
    """

    __slots__ = ("bounds", "counts", "sum")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = tuple(bounds)  # rising; a value equal to a bound is below it, as in Prometheus
        self.counts = [0] * (len(self.bounds) + 1)
        self.sum = 0.0

    def add(self, value: float) -> None:
        self.counts[bisect_left(self.bounds, value)] += 1
        self.sum += value

    @property
    def count(self) -> int:
        return sum(self.counts)
