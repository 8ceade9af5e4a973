"""The figures of the running channel, for Prometheus: counted in plain numbers, put into words when somebody asks."""

from __future__ import annotations

import asyncio
import sys
import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from time import sleep
from typing import Any, NamedTuple, Protocol

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import Metric

from host_engine.clock import MediaClock
from host_engine.control.audience import audience
from host_engine.control.cues import Cues
from host_engine.control.explain import LATE
from host_engine.control.exposition import counter, gauge, histogram
from host_engine.control.front import front_desk
from host_engine.control.gpu import Gpus
from host_engine.control.lips import lips
from host_engine.control.pulse import GcPauses, LoopLag
from host_engine.control.shop_figures import shop_figures
from host_engine.control.watched import watched
from host_engine.timing import Row, Tally, Timings

# Milliseconds. The budget of each rate is a bound: 1/60, 1/50, 1/30, 1/25 of a second.
BOUNDS = (0.5, 1.0, 2.0, 5.0, 7.5, 10.0, 1000 / 60, 20.0, 1000 / 30, 40.0, 60.0, 100.0, 250.0, 500.0, 1000.0)
MS = 0.001
LIVE = ("live", "recording")


class Delivered(Protocol):
    """What is known of one output, over all its sessions."""

    sessions: int
    took: Tally

    @property
    def units(self) -> int: ...
    @property
    def bytes(self) -> int: ...
    @property
    def dropped(self) -> int: ...
    @property
    def depth(self) -> int: ...
    @property
    def age(self) -> float: ...


Read = Callable[[Delivered], float]
SUMS: tuple[tuple[str, str, Read], ...] = (
    ("output_units", "Frames that have really left through the output.", lambda each: each.units),
    ("output_bytes", "Encoded picture and sound that has left, in bytes.", lambda each: each.bytes),
    ("output_dropped", "Frames the output had no room for, up to the next key frame.", lambda each: each.dropped),
    ("output_reconnects", "Sessions begun after the first one.", lambda each: max(0, each.sessions - 1)),
)
LEVELS: tuple[tuple[str, str, Read], ...] = (
    ("output_queue_frames", "Frames waiting for the output; of the viewers, the slowest.", lambda each: each.depth),
    ("output_queue_age_seconds", "How long the oldest of them has been waiting.", lambda each: each.age),
)


class Hits(Protocol):
    """A cache that counts."""

    hits: int
    misses: int


class Page(NamedTuple):
    """What `generate_latest` puts into words."""

    families: list[Metric]

    def collect(self) -> Iterable[Metric]:
        return self.families


