"""The part of a frame that MuseTalk 1.5 makes anew, from a detector's box and five points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from host_engine.neural.net import Crop

MARGIN = 10  # pixels below the chin, as version 1.5 was trained
# Point 29 of a mean face, as a share of the way from the eyes to the tip of the nose.
_BRIDGE = 0.65
# The chin, in shares of the way from the eyes to the corners of the mouth: YuNet's box ends at 1.70 to 1.84 in the
# GRID recordings. Beyond these bounds it has caught a hand or a collar; held there, so that no frame jumps.
_CHIN = (1.4, 2.05)


def musetalk_box(box: NDArray[np.float32], points: NDArray[np.float32]) -> Crop:
    """x0, y0, x1, y1 in whole pixels, for a box (4,) and points (5, 2): eyes, nose, corners of the mouth.

    MuseTalk takes the extremes of 68 landmarks: both sides of the jaw, the chin, and above the bridge of the nose as
    far as the chin is below it. Five points do not tell the jaw, so its sides are the box's; so is the chin, held to
    where a chin can be. Without usable points: the box. The margin may reach past the picture: whoever cuts keeps it
    inside.
    """
    left, top, right, bottom = (float(value) for value in box)
    eyes, nose, mouth = points[:2, 1].mean(), float(points[2, 1]), points[3:5, 1].mean()
    if np.isfinite(points).all() and eyes < nose < mouth:
        bridge = eyes + _BRIDGE * (nose - eyes)
        bottom = float(np.clip(bottom, *(eyes + share * (mouth - eyes) for share in _CHIN)))
        top = float(bridge - (bottom - bridge))
    x0, y0 = max(0, int(left)), max(0, int(top))
    return x0, y0, max(int(right), x0 + 1), max(int(bottom) + MARGIN, y0 + 1)
