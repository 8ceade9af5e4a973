"""Our own way, for benchmarks: the runner that the worker has, batch after batch, without channels."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence

import torch

from benchmarks.stopwatch import seconds_of
from host_engine.media import Picture
from host_engine.neural.net import Net
from host_engine.neural.order import Order, Resident
from host_engine.neural.worker.batching import BUCKETS
from host_engine.neural.worker.runner import Flight, Runner
from host_engine.neural.worker.worker import HANG, Worker

STARTING = 900.0  # seconds


class Ours:
    """One network with one avatar, ready: what can be captured has been. The avatar's number is 0."""

    def __init__(self, net: Net, resident: Resident, buckets: Sequence[int] = BUCKETS, compiled: bool = False) -> None:
        self.runner = Runner(net, buckets=buckets, compiles=compiled)
        self.runner.keep(0, resident)
        self.runner.prepare()
        while self.runner.steps.compiled == "under way":
            time.sleep(0.1)

    @property
    def mode(self) -> str:
        """How the network runs: "eager", "graphs" or "compiled"; told in a row."""
        steps = self.runner.steps
        return "eager" if steps.eager else "compiled" if steps.compiled == "yes" else "graphs"

    def pictures(self, orders: Sequence[Order]) -> list[Picture]:
        """One batch, waited for. Raises ValueError where a picture is not finite."""
        return _landed(self.runner.launch(orders))

    def network(self, batch: int) -> Callable[[], object]:
        """The network alone, for as many rows; it reads whatever the last batch left."""

        def once() -> None:
            with torch.inference_mode():
                self.runner.steps(batch)

        return once

    def fps(self, orders: Sequence[Order], seconds: float) -> float:
        """Pictures a second when two batches are under way at any time, as the worker has it."""
        flights = deque([self.runner.launch(orders), self.runner.launch(orders)])
        clock = self.runner.card.device
        began, made = seconds_of(clock), 0
        while True:
            made += len(_landed(flights.popleft()))
            took = seconds_of(clock) - began
            if took > seconds and made >= 2 * len(orders):
                _landed(flights.popleft())
                return made / took
            flights.append(self.runner.launch(orders))


def _landed(flight: Flight) -> list[Picture]:
    flight.finish()
    landed = flight.pictures()
    pictures = [each for each in landed if each is not None]
    if len(pictures) < len(landed):
        raise ValueError("the network's pictures are not finite")
    return pictures


def open_worker(net: Net) -> Worker:
    """The worker of a machine, with this network, taking orders."""
    slow = 600.0 if net.device.type == "cpu" else HANG  # the largest network takes many seconds there
    worker = Worker(lambda device, dtype: net, str(net.device), hang=slow)
    if not worker.ready(STARTING):
        why = worker.status()["why"]
        worker.close()
        raise RuntimeError(f"the worker did not get ready: {why}")
    return worker
