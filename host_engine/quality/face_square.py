"""Where SyncNet looks in a frame: a square around the face, cut as its makers cut it."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.media import Picture
from host_engine.quality.jitter import Boxes

SIDE = 224
_WIDER = 0.4  # of half the face box: what is shown of the face besides
_SMOOTH = 13  # frames whose median the path of the crop follows


class Square(NamedTuple):
    """The middle of the face, and half the side of its box."""

    x: float
    y: float
    half: float


def squares(boxes: Boxes) -> list[Square]:
    """Of the face boxes (n, 4), their path smoothed by a median of 13 frames, as SyncNet's own pipeline does."""
    boxes = np.asarray(boxes, np.float64)
    halves = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) / 2
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    smooth = [_median(values) for values in (middles[:, 0], middles[:, 1], halves)]
    return [Square(*each) for each in np.stack(smooth, 1).tolist()]


def shown(frame: Picture, square: Square) -> Picture:
    """(224, 224, 3): the part of a frame that SyncNet is shown; grey where it lies outside."""
    x, y, half = square
    border = int(half * (1 + 2 * _WIDER))
    wide = np.pad(frame, ((border, border), (border, border), (0, 0)), constant_values=110)
    x, y = x + border, y + border
    side = half * (1 + _WIDER)
    part = wide[int(y - half) : int(y + half * (1 + 2 * _WIDER)), int(x - side) : int(x + side)]
    return np.asarray(cv2.resize(part, (SIDE, SIDE)), np.uint8)


def _median(values: NDArray[np.float64]) -> NDArray[np.float64]:
    held = np.pad(values, _SMOOTH // 2, mode="edge")
    found: NDArray[np.float64] = np.median(np.lib.stride_tricks.sliding_window_view(held, _SMOOTH), -1)
    return found
