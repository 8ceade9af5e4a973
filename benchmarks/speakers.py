"""Channels that all speak at once: each orders lips for a frame 25 times a second, and notes how long they took."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol

from benchmarks.kept import spread
from host_engine.media import Picture
from host_engine.neural.order import Lips, Order

FPS = 25
DEADLINE = 5 / FPS - 0.003  # seconds: five frames of delay, less what it takes to draw


class Clock(Protocol):
    """Tells the time, in seconds, and waits."""

    def now(self) -> float: ...
    def until(self, at: float) -> None: ...


class Wall:
    """The clock on the wall, as `Order.deadline` counts it."""

    def now(self) -> float:
        return time.monotonic()

    def until(self, at: float) -> None:
        time.sleep(max(0.0, at - time.monotonic()))


class Tally:
    """What became of the orders: how long those took that came, and how many did not come in time."""

    def __init__(self) -> None:
        self.waits: list[float] = []  # milliseconds
        self.late: list[float] = []  # milliseconds by which an order was given late: the channels' own fault
        self.misses = 0
        self.given = 0
        self._open = 0
        self._changed = threading.Condition()

    @property
    def holds(self) -> bool:
        """No frame came too late, and orders were given in time."""
        return self.given > 0 and self.misses == 0 and spread(self.late, "late")["late_p99"] < 1000 / FPS

    def give(self, lips: Lips, order: Order, now: Callable[[], float]) -> None:
        """Order, and note when the picture is there."""
        began = now()
        self.given += 1
        with self._changed:
            self._open += 1

        def done(future: Future[Picture]) -> None:
            took = now() - began
            with self._changed:
                self.waits.append(took * 1000)
                self.misses += future.exception() is not None or began + took > order.deadline
                self._open -= 1
                self._changed.notify_all()

        lips.order(order).add_done_callback(done)

    def finish(self, seconds: float) -> None:
        """Wait for what was ordered; what has not come by then counts as missed."""
        with self._changed:
            self._changed.wait_for(lambda: self._open == 0, seconds)
            self.misses += self._open
            self._open = 0


def speak(
    lips: Lips, make: Callable[[int, int, float], Order], channels: int, seconds: float, clock: Clock | None = None
) -> Tally:
    """Let so many channels speak for so long; `make(channel, k, deadline)` is the order for a channel's k-th frame.

    Their frames fall at different times, evenly spread, as those of channels that were started at different times do.
    """
    clock, tally = clock or Wall(), Tally()
    start = clock.now() + 0.05
    for k in range(round(seconds * FPS)):
        for channel in range(channels):
            due = start + (k + channel / channels) / FPS
            clock.until(due)
            tally.late.append(max(0.0, clock.now() - due) * 1000)
            tally.give(lips, make(channel, k, due + DEADLINE), clock.now)
    clock.until(start + seconds + DEADLINE)
    tally.finish(2 * DEADLINE)
    return tally


def most(holds: Callable[[int], bool], limit: int = 4096) -> int:
    """The largest number up to `limit` that holds, where each number below one that holds does; 0 if 1 does not."""
    good, bad = 0, 1
    while bad <= limit and holds(bad):
        good, bad = bad, bad * 2
    bad = min(bad, limit + 1)
    while bad - good > max(1, good // 32):  # three percent is nearer than two runs are to one another
        middle = (good + bad) // 2
        good, bad = (middle, bad) if holds(middle) else (good, middle)
    return good


def proven(holds: Callable[[int], bool], first: int) -> int:
    """`first`, or the next lower number, by steps of a twentieth, that holds; 0 if none does."""
    while first and not holds(first):
        first -= max(1, first // 20)
    return first
