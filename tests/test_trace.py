"""Spans from any thread, kept in bounded rings."""

import threading
from functools import partial

from host_engine.trace import Threads, Trace


def test_spans_are_kept_and_found_by_time_and_track():
    trace = Trace()
    trace.span("gc", "a", 100, 200, generation=2)
    trace.span("gc", "b", 300, 400)
    trace.span("loop", "c", 100, 400)
    assert [span.name for span in trace.within(150, 310, "gc")] == ["a", "b"]
    assert [span.name for span in trace.within(201, 299, "gc")] == []
    assert [span.name for span in trace.since(250)] == ["b", "c"]
    assert trace.since(0)[0].detail == {"generation": 2}


def test_no_crowd_pushes_the_others_out_and_no_ring_grows():
    trace = Trace(keep=3, crowd=2)
    trace.span("loop", "kept", 1, 2)
    for n in range(100):
        trace.output(crowd=True)(("outputs/viewer a", "send", 1.0 + n, 1.5 + n, n, 0.25))
    spans = trace.since(0)
    assert [(span.track, span.frame) for span in spans] == [
        ("loop", -1),
        ("outputs/viewer a", 98),
        ("outputs/viewer a", 99),
    ]
    assert spans[-1].detail == {"waited_ms": 250}
    assert spans[-1].end - spans[-1].start == 500_000_000
    for _ in range(100):
        trace.span("loop", "more", 1, 2)
    assert len(trace.since(0)) == 5


def test_each_job_of_traced_threads_is_a_span_on_its_thread():
    trace = Trace()

    def draw_card(size):
        return size, threading.current_thread().name

    with Threads(1, "pictures", trace) as threads:
        size, name = threads.submit(partial(draw_card, 3)).result()
        failed = threads.submit(draw_card)
        assert isinstance(failed.exception(), TypeError)
    assert size == 3
    assert [(span.track, span.name) for span in trace.since(0)] == [(name, "draw_card")] * 2
