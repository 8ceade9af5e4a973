"""Where an operator's camera is seen: a box of the picture, below all else that lies over it."""

from __future__ import annotations

import numpy as np

from host_engine.host.fitting import covering
from host_engine.media import Picture
from host_engine.show.scene import Box


class CameraWindow:
    """Paints into the ground of a stage. Between two pictures of the camera the first stays; whoever comes on air
    anew begins with the scene's own background."""

    def __init__(self, box: Box, ground: Picture) -> None:
        """`ground` (h, w, 3) RGB is that of the whole picture; what it shows now is what is seen without a camera."""
        self.box = box
        self._part = ground[box.y : box.bottom, box.x : box.right]
        self._still = self._part.copy()
        self._shown: Picture | None = None
        self._fresh = False

    def enter(self) -> None:
        """Come on air: what a camera showed before is not seen again."""
        self._part[:] = self._still
        self._shown, self._fresh = None, True

    def draw(self, picture: Picture | None) -> Box | None:
        """Paint a picture of the camera (h, w, 3) RGB, cropped to the box. Where the ground has changed since."""
        if picture is None or picture is self._shown:
            fresh, self._fresh = self._fresh, False
            return self.box if fresh else None
        np.copyto(self._part, covering(picture, self.box.w, self.box.h))
        self._shown, self._fresh = picture, False
        return self.box
