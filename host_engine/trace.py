"""The last spans of everything that is no stage of a frame: cues, outputs, threads, pauses. Always on, bounded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import current_thread
from time import monotonic_ns, perf_counter_ns
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from host_engine.priority import stand_back

T = TypeVar("T")

KEPT = 16_384  # spans: a minute and more of a busy channel, about 5 MB
CROWD = 8_192  # spans of those who come in any number, kept apart so that they do not push the others out


Kept = tuple[str, str, float, float, int, Any]  # a span as it is told: see `Trace.span` and `Trace.sender`


class Span(NamedTuple):
    """Something that took time: on which track, from when to when by perf_counter_ns.

    frame: the number of the frame it is a consequence of, else -1: an arrow leads from that frame to this span.
    detail: shown with the span.
    """

    track: str
    name: str
    start: int
    end: int
    frame: int = -1
    detail: Mapping[str, Any] = MappingProxyType({})


class Trace:
    """Told of spans when they have ended, from any thread; telling never waits and never fails.

    A track is "group/name", such as "outputs/youtube", or the name of a thread. Spans of one track lie one after the
    other or one within the other.
    """

    def __init__(self, keep: int = KEPT, crowd: int = CROWD) -> None:
        self._spans: deque[Kept] = deque(maxlen=keep)
        self._crowd: deque[Kept] = deque(maxlen=crowd)
        self._ahead = perf_counter_ns() - monotonic_ns()  # of the loop's clock; nothing on Linux

    def output(self, crowd: bool = False) -> Callable[[Kept], None]:
        """What keeps the spans of an output, for the least cost a frame.

        It is called with a tuple of the track, the name, start and end in seconds of the loop's clock, the frame, and
        the seconds that the frame had waited before. crowd: one of many, such as a viewer.
        """
        return (self._crowd if crowd else self._spans).append

    def span(self, track: str, name: str, start: int, end: int, frame: int = -1, **detail: Any) -> None:
        """Keep a span. All times by perf_counter_ns."""
        self._spans.append((track, name, start, end, frame, detail))

    @contextmanager
    def timed(self, name: str, track: str | None = None, **detail: Any) -> Iterator[None]:
        """Keep the block as a span, by default on the track of the thread it runs in."""
        start = perf_counter_ns()
        try:
            yield
        finally:
            self.span(track or current_thread().name, name, start, perf_counter_ns(), **detail)

    def within(self, start: int, end: int, track: str) -> list[Span]:
        """The kept spans of a track that share some time with the given one, oldest first."""
        found = [each for each in tuple(self._spans) if each[0] == track]
        spans = [span for span in map(self._span, found) if span.end >= start and span.start <= end]
        return sorted(spans, key=lambda span: span.start)

    def since(self, start: int) -> list[Span]:
        """All kept spans that ended later, those of the crowd last."""
        spans = map(self._span, (*tuple(self._spans), *tuple(self._crowd)))
        return [span for span in spans if span.end >= start]

    def _span(self, kept: Kept) -> Span:
        track, name, start, end, frame, detail = kept
        if isinstance(start, float):
            start, end = int(start * 1e9) + self._ahead, int(end * 1e9) + self._ahead
        detail = {"waited_ms": detail * 1000} if isinstance(detail, float) else detail
        return Span(track, name, start, int(end), frame, detail)


class Threads(ThreadPoolExecutor):
    """Threads whose work is seen in the trace: one span a job, on the track of the thread that did it."""

    def __init__(self, count: int, name: str, trace: Trace) -> None:
        super().__init__(count, thread_name_prefix=name, initializer=stand_back)
        self._trace = trace

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        return super().submit(self._traced, fn, *args, **kwargs)

    def _traced(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        with self._trace.timed(_named(fn)):
            return fn(*args, **kwargs)


def _named(fn: Any) -> str:
    """What a job is called: the function inside a partial, without the private underscore."""
    while hasattr(fn, "func"):
        fn = fn.func
    return str(getattr(fn, "__name__", type(fn).__name__)).strip("_<>")
