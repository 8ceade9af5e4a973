"""What the worker has done so far, in numbers, for /status, the metrics and the benchmarks."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import Any

from host_engine.timing import Tally

MILLISECONDS = (1, 2, 3, 5, 8, 10, 15, 20, 30, 50, 80, 120, 200, 500, 1000)  # bounds of the histograms


class Why(StrEnum):
    """Why an order was missed."""

    HOPELESS = "hopeless"  # dropped before it cost a batch: its deadline could not be kept
    LATE = "late"  # the picture was there after the deadline
    BROKEN = "broken"  # what came out was no picture: not a number, or infinite
    REFUSED = "refused"  # an order for an avatar that is not here, of a wrong shape, or one too many
    FAILED = "failed"  # the batch failed, hung, or the worker was not at work


class Counts:
    """Counted under the desk's lock; read from any thread, where a number one too small does no harm."""

    def __init__(self) -> None:
        self.orders = 0
        self.done = 0
        self.missed: Counter[Why] = Counter()
        self.batches: Counter[int] = Counter()  # by bucket
        self.took = Tally(MILLISECONDS)  # milliseconds of each batch on the card, its copy back included
        self.waited = Tally(MILLISECONDS)  # milliseconds from an order to its batch
        self.answered = Tally(MILLISECONDS)  # milliseconds from an order to its picture

    def status(self) -> dict[str, Any]:
        return {
            "orders": self.orders,
            "done": self.done,
            "missed": {why.value: self.missed[why] for why in Why},
            "batches": {str(bucket): count for bucket, count in sorted(self.batches.items())},
            "batch_ms": _mean(self.took),
            "answer_ms": _mean(self.answered),
        }


def _mean(tally: Tally) -> float:
    return round(tally.sum / max(1, tally.count), 3)
