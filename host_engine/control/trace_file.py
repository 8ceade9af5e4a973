"""The last seconds of a channel as a file that opens in Perfetto (https://ui.perfetto.dev): Chrome's trace events.

The format is "Trace Event Format" of the Chromium project: complete slices (X), arrows (s, f), instants (i), counters
(C) and names (M); times are in microseconds.
"""

from __future__ import annotations

import json
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, pairwise
from time import perf_counter_ns, sleep
from typing import Any, NamedTuple

from host_engine.control.explain import EXPLAINED, LATE
from host_engine.control.pulse import GARBAGE, LOOP
from host_engine.playout.prepared import Prepared
from host_engine.timing import Row, Timings
from host_engine.trace import Span, Trace

PIECE = 100  # events written at once: less than a millisecond of work
GROUPS = ("frames", "stages", "threads", "cues", "outputs")
FIRST = {"frames": ("on air", "frame", "late", EXPLAINED), "threads": ("MainThread", "render_0", LOOP, GARBAGE)}
ARROW = 500  # ns into a slice at which an arrow ends
Event = dict[str, Any]


class Slice(NamedTuple):
    """One box on a track; times in ns."""

    group: str
    track: str
    name: str
    start: int
    end: int
    args: dict[str, Any] = {}  # noqa: RUF012 - never changed
    category: str = ""


def trace_file(timings: Timings, trace: Trace, cues: Sequence[Prepared], seconds: float) -> Iterator[bytes]:
    """The file, piece by piece. What it shows is taken at the call; the pieces may be made on another thread."""
    since = perf_counter_ns() - int(seconds * 1e9)
    rows = [row for row in tuple(timings.rows) if row.marks and row.begin >= since]
    spans = [span._replace(start=max(since, span.start)) for span in trace.since(since)]
    shown = {id(row.line) for row in rows}
    made = [each for each in cues if each.done >= since or id(each.line) in shown]
    threads = {thread.ident or 0: thread.name for thread in threading.enumerate()}
    late = sum(row.late > timings.budget * LATE for row in rows)
    about = {"frames": len(rows), "late": late, "budget_ms": timings.budget}
    return _pieces(about, Drawing(timings.budget, rows, spans, made, threads).events())


def _pieces(about: Mapping[str, float], events: Iterator[Event]) -> Iterator[bytes]:
    yield f'{{"displayTimeUnit":"ms","otherData":{json.dumps(about)},"traceEvents":[\n'.encode()
    between = b""
    while piece := list(islice(events, PIECE)):
        yield between + ",\n".join(json.dumps(event, ensure_ascii=False, default=str) for event in piece).encode()
        between = b",\n"
    yield b"\n]}\n"


