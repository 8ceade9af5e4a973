"""What left through each output, over all its sessions; and the spans of it."""

import asyncio

import av

from host_engine.media import Unit
from host_engine.outputs.deliveries import VIEWERS, Deliveries
from host_engine.outputs.fanout import Fanout
from host_engine.trace import Trace


def unit(n: int) -> Unit:
    return Unit(n, av.Packet(bytes(100)), (), (), key=n % 25 == 0)


class Watched:
    """A fan-out with a watch, and a clock that only moves by hand."""

    def __init__(self) -> None:
        self.time = 5.0
        self.trace = Trace()
        self.deliveries = Deliveries(self.trace)
        self.fanout = Fanout(watch=self.deliveries, now=lambda: self.time)


async def test_sums_go_on_over_sessions_and_queues_are_of_now():
    watched = Watched()
    for _ in range(3):
        with watched.fanout.reader("tube", size=2) as reader:
            for n in range(4):  # two too many
                watched.fanout.send(unit(n))
            watched.time += 0.5
            assert (watched.deliveries.of["tube"].depth, watched.deliveries.of["tube"].age) == (2, 0.5)
            reader.left(await reader.get())
    tube = watched.deliveries.of["tube"]
    assert (tube.sessions, tube.units, tube.bytes, tube.dropped) == (3, 3, 300, 6)
    assert (tube.depth, tube.age) == (0, 0)
    assert tube.took.sum == 1.5


async def test_each_sending_is_a_span_from_taking_to_leaving():
    watched = Watched()
    with watched.fanout.reader("tube") as reader:
        watched.fanout.send(unit(0))
        watched.time += 1
        taken = await reader.get()
        watched.time += 2
        reader.left(taken)
    (span,) = watched.trace.since(0)
    assert (span.track, span.frame, span.detail) == ("outputs/tube", 0, {"waited_ms": 1000})
    assert span.end - span.start == 2_000_000_000


async def test_viewers_are_one_output_however_many_come():
    watched = Watched()
    for k in range(100):
        with watched.fanout.reader(f"viewer {k}") as reader:
            watched.fanout.send(unit(0))
            reader.left(await reader.get())
    assert list(watched.deliveries.of) == [VIEWERS]
    viewers = watched.deliveries.of[VIEWERS]
    assert (viewers.sessions, viewers.units, len(viewers.readers)) == (100, 100, 0)


async def test_a_fanout_without_a_watch_works_as_well():
    fanout = Fanout()
    with fanout.reader("tube") as reader:
        fanout.send(unit(0))
        reader.left(await asyncio.wait_for(reader.get(), 1))
    assert reader.departed.units == 1
