"""What a network must do at least for one frame: its operations, and the bytes of weights that it reads."""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode

from host_engine.neural.net import Net


class Work(NamedTuple):
    """10^9 operations a frame (a multiplication with its addition is 2), 10^6 bytes of weights, and of a frame."""

    gflop: float
    weights_mb: float
    frame_mb: float

    def least_mb(self, batch: int) -> float:
        """The least that a batch moves: the weights once, and what goes in and comes out of each frame."""
        return self.weights_mb + batch * self.frame_mb

    def intensity(self, batch: int) -> float:
        """Operations for each of these bytes."""
        return self.gflop * batch * 1000 / self.least_mb(batch)


class Reads(TorchDispatchMode):
    """Adds up the memory that is read without having been made meanwhile: inputs and weights, each once."""

    def __init__(self) -> None:
        super().__init__()
        self.read: dict[int, int] = {}
        self._made: set[int] = set()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        for place, size in _places((args, kwargs)):
            if place not in self._made:
                self.read[place] = size
        out = func(*args, **(kwargs or {}))
        self._made.update(place for place, _ in _places(out) if place not in self.read)
        return out


def _places(values: Any) -> list[tuple[int, int]]:
    storages = [each.untyped_storage() for each in tree_leaves(values) if isinstance(each, torch.Tensor)]
    return [(storage.data_ptr(), storage.nbytes()) for storage in storages]


def count(net: Net, kept: torch.Tensor, windows: torch.Tensor) -> Work:
    """What `net.move` does for a batch of one: kept (1, *Net.kept), windows (1, *Net.window) on the net's device."""
    flops, reads = FlopCounterMode(display=False), Reads()
    with torch.no_grad(), sdpa_kernel(SDPBackend.MATH), flops, reads:
        made = net.move(kept, windows)
    inputs = {tensor.untyped_storage().data_ptr() for tensor in (kept, windows)}
    weights = sum(size for place, size in reads.read.items() if place not in inputs)
    frame = sum(tensor.numel() * tensor.element_size() for tensor in (kept, windows, made))
    return Work(flops.get_total_flops() / 1e9, weights / 1e6, frame / 1e6)
