"""Everything that watches where the time goes, put together: the trace, the figures, the lines in the log."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from host_engine.clock import MediaClock
from host_engine.control.cues import Cues
from host_engine.control.explain import Explainer, Scene
from host_engine.control.gpu import Gpus
from host_engine.control.metrics import Delivered, Hits, Metrics
from host_engine.control.pulse import GcPauses, LoopLag
from host_engine.control.trace_file import trace_file
from host_engine.timing import Timings
from host_engine.trace import Trace


class Profiler:
    """Watches one channel. It is told of frames and cues, looks at the loop, and is asked for figures and traces."""

    def __init__(
        self,
        timings: Timings,
        trace: Trace,
        clock: MediaClock,
        status: Callable[[], Mapping[str, Any]],
        *,
        deliveries: Mapping[str, Delivered],
        cache: Hits | None = None,
        scene: Callable[[], Scene | None] = lambda: None,
    ) -> None:
        self.cues = Cues()
        self._timings, self._trace = timings, trace
        self._lag, self._pauses, self._gpus = LoopLag(trace), GcPauses(trace), Gpus()
        self.metrics = Metrics(
            timings,
            clock,
            status,
            deliveries=deliveries,
            cues=self.cues,
            lag=self._lag,
            pauses=self._pauses,
            gpus=self._gpus,
            cache=cache,
        )
        timings.hooks.append(Explainer(timings, trace, scene, self._lag.processor).see)

    async def run(self) -> None:
        """Watch the loop, the garbage collection and the GPU until cancelled."""
        with self._pauses.watched():
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._lag.run(), name="loop lag")
                tasks.create_task(self._gpus.run(), name="gpu")

    def trace(self, seconds: float) -> Iterator[bytes]:
        """The last seconds as a file for Perfetto, piece by piece; may be read on another thread."""
        return trace_file(self._timings, self._trace, tuple(self.cues.last), seconds)
