"""The network's step for each size of batch: eager, captured as a CUDA graph, or compiled and then captured."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch

from host_engine.neural.net import Net
from host_engine.neural.worker.card import Card
from host_engine.neural.worker.fault import Fault, fault_of, sentence

log = logging.getLogger(__name__)


class Made(NamedTuple):
    """What one step gives, on the device."""

    faces: torch.Tensor  # (b, 3, side, side) in 0..1
    finite: torch.Tensor  # (b,) bool: whether every value of a face is a number


Move = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


class Steps:
    """Reads the same memory each time, `kept` and `windows`, so that a step can be one graph for each bucket.

    A capture that fails leaves its bucket eager, said once. Compiling happens behind the show, on a thread of its own:
    each bucket goes over to its compiled graph when that is ready.
    """

    def __init__(self, net: Net, card: Card, buckets: Sequence[int], graphs: bool) -> None:
        largest = max(buckets)
        self.kept = _inputs(card, (largest, *net.kept), net.dtype)
        self.windows = _inputs(card, (largest, *net.window), net.dtype)
        self.buckets = tuple(sorted(buckets))
        self.eager: str | None = None if graphs and card.captures else "without graphs"  # why steps are not captured
        self.compiled: str = "no"
        self._net, self._card = net, card
        self._graphs = graphs and card.captures
        self._calls: dict[int, Callable[[], Made]] = {}

    def rows(self, count: int) -> int:
        """How many rows the step of a batch of `count` has: a graph's are those of its bucket."""
        bucket = next((each for each in self.buckets if each >= count), count)
        return bucket if bucket in self._calls else count

    def __call__(self, rows: int) -> Made:
        call = self._calls.get(rows)
        return call() if call else self._step(self._net.move, rows)

    def prepare(self) -> None:
        """Capture each bucket, the largest first, so that the others fit into its memory."""
        for bucket in reversed(self.buckets) if self._graphs else ():
            try:
                self._calls[bucket] = self._captured(self._net.move, bucket)
            except Exception as error:
                if fault_of(error) is Fault.ROOM:
                    raise  # a card that is lost fails again, eagerly
                if self.eager is None:
                    log.warning("batches of %d run without a CUDA graph, slower: %s", bucket, sentence(error))
                self.eager = f"batches of {bucket} could not be captured: {sentence(error)}"

    def compile_behind(self) -> threading.Thread | None:
        """Begin to compile, where graphs are captured; the buckets change over one by one."""
        if not self._graphs or self.compiled != "no":
            return None
        self.compiled = "under way"
        thread = threading.Thread(target=self._compile, name="compile lips", daemon=True)
        thread.start()
        return thread

    def _compile(self) -> None:
        try:
            self._card.begin()
            move = torch.compile(self._net.move, mode="max-autotune-no-cudagraphs", dynamic=False)
            with torch.inference_mode():
                for bucket in reversed(self.buckets):
                    self._calls[bucket] = self._captured(move, bucket)
            self.compiled = "yes"
        except Exception as error:  # the show goes on with what it has
            self.compiled = f"it failed: {sentence(error)}"
            log.warning("the network could not be compiled, it goes on uncompiled: %s", sentence(error))

    def _captured(self, move: Move, bucket: int) -> Callable[[], Made]:
        return self._card.capture(lambda: self._step(move, bucket))

    def _step(self, move: Move, rows: int) -> Made:
        faces = move(self.kept[:rows], self.windows[:rows])
        return Made(faces, faces.sum((1, 2, 3), dtype=torch.float32).isfinite())  # one pass; a sum keeps what is not


def _inputs(card: Card, shape: Sequence[int], dtype: torch.dtype) -> torch.Tensor:
    """Zeros; channels last where there are channels, rows and columns, as convolutions like it."""
    zeros = card.zeros(shape, dtype)
    return zeros.contiguous(memory_format=torch.channels_last) if len(shape) == 4 else zeros
