"""The bands in which networks hear: triangles on the mel scale."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def triangles(rate: int, points: int, count: int, lowest: float, highest: float) -> NDArray[np.float32]:
    """(count, points // 2 + 1), each of sum 1, spaced evenly from `lowest` to `highest` Hz on the mel scale
    (2595 log10(1 + f / 700)), over the bins of a spectrum of `points` samples at `rate`."""
    edges = 700 * (10 ** (np.linspace(_mel(lowest), _mel(highest), count + 2) / 2595) - 1)
    bins = np.arange(points // 2 + 1) * rate / points
    low, middle, high = (edges[k : k + count, None] for k in range(3))
    shape = np.maximum(np.minimum((bins - low) / (middle - low), (high - bins) / (high - middle)), 0)
    shape[shape.sum(1) == 0, :] = np.abs(bins - middle[shape.sum(1) == 0]) < rate / points / 2  # narrower than a bin
    return np.asarray(shape / shape.sum(1, keepdims=True), np.float32)


def _mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))
