"""The figures of the running channel, for Prometheus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from host_engine.clock import MediaClock
from host_engine.timing import Row, Timings

BUCKETS = (0.0005, 0.001, 0.002, 0.004, 0.006, 0.008, 0.012, 0.016, 0.02, 0.03, 0.04, 0.06, 0.1, 0.25, 1.0)


class Metrics:
    """Counts every frame as it leaves; the rest is read from the status when somebody asks."""

    def __init__(self, timings: Timings, clock: MediaClock, status: Callable[[], Mapping[str, Any]]) -> None:
        self.registry = CollectorRegistry()
        self._clock, self._status = clock, status
        self._stages: dict[str, Histogram] = {}
        registry = self.registry
        self._stage = Histogram("host_engine_stage_seconds", "Stages", ["stage"], registry=registry, buckets=BUCKETS)
        self._late = Histogram("host_engine_late_seconds", "How late a frame began", registry=registry, buckets=BUCKETS)
        self._frames = Counter("host_engine_frames", "Frames made", registry=registry)
        self._jumps = Gauge("host_engine_clock_jumps", "Times the clock gave up frames", registry=registry)
        self._skipped = Gauge("host_engine_frames_skipped", "Frames given up", registry=registry)
        self._viewers = Gauge("host_engine_viewers", "WebRTC viewers", registry=registry)
        self._live = Gauge("host_engine_output_live", "1 while the output sends", ["output"], registry=registry)
        self._dropped = Gauge("host_engine_output_dropped", "Units it had no time for", ["output"], registry=registry)
        timings.hooks.append(self._observe)

    def _observe(self, row: Row) -> None:
        self._frames.inc()
        self._late.observe(row.late / 1000)
        for name, taken in row.stages.items():
            stage = self._stages.get(name)
            if stage is None:
                stage = self._stages[name] = self._stage.labels(name)
            stage.observe(taken / 1000)

    def page(self) -> bytes:
        """All figures in Prometheus' text format."""
        status = self._status()
        self._jumps.set(self._clock.jumps)
        self._skipped.set(self._clock.skipped)
        self._viewers.set(status["viewers"])
        for output in status["outputs"]:
            self._live.labels(output["name"]).set(output["state"] in ("live", "recording"))
            self._dropped.labels(output["name"]).set(output["dropped"])
        return generate_latest(self.registry)
