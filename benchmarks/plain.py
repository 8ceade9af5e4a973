"""The plain pipeline, as open programs for talking heads run their networks: what ours is measured against.

Eager, in half precision, batches of 16 frames of one viewer, copies that block, no second stream, and every face
resized and blended on the processor in double precision, one after the other. It is given our network with its folded
layers and cached features, and no gradients are kept, so a ratio to it is rather too small than too large.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.nets import plainly
from host_engine.media import Picture
from host_engine.neural.net import Net
from host_engine.neural.order import Order, Resident

BATCH = 16


class Plain:
    """One viewer's pipeline."""

    def __init__(self, net: Net, resident: Resident) -> None:
        self._net, self._move = net, plainly(net)
        self._kept = [torch.from_numpy(np.asarray(each)) for each in resident.kept]
        self._masks = resident.masks

    def batch(self, orders: list[Order]) -> list[Picture]:
        """`under` of each order with its new lips, (h, w, 3) RGB."""
        net = self._net
        kept = torch.stack([self._kept[order.frame] for order in orders]).to(net.device)
        windows = torch.from_numpy(np.stack([order.window for order in orders])).to(net.device, net.dtype)
        with torch.no_grad(), as_installed():
            faces = self._move(kept, windows)
        shown = faces.permute(0, 2, 3, 1).float().cpu().numpy()
        pictures = np.clip(np.round(shown * 255), 0, 255).astype(np.uint8)
        return [self._paste(face, order) for face, order in zip(pictures, orders, strict=True)]

    def _paste(self, face: Picture, order: Order) -> Picture:
        size = order.under.shape[1], order.under.shape[0]
        mask = self._masks[order.frame if len(self._masks) > 1 else 0]
        share: NDArray[np.float64] = cv2.resize(mask, size).astype(np.float64)[..., None] / 255
        over = cv2.resize(face, size).astype(np.float64)
        under = order.under.astype(np.float64)
        picture: Picture = np.round(under + (over - under) * share).astype(np.uint8)
        return picture


@contextmanager
def as_installed() -> Iterator[None]:
    """torch as it is unless told otherwise: our runner lets cuDNN try all its ways, for the whole process."""
    before = torch.backends.cudnn.benchmark
    torch.backends.cudnn.benchmark = False
    try:
        yield
    finally:
        torch.backends.cudnn.benchmark = before


def half(where: torch.device) -> str:
    """The type that such programs compute in: half precision on a GPU, single on a processor."""
    return "float16" if where.type == "cuda" else "float32"
