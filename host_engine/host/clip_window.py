"""The window in which a product video plays."""

from __future__ import annotations

import cv2
import numpy as np

from host_engine.host.canvas import Sprite, paint
from host_engine.host.fitting import covering
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
        colour = np.asarray(cv2.multiply(covering(frame, self.box.w, self.box.h), self._mask, scale=1 / 255), np.uint8)
        return Sprite.of(colour, self._keep, self.box.x, self.box.y)
