"""Where a network's face replaces the footage: the lower face, as a soft shape worked out from five points."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

EXPONENT = 2.6  # of the superellipse: 2 is an ellipse, more is squarer, as a jaw is
WIDE = 0.98  # half its width, in distances of the eyes: to the cheeks, not to the ears
ABOVE = 0.44  # how far it reaches above the middle of the mouth, in distances from eyes to mouth: below the nose's tip
BELOW = 0.98  # and below it, in the same: to just under a chin that is lowered
FEATHER = 0.10  # the softening kernel as a share of the side, as MuseTalk blends (its utils/blending.py)
LEAST_EYES = 0.55  # of the distance from eyes to mouth: a turned head's eyes are closer together than they are

Crop = tuple[int, int, int, int]  # x0, y0, x1, y1 in the pixels of the footage


def jaw_mask(points: NDArray[np.float32], crop: Crop, side: int) -> NDArray[np.uint8]:
    """(side, side) for a crop of the footage scaled to `side`: 255 where the network's picture is seen, 0 the footage.

    `points` are (5, 2) in the pixels of the footage: right eye, left eye, nose, right and left corner of the mouth. The
    edges of the crop are always 0, so that no seam can show there.
    """
    x0, y0, x1, y1 = crop
    scale = np.array([side / (x1 - x0), side / (y1 - y0)])
    placed = (np.asarray(points, np.float64) - (x0, y0)) * scale
    y, x = np.mgrid[0:side, 0:side] + 0.5
    middle, across, down, wide, tall = _face(placed)
    u = ((x - middle[0]) * across[0] + (y - middle[1]) * across[1]) / wide
    v = (x - middle[0]) * down[0] + (y - middle[1]) * down[1]
    centre, half = (BELOW - ABOVE) / 2 * tall, (BELOW + ABOVE) / 2 * tall
    inside = np.abs(u) ** EXPONENT + np.abs((v - centre) / half) ** EXPONENT <= 1
    kernel = int(FEATHER * side // 2 * 2) + 1
    border = kernel // 2 + 1
    shape = np.zeros((side, side), np.uint8)
    shape[border : side - border, border : side - border] = 255
    shape[~inside] = 0
    return np.asarray(cv2.GaussianBlur(shape, (kernel, kernel), 0, borderType=cv2.BORDER_CONSTANT), np.uint8)


def _face(
    points: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float, float]:
    """Of a face: the mouth's middle, the directions across and down (unit vectors), half its width, eyes to mouth."""
    right_eye, left_eye, _, right, left = points
    mouth, eyes = (right + left) / 2, (right_eye + left_eye) / 2
    tall = max(float(np.hypot(*(mouth - eyes))), 1.0)
    down = (mouth - eyes) / tall
    across = np.array([down[1], -down[0]])
    apart = max(float(np.hypot(*(left_eye - right_eye))), LEAST_EYES * tall)
    return mouth, across, down, WIDE * apart, tall