class Drawing:
    """Turns rows, spans and cues into events. Tracks are put in groups; each is drawn without partial overlaps."""

    def __init__(
        self,
        budget: float,
        rows: Sequence[Row],
        spans: Sequence[Span],
        cues: Sequence[Prepared],
        threads: dict[int, str],
    ) -> None:
        self._budget, self._rows, self._spans, self._cues, self._threads = budget, rows, spans, cues, threads
        self._gaps = {row.n: _words(row.n - before.n - 1) for before, row in pairwise(rows) if row.n > before.n + 1}
        starts = [_due(row) for row in rows] + [span.start for span in spans] + [cue.asked for cue in cues]
        self._zero = min(starts, default=0)
        self._frames: dict[int, Slice] = {}  # the last stage of each frame on its thread: where arrows to outputs start
        self._arrows: list[tuple[Slice, Slice]] = []
        self._ids: dict[tuple[str, str], tuple[int, int]] = {}

    def events(self) -> Iterator[Event]:
        """All events: names first, then tracks, then arrows."""
        tracks: dict[tuple[str, str], list[Slice]] = defaultdict(list)
        for number, each in enumerate(chain(self._stages(), self._on_air(), self._made(), self._others())):
            tracks[each.group, each.track].append(each)
            if number % PIECE == 0:
                sleep(0)  # let the threads of the show have the interpreter
        self._number(tracks)
        yield from self._names()
        moved: dict[int, Slice] = {}
        for slices in tracks.values():
            for before, each in nested(slices):
                moved[id(before)] = each
                yield self._box(each)
        for number, (source, target) in enumerate(self._arrows, 1):
            yield from self._arrow(number, moved[id(source)], moved[id(target)])
        for row in self._rows:
            yield from self._marks(row)

    def _stages(self) -> Iterator[Slice]:
        """Each frame, its lateness, and its stages: once by stage, once by thread."""
        for before, row in zip([None, *self._rows], self._rows, strict=False):
            late = row.late > self._budget * LATE
            category = "late" if late or row.n in self._gaps else "over budget" if row.took > self._budget else "frame"
            args = {"late_ms": row.late, "took_ms": row.took, "budget_ms": self._budget}
            args |= {"line": row.line.id} if row.line is not None else {}
            yield Slice("frames", "frame", f"frame {row.n}", row.begin, row.end, args, category)
            if late:
                name = f"frame {row.n}: {row.late:.0f} ms late"
                yield Slice("frames", "late", name, _due(row), row.begin, args, "late")
            if before and row.n in self._gaps:
                yield Slice("frames", "late", self._gaps[row.n], before.end, row.begin, args, "late")
            for name, start, end, thread in row.marks:
                where = self._threads.get(thread, f"thread {thread}")
                yield Slice("stages", name, name, start, end, {"frame": row.n}, category)
                slice = Slice("threads", where, name, start, end, {"frame": row.n}, category)
                self._frames[row.n] = slice
                yield slice

    def _on_air(self) -> Iterator[Slice]:
        """What is on air, from its first frame to the next thing's."""
        rows = self._rows
        starts = [k for k in range(len(rows)) if k == 0 or rows[k].line is not rows[k - 1].line]
        for k, after in pairwise([*starts, len(rows)]):
            end = rows[after].begin if after < len(rows) else rows[-1].end
            name = rows[k].line.id if rows[k].line is not None else "idle"
            args = {"text": rows[k].line.text, "segment": rows[k].line.segment} if rows[k].line is not None else {}
            yield Slice("frames", "on air", name, rows[k].begin, end, args | {"first_frame": rows[k].n}, "on air")

    def _made(self) -> Iterator[Slice]:
        """The making of each cue on the first track that is free, its steps on their threads, and what it led to."""
        free: list[int] = []
        onsets = self._onsets()
        for cue in sorted(self._cues, key=lambda each: each.asked):
            lane = next((k for k, until in enumerate(free) if until <= cue.asked), len(free))
            free[lane : lane + 1] = [cue.done]
            args = {"text": cue.line.text, "speech_s": cue.seconds} | ({"error": cue.error} if cue.error else {})
            last = Slice("cues", f"cue {lane + 1}", cue.line.id, cue.asked, cue.done, args, "cue")
            yield last
            for step in cue.steps:
                slice = Slice("threads", step.thread, step.name, step.start, step.end, {"line": cue.line.id}, "cue")
                self._arrows.append((last, slice))
                last = slice
                yield slice
            if onset := onsets.get(id(cue)):
                yield from self._first(last, onset)

    def _onsets(self) -> dict[int, Row]:
        """The first frame of each cue: a line that comes on air is the last making of it that was done by then."""
        onsets = {}
        for before, row in pairwise(self._rows):
            if row.line is not None and row.line is not before.line:
                made = [cue for cue in self._cues if cue.line is row.line and cue.done <= row.end]
                onsets.update({id(cue): row for cue in made[-1:]})
        return onsets

    def _first(self, source: Slice, onset: Row) -> Iterator[Slice]:
        """An arrow from a cue to its first frame."""
        target = Slice(
            "cues", "first frames", f"frame {onset.n}", onset.begin, onset.end, {"line": onset.line.id}, "cue"
        )
        self._arrows.append((source, target))
        if onset.n in self._frames:
            self._arrows.append((target, self._frames[onset.n]))
        yield target

    def _others(self) -> Iterator[Slice]:
        """The spans of the trace; those that follow from a frame with an arrow from it."""
        for span in self._spans:
            group, _, track = span.track.rpartition("/")
            group = group or ("frames" if span.track == EXPLAINED else "threads")
            name = span.name if span.frame < 0 else f"{span.name} {span.frame}"
            slice = Slice(group, track, name, span.start, span.end, dict(span.detail), group)
            if span.frame in self._frames:
                self._arrows.append((self._frames[span.frame], slice))
            yield slice

    def _number(self, tracks: Iterable[tuple[str, str]]) -> None:
        groups = dict.fromkeys((*GROUPS, *sorted(group for group, _ in tracks)))
        for pid, group in enumerate(groups, 1):
            known = FIRST.get(group, ())
            names = [track for where, track in tracks if where == group]
            if group != "stages":  # those are in the order of their work
                names.sort(key=lambda name: (known.index(name) if name in known else len(known), name))
            for tid, track in enumerate(names, 1):
                self._ids[group, track] = pid, pid * 1000 + tid

    def _names(self) -> Iterator[Event]:
        """How groups and tracks are called, and their order from top to bottom."""
        for (group, track), (pid, tid) in self._ids.items():
            yield {"ph": "M", "pid": pid, "name": "process_name", "args": {"name": group}}
            yield {"ph": "M", "pid": pid, "name": "process_sort_index", "args": {"sort_index": pid}}
            yield {"ph": "M", "pid": pid, "tid": tid, "name": "thread_name", "args": {"name": track}}
            yield {"ph": "M", "pid": pid, "tid": tid, "name": "thread_sort_index", "args": {"sort_index": tid}}

    def _box(self, each: Slice) -> Event:
        pid, tid = self._ids[each.group, each.track]
        event = {"ph": "X", "pid": pid, "tid": tid, "name": each.name, "cat": each.category or each.group}
        event |= {"ts": self._us(each.start), "dur": round((each.end - each.start) / 1000, 3), "args": each.args}
        if each.category in ("late", "over budget"):
            event["cname"] = "terrible" if each.category == "late" else "bad"
        return event

    def _arrow(self, number: int, source: Slice, target: Slice) -> Iterator[Event]:
        """From one box into another; both ends lie inside their boxes, and the arrow never runs back in time."""
        at = target.start + min(ARROW, (target.end - target.start) // 2)
        start = max(source.start + 1, min(source.end - 1, at))
        for phase, where, when in (("s", source, start), ("f", target, max(at, start))):
            pid, tid = self._ids[where.group, where.track]
            event = {"ph": phase, "id": number, "cat": "flow", "name": "leads to", "pid": pid, "tid": tid}
            yield event | {"ts": self._us(when)} | ({"bp": "e"} if phase == "f" else {})

    def _marks(self, row: Row) -> Iterator[Event]:
        """The lateness and the length of each frame as curves, and a mark on each late one."""
        pid, tid = self._ids["frames", "frame"]
        at = {"pid": pid, "ts": self._us(row.begin)}
        yield at | {"ph": "C", "name": "lateness (ms)", "args": {"ms": row.late}}
        yield at | {"ph": "C", "name": "frame (ms)", "args": {"ms": row.took}}
        said = [f"LATE {row.late:.0f} ms"] if row.late > self._budget * LATE else []
        for name in [*said, *([self._gaps[row.n].upper()] if row.n in self._gaps else [])]:
            yield at | {"ph": "i", "tid": tid, "s": "p", "name": name, "cat": "late"}

    def _us(self, at: int) -> float:
        return round((at - self._zero) / 1000, 3)


def _words(missing: int) -> str:
    return f"{missing} frame{'' if missing == 1 else 's'} left out"


def _due(row: Row) -> int:
    """When a frame was to begin."""
    return row.begin - int(row.late * 1e6)


def nested(slices: Iterable[Slice]) -> Iterator[tuple[Slice, Slice]]:
    """Each slice of one track as it was, and as it can be drawn: in order, at least 2 ns long, ending with what it
    began in."""
    around: list[Slice] = []
    for each in sorted(slices, key=lambda each: (each.start, -each.end)):
        while around and around[-1].end <= each.start:
            around.pop()
        end = max(each.end, each.start + 2)
        drawn = each._replace(end=min(end, around[-1].end) if around else end)
        around.append(drawn)
        yield each, drawn
