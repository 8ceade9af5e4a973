"""Where orders come in and pictures go out: the one place that the channels' threads and the worker's share."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from typing import Any

from host_engine.media import Picture
from host_engine.neural.order import Missed, Order
from host_engine.neural.worker.batching import MARGIN, Pace, form
from host_engine.neural.worker.counts import Counts, Why
from host_engine.neural.worker.queue import Queue, Waiting

PROBE = 0.2  # seconds after which an order is tried although it looks hopeless: so a measure that was wrong mends
PROBED = 10  # times the length of a batch that must lie between two such trials


class Desk:
    """Every order that comes in is answered once: with a picture, or with `Missed`. Safe from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.counts = Counts()
        self.clock = clock
        self.landed: Callable[[int, float], None] = lambda bucket, took: None  # told of each batch, with its ms
        self._queue = Queue()
        self._changed = threading.Condition()
        self._events = 0  # grows with everything that the worker should look at
        self._shut: str | None = None
        self.opened = threading.Event()  # while batches are made
        self._tried = -1e9  # when a batch was last taken

    def open(self) -> None:
        """Batches are made from now on. Before, orders wait for that, until their deadlines."""
        with self._changed:
            self._shut = None
        self.opened.set()

    def shut(self, why: str) -> None:
        """Answer every order with `Missed`, those that wait and those to come, until it is opened."""
        self.opened.clear()
        with self._changed:
            self._shut = why
            every = self._queue.clear()
        self.miss(every, Why.FAILED, why)

    def put(self, order: Order, refused: str | None = None) -> Future[Picture]:
        """Take an order in; `refused` says what is wrong with it, if anything."""
        waiting = Waiting(order, self.clock(), Future())
        why, reason = Why.REFUSED, refused
        with self._changed:
            self.counts.orders += 1
            if reason is None and self._shut is not None:
                why, reason = Why.FAILED, self._shut
            elif reason is None and not self._queue.put(waiting):
                reason = f"too many orders of the channel {order.channel} wait already"
            if reason is None:
                self._events += 1
                self._changed.notify()
        if reason is not None:
            self.miss([waiting], why, reason)
        return waiting.future

    def choose(self, free: float, pace: Pace) -> tuple[list[Waiting], float | None]:
        """The orders of the next batch; where there are none, the seconds after which to look again, or None."""
        with self._changed:
            now = self.clock()
            quickest = pace.of(1) + MARGIN
            probes = now - self._tried > max(PROBE, PROBED * quickest)
            lost = self._queue.drop(now if probes else max(now, free) + quickest)
            urgent = self._queue.urgent()
            deadlines = [each.order.deadline for each in urgent]
            oldest, owed = self._queue.oldest() or now, self._queue.owed()
            plan = form(deadlines, now, free, pace, self._queue.channels(now), oldest, owed)
            lost += self._queue.drop(plan.end) if plan.take else []
            taken = self._queue.take(plan.take)
            if taken:
                self._tried = now
            wanted = [each for each in taken if each.future.running() or each.future.set_running_or_notify_cancel()]
            for waiting in wanted:
                self.counts.waited.add((now - waiting.asked) * 1000)
        self.miss(lost, Why.HOPELESS, "its deadline could not be kept")
        return wanted, 0.0 if taken and not wanted else plan.wait

    def sweep(self) -> None:
        """Answer the orders whose deadline is over, where nobody makes batches."""
        with self._changed:
            lost = self._queue.drop(self.clock())
        self.miss(lost, Why.HOPELESS, "the worker is not ready yet")

    def back(self, orders: Sequence[Waiting]) -> None:
        """Let orders wait again whose batch could not be made; not those that were answered meanwhile."""
        with self._changed:
            shut = self._shut
            if shut is None:
                self._queue.back(each for each in orders if not each.future.done())
                self._events += 1
                self._changed.notify()
        if shut is not None:
            self.miss(orders, Why.FAILED, shut)

    def hand(self, waiting: Waiting, picture: Picture) -> None:
        """Answer with the picture, or with `Missed` where it comes too late."""
        now = self.clock()
        if now > waiting.order.deadline:
            self.miss([waiting], Why.LATE, f"the lips came {(now - waiting.order.deadline) * 1000:.1f} ms too late")
            return
        with contextlib.suppress(InvalidStateError):  # it was given up meanwhile
            waiting.future.set_result(picture)
            with self._changed:
                self.counts.done += 1
                self.counts.answered.add((now - waiting.asked) * 1000)

    def miss(self, orders: Sequence[Waiting], why: Why, text: str) -> None:
        """Answer with `Missed`."""
        for waiting in orders:
            with contextlib.suppress(InvalidStateError):
                waiting.future.set_exception(Missed(text))
                with self._changed:
                    self.counts.missed[why] += 1

    def batch(self, bucket: int, milliseconds: float) -> None:
        """A batch is done."""
        with self._changed:
            self.counts.batches[bucket] += 1
            self.counts.took.add(milliseconds)
        self.landed(bucket, milliseconds)

    def seen(self) -> int:
        """How much has happened; for `wait`."""
        with self._changed:
            return self._events

    def wait(self, seen: int, seconds: float | None) -> None:
        """Until something happens that was not `seen`, or for so many seconds."""
        with self._changed:
            if self._events == seen:
                self._changed.wait(seconds)

    def nudge(self) -> None:
        """Let whoever waits look again."""
        with self._changed:
            self._events += 1
            self._changed.notify_all()

    def status(self) -> dict[str, Any]:
        """The counts, how many wait, and how old the oldest is."""
        with self._changed:
            oldest = self._queue.oldest()
            age = 0.0 if oldest is None else self.clock() - oldest
            queue = {"waiting": len(self._queue), "age_ms": round(age * 1000, 3)}
            return self.counts.status() | {"queue": queue}