class Metrics:
    """Counts every frame as it leaves, for about two microseconds; the rest is read when somebody asks.

    Every label has few values: stages, outputs, jobs, alarms, generations. Viewers together are one output.
    """

    def __init__(
        self,
        timings: Timings,
        clock: MediaClock,
        status: Callable[[], Mapping[str, Any]],
        *,
        deliveries: Mapping[str, Delivered],
        cues: Cues,
        lag: LoopLag,
        pauses: GcPauses,
        gpus: Gpus,
        cache: Hits | None = None,
    ) -> None:
        self.registry = CollectorRegistry()
        self._timings, self._clock, self._status = timings, clock, status
        self._deliveries, self._cues, self._cache = deliveries, cues, cache
        self._lag, self._pauses, self._gpus = lag, pauses, gpus
        self._stages: defaultdict[str, Tally] = defaultdict(lambda: Tally(BOUNDS))
        self._whole, self._late = Tally(BOUNDS), Tally(BOUNDS)
        self._limit, self._overdue, self._idle = timings.budget * LATE, 0, 0
        self._alarms: set[str] = set()  # all that were ever raised
        self.registry.register(self)
        self._process = ProcessCollector(registry=None)
        timings.hooks.append(self._observe)

    def _observe(self, row: Row) -> None:
        """Count a frame. Called in the tick."""
        _, late, taken, marks, line = row
        if marks:
            self._whole.add((marks[-1][2] - marks[0][1]) / 1e6)
        self._late.add(late)
        stages = self._stages
        for name, each in taken.items():  # `Tally.add` by hand: five calls less in every frame
            tally = stages[name]
            tally.counts[bisect_left(BOUNDS, each)] += 1
            tally.sum += each
        if late > self._limit:
            self._overdue += 1
        if line is None:
            self._idle += 1

    def page(self) -> Iterator[bytes]:
        """All figures in Prometheus' text format, in pieces.

        Called on the event loop, where it counts up for about a millisecond; the pieces may be written elsewhere.
        """
        return self._pieces(list(self.registry.collect()))

    def _pieces(self, families: list[Metric]) -> Iterator[bytes]:
        for family in (*families, *self._memory()):
            yield generate_latest(Page([family]))
            sleep(0)  # let the threads of the show have the interpreter

    def collect(self) -> Iterable[Metric]:
        """All figures, for the registry."""
        status = self._status()
        yield from self._frames()
        yield from self._leaving(status)
        yield from self._making()
        yield from self._machine()
        yield from self._troubles(status)

    def _frames(self) -> Iterable[Metric]:
        clock = self._clock
        yield gauge("frame_budget_seconds", "Time that a frame may take at this frame rate.", 1 / clock.fps)
        yield counter("frames", "Frames made.", self._late.count)
        yield counter("frames_idle", "Frames in which the host said nothing: no line was on air.", self._idle)
        yield counter("frames_late", "Frames that began later than a quarter of the budget.", self._overdue)
        yield counter("frames_skipped", "Frames given up in jumps of the clock: never made.", clock.skipped)
        yield counter("clock_jumps", "Times the clock was more than 0.4 s behind and jumped.", clock.jumps)
        yield histogram(
            "frame_seconds", "From a frame's first stage to its last, waiting included.", self._whole, unit=MS
        )
        yield histogram("late_seconds", "How long after its due time a frame began.", self._late, unit=MS)
        yield histogram("stage_seconds", "What each stage of a frame took.", self._stages, "stage", MS)

    def _leaving(self, status: Mapping[str, Any]) -> Iterable[Metric]:
        live = {each["name"]: float(each["state"] in LIVE) for each in status["outputs"]}
        of = self._deliveries
        yield gauge("viewers", "WebRTC viewers that are watching.", status["viewers"])
        yield gauge("output_live", "1 while the output sends; 0 while it connects, waits, failed.", live, "output")
        for name, help, read in SUMS:
            yield counter(
                name, help, dict.fromkeys(live, 0.0) | {key: read(each) for key, each in of.items()}, "output"
            )
        for name, help, read in LEVELS:
            yield gauge(name, help, {key: read(each) for key, each in of.items()}, "output")
        took = {name: each.took for name, each in of.items()}
        yield histogram("output_seconds", "From a frame's encoding until it had left the output.", took, "output")
        yield from watched(status["outputs"])

    def _making(self) -> Iterable[Metric]:
        cues = self._cues
        yield counter("cue_failures", "Lines that could not be made ready and were passed over.", cues.failed)
        yield histogram("cue_voice_seconds", "What the voice took for a line, from the cache or anew.", cues.voice)
        yield histogram("cue_mouth_seconds", "What the mouth took for a line.", cues.mouth)
        yield histogram("cue_ready_seconds", "From asking for a line to its first beat, waiting included.", cues.ready)
        yield histogram("cue_real_time_factor", "Seconds of voice and mouth for a second of speech.", cues.factor)
        hits, misses = (self._cache.hits, self._cache.misses) if self._cache else (0, 0)
        yield counter("speech_cache_hits", "Lines whose speech was kept from before.", hits)
        yield counter("speech_cache_misses", "Lines whose speech had to be made.", misses)

    def _machine(self) -> Iterable[Metric]:
        yield gauge("tasks", "Coroutines at work on the event loop.", len(asyncio.all_tasks()))
        yield gauge("threads", "Threads of Python.", threading.active_count())
        yield histogram("loop_lag_seconds", "How late the event loop woke, asked 20 times a second.", self._lag.late)
        pauses = self._pauses.pauses
        yield histogram("gc_pause_seconds", "How long garbage collection stopped all threads.", pauses, "generation")
        gpus = self._gpus.now
        yield gauge("gpu_utilization_ratio", "Share of time the GPU was busy.", {g.name: g.busy for g in gpus}, "gpu")
        yield gauge("gpu_memory_bytes", "Memory of the GPU in use.", {g.name: g.used for g in gpus}, "gpu")
        yield gauge("gpu_memory_total_bytes", "Memory of the GPU.", {g.name: g.total for g in gpus}, "gpu")

    def _memory(self) -> Iterable[Metric]:
        """What takes a moment to find out."""
        yield from self._process.collect()
        yield gauge("python_blocks", "Blocks of memory that Python's objects hold.", sys.getallocatedblocks())

    def _troubles(self, status: Mapping[str, Any]) -> Iterable[Metric]:
        raised = {each["name"] for each in status["alarms"]}
        self._alarms |= raised
        alarms = {name: float(name in raised) for name in sorted(self._alarms)}
        yield gauge("alarm", "1 while the alarm is raised, 0 once it is over.", alarms, "name")
        jobs = {each["name"]: each for each in status.get("jobs", ())}
        restarts = {name: float(job["restarts"]) for name, job in jobs.items()}
        yield counter("job_restarts", "Times a job was started again after it had failed.", restarts, "job_name")
        running = {name: float(job["state"] == "running") for name, job in jobs.items()}
        yield gauge("job_running", "1 while the job runs, 0 while it waits or has been given up.", running, "job_name")
        yield from lips(status.get("avatar") or {})
        yield from audience(status.get("audience") or {})
        yield from front_desk(status.get("front_desk") or {})
        yield from shop_figures(status.get("operator") or {})
        ladder = status.get("ladder") or {}
        yield gauge("ladder_rung", "Steps of quality given up to stay on time; 0 is all of it.", ladder.get("rung", 0))
