"""The last spans of everything that is no stage of a frame: cues, outputs, threads, pauses. Always on, bounded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import current_thread
from time import perf_counter_ns
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")

KEPT = 16_384  # spans: a minute and more of a busy channel, about 5 MB
CROWD = 8_192  # spans of those who come in any number, kept apart so that they do not push the others out


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
        self.spans: deque[Span] = deque(maxlen=keep)
        self.crowd: deque[Span] = deque(maxlen=crowd)

    def span(self, track: str, name: str, start: int, end: int, frame: int = -1, **detail: Any) -> None:
        """Keep a span. All times by perf_counter_ns."""
        self.spans.append(Span(track, name, start, end, frame, detail))

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
        found = [span for span in tuple(self.spans) if span.track == track and span.end >= start and span.start <= end]
        return sorted(found, key=lambda span: span.start)


class Threads(ThreadPoolExecutor):
    """Threads whose work is seen in the trace: one span a job, on the track of the thread that did it."""

    def __init__(self, count: int, name: str, trace: Trace) -> None:
        super().__init__(count, thread_name_prefix=name)
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
