"""Why a frame was late, in one line of the log: what took longer than usual, what stood still, what came on air."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from statistics import median
from typing import NamedTuple

from host_engine.control.pulse import GARBAGE, LOOP
from host_engine.timing import Row, Timings
from host_engine.trace import Trace

log = logging.getLogger(__name__)

EXPLAINED = "explained"  # the track of the lines in the trace
LATE = 0.25  # of the budget: so much lateness is worth a line
SECOND = 1_000_000_000  # ns
SHORT, LONG = SECOND, 10 * SECOND  # what one line tells of, and under constant overload
STEADY = 3  # lines in successive seconds, after which the overload counts as constant
USUAL = 250  # rows from which the medians are taken
STARVED = 0.6  # of the stages' time: with less processor than that they were not slow by themselves
MORE = 2.0  # milliseconds over the median that are worth a word


class Scene(NamedTuple):
    """The scene on air, and the frame that it began with."""

    name: str
    since: int


class Explainer:
    """Says at most one line a second, and one in ten seconds while the frames are late all the time."""

    def __init__(
        self,
        timings: Timings,
        trace: Trace,
        scene: Callable[[], Scene | None] = lambda: None,
        processor: Callable[[int, int], float | None] = lambda start, end: None,
        say: Callable[[str], None] = log.warning,
    ) -> None:
        """`scene` on air; `processor`: the milliseconds of it that the process got between two times."""
        self._processor = processor
        self._timings, self._trace, self._scene, self._say = timings, trace, scene, say
        self._budget, self._late = timings.budget, timings.budget * LATE
        self._over = int(timings.budget * 1e6)  # ns
        self._before: Row | None = None  # the row before this one
        self._bad: list[Row] = []  # those that the next line is about
        self._lead: Row | None = None  # the row before the first of them
        self._missing: dict[int, int] = {}  # frame -> how many before it the clock gave up
        self._scenes: list[Scene] = []
        self._lines = 0  # said in successive seconds
        self._said = 0  # when the last one was

    def see(self, row: Row) -> None:
        """Told of every frame, on the event loop."""
        marks, before = row.marks, self._before
        self._before = row
        if not marks:
            return
        jumped = before is not None and row.n > before.n + 1
        if jumped or row.late > self._late or marks[-1][2] - marks[0][1] > self._over:
            self._note(row, before)
        elif self._bad and self._over_now(marks[0][1]):
            self._tell(marks[0][1])

    def _over_now(self, now: int) -> bool:
        """What the next line tells of is over."""
        window = LONG if self._lines >= STEADY else SHORT
        return now - self._bad[0].begin >= window or now - self._bad[-1].begin >= SHORT

    def _note(self, row: Row, before: Row | None) -> None:
        if self._bad and self._over_now(row.begin):
            self._tell(row.begin)
        if not self._bad:
            self._lead = before
            if row.begin - self._said > SHORT:
                self._lines = 0
        self._bad.append(row)
        if before is not None and row.n > before.n + 1:
            self._missing[row.n] = row.n - before.n - 1
        scene = self._scene()
        if scene and scene not in self._scenes:
            self._scenes.append(scene)

    def _tell(self, now: int) -> None:
        bad, self._bad = self._bad, []
        scenes, self._scenes = self._scenes, []
        missing, self._missing = self._missing, {}
        many = self._lines >= STEADY and bad[-1].end - bad[0].begin > 2 * SHORT
        text = self._sum(bad, missing) if many else self._one(bad, missing, scenes)
        self._lines += 1
        self._said = now
        self._trace.span(EXPLAINED, text, bad[0].begin, bad[-1].end)
        self._say(text)

    def _one(self, bad: list[Row], missing: dict[int, int], scenes: list[Scene]) -> str:
        """The line about the worst of some frames, and why."""
        worst = max(bad, key=lambda row: self._weight(row, missing))
        rows = [self._lead, *bad] if self._lead else bad
        usual = self._usual(bad[0])
        culprit = max(rows, key=lambda row: row.took)
        held = [*unusual(culprit, usual), *self._pauses(rows[0].begin, bad[-1].end)]
        causes = [text for _, text in sorted(held, key=lambda each: -each[0])]
        causes += [each for each in (self._starved(rows), self._arrival(culprit, scenes)) if each]
        if causes and sum(delay for delay, _ in held) < worst.late / 2:
            causes.append("what else held it up is not in this process")
        why = "; ".join(causes) or "nothing in this process took longer than usual"
        more = f"; {len(bad) - 1} more in this second" if len(bad) > 1 else ""
        return f"frame {worst.n} {self._head(worst, missing)}: {why}{more}"

    def _weight(self, row: Row, missing: dict[int, int]) -> tuple[bool, float]:
        """How bad a frame is: being late is worse than taking long."""
        delay = missing.get(row.n, 0) * self._budget + row.late
        return (True, delay) if delay > self._late else (False, row.took)

    def _head(self, worst: Row, missing: dict[int, int]) -> str:
        if worst.n in missing:
            return f"came after {_frames(missing[worst.n])} had to be left out"
        if worst.late > self._late:
            return f"was {worst.late:.0f} ms late"
        return f"took {worst.took:.0f} ms of its {self._budget:.0f}"

    def _sum(self, bad: list[Row], missing: dict[int, int]) -> str:
        """The line about all frames of a longer time."""
        seconds = (bad[-1].end - bad[0].begin) / SECOND
        took = {name: median(row.stages.get(name, 0.0) for row in bad) for name in bad[-1].stages}
        most = sorted(took, key=lambda name: -took[name])[:3]
        return (
            f"{_frames(len(bad))} in {seconds:.0f} s were late or over budget, by up to "
            f"{max(max(row.late, row.took - self._budget) for row in bad):.0f} ms; of {self._budget:.0f} ms they took "
            f"{median(row.took for row in bad):.0f} in the median: "
            + ", ".join(f"{name} {took[name]:.0f}" for name in most)
            + (f"; {_frames(sum(missing.values()))} had to be left out" if missing else "")
            + (f"; {starved}" if (starved := self._starved(bad)) else "")
        )

    def _usual(self, until: Row) -> dict[str, float]:
        """The median of each stage before the trouble, and of the time between stages under ""."""
        rows = [row for row in self._timings.latest(USUAL) if row.n < until.n and row.marks] or [until]
        names = dict.fromkeys(name for row in rows for name in row.stages)
        return {name: median(row.stages.get(name, 0.0) for row in rows) for name in names} | {
            "": median(row.took - sum(row.stages.values()) for row in rows)
        }

    def _pauses(self, start: int, end: int) -> list[tuple[float, str]]:
        """What held everything up between two times: the milliseconds, and a sentence."""
        said = []
        collected = sum(span.end - span.start for span in self._trace.within(start, end, GARBAGE)) / 1e6
        if collected > MORE:
            said.append((collected, f"garbage collection took {collected:.0f} ms"))
        lags = self._trace.within(start, end, LOOP)
        if lags:
            longest = max(lags, key=lambda span: span.end - span.start)
            lag = (longest.end - longest.start) / 1e6
            if lag > self._late:
                said.append((lag, stood_still(lag, longest.detail["loop_cpu_ms"], longest.detail["process_cpu_ms"])))
        return said

    def _starved(self, rows: list[Row]) -> str:
        """Whether the stages were slow because they did not get the processor."""
        work = sum(row.took for row in rows)
        got = self._processor(rows[0].begin, rows[-1].end)
        if got is None or got > work * STARVED:
            return ""
        return f"{work:.0f} ms of stages got {got:.0f} ms of processor: others used it, or they waited for something"

    def _arrival(self, row: Row, scenes: Sequence[Scene]) -> str:
        """What came on air with this frame or the one before."""
        near = next((scene for scene in scenes if 0 <= row.n - scene.since <= 1), None)
        if near:
            return f"first picture of {near.name}"
        rows = self._timings.latest(USUAL)
        before = next((each for each in reversed(rows) if each.n < row.n), None)
        if row.line is not None and before is not None and before.line is not row.line:
            return f"line {row.line.id} came on air"
        return ""


def unusual(row: Row, usual: dict[str, float]) -> list[tuple[float, str]]:
    """The two stages that exceeded their medians by most: by how many milliseconds, and a sentence.

    The time between stages counts as one of them.
    """
    taken = row.stages | {"": row.took - sum(row.stages.values())}
    excess = {name: taken[name] - usual.get(name, 0.0) for name in taken}
    most = [name for name in sorted(excess, key=lambda name: -excess[name]) if excess[name] > MORE][:2]
    words = {"": "waiting for a thread"}
    return [
        (excess[name], f"{words.get(name, name)} took {taken[name]:.0f} ms (usually {usual.get(name, 0.0):.0f})")
        for name in most
    ]


def stood_still(lag: float, loop_cpu: float, process_cpu: float) -> str:
    """Why the event loop was `lag` milliseconds late, from the processor time used meanwhile, in milliseconds."""
    if loop_cpu > lag / 2:
        return f"the event loop itself was busy for {lag:.0f} ms"
    if process_cpu < lag / 2:
        return f"for {lag:.0f} ms the process was stopped, waited or was given no processor"
    return f"the event loop waited {lag:.0f} ms for the other threads or the processor"


def _frames(count: int) -> str:
    return f"{count} frame{'' if count == 1 else 's'}"
