"""Where a network's face replaces the footage: the lower face, as a soft shape worked out from five points."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

EXPONENT = 2.6  # of the superellipse: 2 is an ellipse, more is squarer, as a jaw is
WIDE = 0.9  # half its width at the mouth, in distances of the eyes: to the cheeks, not to the ears
CHIN = 0.74  # of that width is left at the chin
ABOVE = 0.32  # how far it reaches above the middle of the mouth, in distances from eyes to mouth: below the nose's tip
BELOW = 0.94  # and below it, in the same: to just under a chin that is lowered
FEATHER = 0.10  # the softening kernel as a share of the side, as MuseTalk blends (its utils/blending.py)
EYES = (0.55, 1.05)  # distances of the eyes, in those from eyes to mouth, that are believed: a turned head's are closer
CORNERS, SHIFT = 72, 4  # of the polygon that is drawn; bits of its places behind the point

Crop = tuple[int, int, int, int]  # x0, y0, x1, y1 in the pixels of the footage
Places = NDArray[np.float64]

_ANGLES = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
_RIM = np.stack([np.sign(part) * np.abs(part) ** (2 / EXPONENT) for part in (np.cos(_ANGLES), np.sin(_ANGLES))], 1)
_NARROW = 1 - (1 - CHIN) * np.clip(_RIM[:, 1:], 0, 1)


def jaw_mask(points: NDArray[np.float32], crop: Crop, side: int) -> NDArray[np.uint8]:
    """(side, side) for a crop of the footage scaled to `side`: 255 where the network's picture is seen, 0 the footage.

    `points` are (5, 2) in the pixels of the footage: right eye, left eye, nose, right and left corner of the mouth. The
    edges of the crop are always 0, so that no seam can show there. About 0.25 ms for a side of 256.
    """
    x0, y0, x1, y1 = crop
    kernel = int(FEATHER * side // 2 * 2) + 1
    border = kernel // 2 + 1
    shape = np.zeros((side, side), np.uint8)
    placed = (_jaw(np.asarray(points, np.float64)) - (x0, y0)) * (side / (x1 - x0), side / (y1 - y0))
    rim = np.round(placed * (1 << SHIFT)).astype(np.int32)
    cv2.fillPoly(shape, [rim], 255, cv2.LINE_AA, SHIFT)
    shape[:border] = shape[-border:] = 0
    shape[:, :border] = shape[:, -border:] = 0
    window = cv2.getGaussianKernel(kernel, 0)  # OpenCV's own blur of bytes takes four times as long at this size
    return np.asarray(cv2.sepFilter2D(shape, -1, window, window, borderType=cv2.BORDER_CONSTANT), np.uint8)


def _jaw(points: Places) -> Places:
    """The outline (CORNERS, 2) of the lower face with these points."""
    right_eye, left_eye, _, right, left = points
    mouth, eyes = (right + left) / 2, (right_eye + left_eye) / 2
    tall = max(float(np.hypot(*(mouth - eyes))), 1.0)
    down = (mouth - eyes) / tall
    across = np.array([down[1], -down[0]])
    wide = WIDE * float(np.clip(np.hypot(*(left_eye - right_eye)), EYES[0] * tall, EYES[1] * tall))
    middle = mouth + down * tall * (BELOW - ABOVE) / 2
    outline: Places = middle + _RIM[:, :1] * _NARROW * across * wide + _RIM[:, 1:] * down * (tall * (BELOW + ABOVE) / 2)
    return outline
