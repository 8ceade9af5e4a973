"""The way of a face without the trembling of its detector, and without coming late: filters that look both ways."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from host_engine.avatars.finders import Floats

POINTS, BOX = 1.6, 3.0  # frames, the width (sigma) of what is averaged: a crop should be steadier than the points
OUTLIERS = 2  # frames on each side that a single wrong one is outvoted by


class Smooth(NamedTuple):
    """Boxes and points as they are used, and how much they trembled before and after, in pixels."""

    boxes: Floats  # (n, 4)
    points: Floats  # (n, 5, 2)
    before: float
    after: float


def smoothed(boxes: Floats, points: Floats) -> Smooth:
    """Boxes (n, 4) and points (n, 5, 2) smoothed without lag: a motion at an even speed stays as it is."""
    steady_points = _smooth(points.reshape(len(points), 10), POINTS).reshape(points.shape)
    steady_boxes = _smooth(boxes, BOX)
    return Smooth(steady_boxes, steady_points, trembling(points), trembling(steady_points))


def trembling(places: Floats) -> float:
    """How much places (n, ...) tremble: the root mean square of their third difference.

    It is scaled so that independent errors of one pixel in each frame give 1; an even or evenly accelerated motion, 0.
    """
    if len(places) < 4:
        return 0.0
    third = np.diff(places.reshape(len(places), -1).astype(np.float64), n=3, axis=0)
    return float(np.sqrt(np.square(third).mean() / 20))


def _smooth(rows: Floats, sigma: float) -> Floats:
    """Rows (n, k) without single outliers, and then averaged by a Gaussian window that looks both ways."""
    reach = round(3 * sigma)
    voted = _voted(rows.astype(np.float64))
    window = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    window /= window.sum()
    longer = _extended(voted, reach)
    return np.stack([np.convolve(column, window, "valid") for column in longer.T], 1).astype(np.float32)


def _voted(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each value where it lies beyond its neighbours' by far replaced by their median."""
    longer = _extended(rows, OUTLIERS)
    near = np.stack([longer[k : k + len(rows)] for k in range(2 * OUTLIERS + 1)])
    middle = np.median(near, axis=0)
    spread = 1.5 * np.median(np.abs(near - middle), axis=0) + 1.0
    return np.where(np.abs(rows - middle) > 3 * spread, middle, rows)


def _extended(rows: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """`reach` more rows at both ends, mirrored about the end itself, so that a motion goes on as it was."""
    n = len(rows)
    if n == 1:
        return np.repeat(rows, 2 * reach + 1, axis=0)
    at = np.arange(-reach, n + reach)
    period = 2 * (n - 1)
    inner = at % period
    inner = np.where(inner >= n, period - inner, inner)
    longer = rows[inner]
    before, after = at < 0, at >= n
    longer[before] = 2 * rows[0] - longer[before]
    longer[after] = 2 * rows[-1] - longer[after]
    return longer
