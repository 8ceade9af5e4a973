"""Cutting the face out of a frame for a network, and laying what comes back into it; crops may reach over the edge."""

from __future__ import annotations

import cv2
import numpy as np

from host_engine.media import Picture
from host_engine.neural.net import Crop


def cut(picture: Picture, crop: Crop) -> Picture:
    """What the picture shows in the crop, (h, w, 3), a copy; beyond its edges their pixels go on."""
    x0, y0, x1, y1 = crop
    a, b, c, d = inside(crop, picture)
    part = picture[b:d, a:c]
    if (a, b, c, d) == crop:
        return np.ascontiguousarray(part) if not part.flags.c_contiguous else part.copy()
    return np.asarray(cv2.copyMakeBorder(part, b - y0, y1 - d, a - x0, x1 - c, cv2.BORDER_REPLICATE), np.uint8)


def lay(picture: Picture, patch: Picture, crop: Crop) -> None:
    """Write the patch, as large as the crop, into the picture, as far as it is inside."""
    x0, y0, _, _ = crop
    a, b, c, d = inside(crop, picture)
    picture[b:d, a:c] = patch[b - y0 : d - y0, a - x0 : c - x0]


def inside(crop: Crop, picture: Picture) -> Crop:
    """The part of the crop that is in the picture. Raises ValueError where there is none."""
    x0, y0, x1, y1 = crop
    height, width = picture.shape[:2]
    found = max(0, x0), max(0, y0), min(width, x1), min(height, y1)
    if found[0] >= found[2] or found[1] >= found[3]:
        raise ValueError(f"the crop {crop} lies outside the picture of {width}x{height}")
    return found
