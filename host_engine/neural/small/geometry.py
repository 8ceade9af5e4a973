"""Which part of a frame the small network makes anew: from the eyes to below the chin, by the five points alone."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from host_engine.neural.net import Crop

SPREAD = 2.2  # side of the crop in distances from the eyes to the mouth
MOUTH = 0.477  # where in the crop, from its top, the mouth lies
LEAST = 16  # pixels


def crop_of(points: NDArray[np.floating]) -> Crop:
    """The square for the points (5, 2) in the order of `Net.crop`; it may reach over the edge of the frame.

    The mouth is in its middle, and its size is that of the face whichever way the head is turned.
    """
    eyes, mouth = points[:2].mean(0), points[3:5].mean(0)
    away = math.hypot(*(mouth - eyes))
    apart = math.hypot(*(points[1] - points[0]))
    side = max(LEAST, round(SPREAD * max(away, 0.6 * apart)))
    x = 0.25 * eyes[0] + 0.75 * mouth[0]
    left, top = round(float(x) - side / 2), round(float(mouth[1]) - MOUTH * side)
    return left, top, left + side, top + side
