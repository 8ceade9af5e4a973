"""One network at work on one device: a thread that takes batches from the desk and hands the pictures back."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import NamedTuple

from host_engine.neural.order import Order, Resident
from host_engine.neural.worker.batching import Pace
from host_engine.neural.worker.counts import Why
from host_engine.neural.worker.desk import Desk
from host_engine.neural.worker.fault import Fault, fault_of, sentence
from host_engine.neural.worker.fit import avatar_misfit, order_misfit
from host_engine.neural.worker.queue import Waiting
from host_engine.neural.worker.room import Room
from host_engine.neural.worker.runner import Flight, Runner
from host_engine.neural.worker.warm import warm

AHEAD = 2  # batches under way at once
POLL = 0.0002  # seconds between two looks at a batch that should be done
STARTING = 600.0  # seconds that loading and capturing may take
SLOW = 10  # times the usual length after which a batch hangs
FAILURES = 3  # batches that fail in a row before the network is given up

log = logging.getLogger(__name__)


class _Batch(NamedTuple):
    orders: list[Waiting]
    flight: Flight
    end: float  # when it should be done


class Bench:
    """Works until it is stopped, or breaks: then it tells `broken` why, once, and its thread ends.

    make: loads the network and gives its runner. residents: the avatars that are wanted. told: hears of what is worse
    than it should be, by name, and with None that it is well. hang: seconds after which a batch that should be done
    hangs. A batch for which there is no room waits again, while `Room` makes some. All orders it has taken are answered
    by somebody: it, or whoever gives it up, with `abandon`.
    """

    def __init__(
        self,
        make: Callable[[], Runner],
        residents: Callable[[], Mapping[int, Resident]],
        desk: Desk,
        broken: Callable[[Bench, Exception], None],
        told: Callable[[str, str | None], None],
        hang: float,
    ) -> None:
        self.runner: Runner | None = None  # from when it is ready on
        self.pace = Pace((1,))
        self.room = Room(residents, told)
        self._make, self._residents, self._desk = make, residents, desk
        self._broken, self._told, self._hang = broken, told, hang
        self._batches: deque[_Batch] = deque()
        self._sending: list[Waiting] = []
        self._opening = threading.Lock()
        self._stopped = False
        self._failures = 0
        self._since: tuple[float, float] | None = (desk.clock(), STARTING)  # begin and limit of what is under way
        self._thread = threading.Thread(target=self._run, name="lips", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, seconds: float = 0.0) -> None:
        """Take no more batches, and wait so long for the end of the one under way."""
        self._stopped = True
        self._desk.nudge()
        if seconds:
            self._thread.join(seconds)

    def hangs(self, now: float) -> float | None:
        """For how many seconds something has been under way that should long be done; None where all is well."""
        since = self._since
        return now - since[0] if since and now - since[0] > since[1] else None

    def abandon(self, why: str) -> None:
        """Answer for a bench that does not come back."""
        for orders in [self._sending, *(batch.orders for batch in list(self._batches))]:
            self._desk.miss(orders, Why.FAILED, why)

    def settle(self, avatar: int, resident: Resident) -> None:
        """Take an avatar in, on the caller's thread. Raises ValueError where it is not one for this network."""
        with self._opening:
            runner = self.runner
        if runner is None:  # it takes all in when it is ready
            return
        if refused := avatar_misfit(runner.net, resident):
            raise ValueError(refused)
        try:
            if not self.room.take_in(runner, avatar, resident):
                self._desk.nudge()
        except Exception as error:
            self._break(error)

    def leave(self, avatar: int) -> None:
        """Let an avatar go."""
        self.room.leave(avatar)
        self._desk.nudge()

    def _run(self) -> None:
        try:
            runner = self._make()
            while not self._warmed(runner):
                pass
            self._open(runner)
            while not self._stopped:
                self._turn(runner)
        except Exception as error:
            self._break(error)

    def _break(self, error: Exception) -> None:
        if not self._stopped:
            self._broken(self, error)

    def _warmed(self, runner: Runner) -> bool:
        try:
            self.pace = warm(runner)
        except Exception as error:
            self.room.find(runner, error)
            return False
        return True

    def _open(self, runner: Runner) -> None:
        """Take in the avatars that are there, and tell that it is ready."""
        with self._opening:
            for avatar, resident in self._residents().items():
                if refused := avatar_misfit(runner.net, resident):
                    self.room.left_out[avatar] = refused
                else:
                    self.room.wanted[avatar] = resident
            self.runner = runner
        self.room.house(runner)
        self._since = None
        self._desk.open()
        self._told("lips/away", None)

    def _turn(self, runner: Runner) -> None:
        """Hand over what is done, begin what is due, then wait for either."""
        seen = self._desk.seen()
        while self._batches and self._landed(self._batches[0]):
            self._since = (self._desk.clock(), self._limit()) if self._batches else None
        self.room.see_off(runner)
        if self.room.wanted:
            self._drain()
            self.room.house(runner)
            self.pace = self.pace.within(runner.buckets[-1])
        wait: float | None = None
        if len(self._batches) < AHEAD:
            orders, wait = self._desk.choose(self._free(), self.pace)
            if orders:
                self._send(runner, orders)
            if orders or wait == 0:
                return
        self._desk.wait(seen, self._nap(wait))

    def _landed(self, batch: _Batch) -> bool:
        """Whether the batch is done; then its pictures are handed over."""
        try:
            if not batch.flight.done():
                return False
            pictures, milliseconds = batch.flight.pictures(), batch.flight.milliseconds
        except Exception as error:
            self._batches.popleft()
            self._fail(batch.orders, error)
            return True
        self._failures = 0
        bucket = self.pace.bucket(batch.flight.bucket)
        self.pace.add(bucket, milliseconds / 1000)
        self._desk.batch(bucket, milliseconds)
        for waiting, picture in zip(batch.orders, pictures, strict=True):
            if picture is None:
                self._desk.miss([waiting], Why.BROKEN, "the network's picture was not a number everywhere")
            else:
                self._desk.hand(waiting, picture)
        self._batches.popleft()
        return True

    def _send(self, runner: Runner, orders: list[Waiting]) -> None:
        self._sending = orders
        fit = [waiting for waiting in orders if not self._refused(runner, waiting)]
        now = self._desk.clock()
        end = max(now, self._free()) + self.pace.of(len(fit))
        if fit:
            self._since = self._since or (now, self._limit(len(fit)))
            try:
                self._batches.append(_Batch(fit, runner.launch([each.order for each in fit]), end))
            except Exception as error:
                self._since = None
                self._fail(fit, error)
        self._sending = []

    def _refused(self, runner: Runner, waiting: Waiting) -> bool:
        """Whether the order cannot be done; then it has been answered."""
        order = waiting.order
        refused = self._refusal(runner, order)
        if refused:
            self._desk.miss([waiting], Why.REFUSED, refused)
        return refused is not None

    def _refusal(self, runner: Runner, order: Order) -> str | None:
        block = runner.blocks.get(order.avatar)
        if block is None:
            return self.room.left_out.get(order.avatar, f"there is no avatar {order.avatar} here")
        return order_misfit(runner.net, order, len(block.kept), even=runner.colour != "rgb")

    def _fail(self, orders: list[Waiting], error: Exception) -> None:
        """A batch could not be made, or did not end well. Raises what cannot be mended here."""
        fault = fault_of(error)
        if fault is Fault.ROOM and self.runner:
            self._drain()
            self.room.find(self.runner, error)
            self.pace = self.pace.within(self.runner.buckets[-1])
            self._desk.back(orders)
            return
        self._failures += 1
        said = f"{fault.value}: {sentence(error)}"
        self._desk.miss(orders, Why.FAILED, said)
        if fault is Fault.DEVICE or self._failures >= FAILURES:
            self.abandon(said)
            raise error
        log.error("a batch of %d failed: %s", len(orders), said, exc_info=error)

    def _drain(self) -> None:
        """Wait for what is under way: only where there is trouble anyway."""
        while self._batches:
            self._batches[0].flight.finish()
            self._landed(self._batches[0])
        self._since = None

    def _free(self) -> float:
        return self._batches[-1].end if self._batches else self._desk.clock()

    def _limit(self, count: int = 1) -> float:
        return max(self._hang, SLOW * self.pace.of(count))

    def _nap(self, wait: float | None) -> float | None:
        if not self._batches:
            return wait
        left = max(POLL, self._batches[0].end - self._desk.clock() - POLL)
        return left if wait is None else min(left, wait)
