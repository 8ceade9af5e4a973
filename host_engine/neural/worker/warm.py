"""The first runs of a network: what they cost later batches need not pay, and they tell how long each bucket takes."""

from __future__ import annotations

import numpy as np

from host_engine.neural.order import Order, Resident
from host_engine.neural.worker.batching import Pace
from host_engine.neural.worker.runner import Runner

BLANK = -1  # the number of the avatar that is used for it


def warm(runner: Runner) -> Pace:
    """Capture what can be captured, run each bucket, and give the pace; on a processor only the smallest."""
    net = runner.net
    runner.prepare()
    kept, masks = np.zeros((1, *net.kept), np.float16), np.zeros((1, net.side, net.side), np.uint8)
    runner.keep(BLANK, Resident("", kept, masks))
    crop = np.zeros((net.side, net.side, 3), np.uint8)
    order = Order("", BLANK, 0, np.zeros(net.window, np.float16), crop, 0.0)
    pace = Pace(runner.buckets)
    for bucket in runner.buckets if runner.card.captures else runner.buckets[:1]:
        for measured in (False, True):  # the first run of a size is slower
            flight = runner.launch([order] * bucket)
            flight.finish()
            if measured:
                pace.add(bucket, flight.milliseconds / 1000)
    runner.leave(BLANK)
    return pace
