"""The window in which a product video plays."""

from __future__ import annotations

import cv2
import numpy as np

from host_engine.host.canvas import Sprite, paint
from host_engine.host.overlay import filled, rounded
from host_engine.media import Picture
from host_engine.show.scene import Box


class ClipWindow:
    """A box with round corners for one frame of video after another."""

    def __init__(self, box: Box, unit: float) -> None:
        self.box = box
        mask = paint(box, lambda canvas: canvas.drawRRect(rounded(box, 22 * unit), filled("#ffffff")))
        self._mask, self._keep = mask.colour, mask.keep

    def at(self, frame: Picture) -> Sprite:
        """The window with `frame` (h, w, 3) RGB in it, cropped to its shape."""
        colour = np.asarray(cv2.multiply(self._fitted(frame), self._mask, scale=1 / 255), np.uint8)
        return Sprite.of(colour, self._keep, self.box.x, self.box.y)

    def _fitted(self, frame: Picture) -> Picture:
        if frame.shape[:2] == (self.box.h, self.box.w):
            return frame
        high, wide = frame.shape[:2]
        scale = max(self.box.w / wide, self.box.h / high)
        w, h = min(round(self.box.w / scale), wide), min(round(self.box.h / scale), high)
        x, y = (wide - w) // 2, (high - h) // 2
        part = np.ascontiguousarray(frame[y : y + h, x : x + w])
        return np.asarray(cv2.resize(part, (self.box.w, self.box.h), interpolation=cv2.INTER_LINEAR), np.uint8)
