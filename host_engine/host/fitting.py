"""Pictures of any shape made to fill a box: what does not fit is cut off."""

from __future__ import annotations

import cv2
import numpy as np

from host_engine.media import Picture


def covering(picture: Picture, width: int, height: int) -> Picture:
    """The middle of a picture (h, w, 3), scaled so that it fills a box of that size; the same where it fits already."""
    high, wide = picture.shape[:2]
    if (wide, high) == (width, height):
        return picture
    scale = max(width / wide, height / high)
    w, h = max(1, min(round(width / scale), wide)), max(1, min(round(height / scale), high))
    x, y = (wide - w) // 2, (high - h) // 2
    part = np.ascontiguousarray(picture[y : y + h, x : x + w])
    how = cv2.INTER_AREA if scale < 0.75 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(part, (width, height), interpolation=how), np.uint8)
