"""How much of the picture stands still, and for how long: what viewers would take for a slide."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

BLOCKS = 80  # along the longer side
STEP = 5.0  # levels of 255 by which a block must differ: coding alone moves it by one or two


class Stillness:
    """Given small pictures one after another, knows since when each block of them has not changed.

    A block is compared with what it was when it changed last, so that what drifts slowly counts as moving, and noise of
    the coding does not.
    """

    def __init__(self) -> None:
        self._seen: NDArray[np.float32] | None = None
        self._changed: NDArray[np.float64] | None = None
        self._began = 0.0

    def see(self, luma: NDArray[np.uint8], at: float) -> None:
        """A picture's brightness, (h, w), taken at `at` seconds. A millisecond's work for one of 360x640."""
        blocks = small(luma)
        if self._seen is None or self._changed is None or self._seen.shape != blocks.shape:
            self._seen, self._changed, self._began = blocks, np.full(blocks.shape, at), at
            return
        moved = np.abs(blocks - self._seen) > STEP
        self._seen = np.where(moved, blocks, self._seen)
        self._changed = np.where(moved, at, self._changed)

    def share(self, seconds: float, at: float) -> float | None:
        """The share of the picture that has stood still for so long; None while it has not been watched for so long."""
        if self._changed is None or at - self._began < seconds:
            return None
        return float(np.mean(at - self._changed >= seconds))


def small(luma: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The mean brightness of square blocks, about `BLOCKS` of them along the longer side."""
    side = max(1, max(luma.shape) // BLOCKS)
    high, wide = luma.shape[0] // side, luma.shape[1] // side
    cut = luma[: high * side, : wide * side].reshape(high, side, wide, side)
    return np.asarray(cut.mean(axis=(1, 3)), np.float32)
