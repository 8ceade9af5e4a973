"""What layers are bent and laid over one another with: OpenCV and Skia, the fastest on a processor."""

from __future__ import annotations

from typing import Any, Protocol

import cv2
import numpy as np
import skia
from numpy.typing import NDArray

from host_engine.host.medium import NUMPY, Medium, Paint
from host_engine.host.rig import STEP, Box, Floats
from host_engine.media import Picture

Plate = Any  # a picture as one kind of plates keeps it
Corner = tuple[int, int]  # x, y of its upper left pixel

# Skia blends pixels in this order four times faster than any other, and for blending it is the same which byte is red.
QUICK, PREMUL = skia.kBGRA_8888_ColorType, skia.kPremul_AlphaType


class Plates(Protocol):
    """Makes plates out of textures, (4, h, w) of premultiplied colours in 0..255 and how much shines through (0..1)."""

    medium: Medium  # of the textures

    def another(self) -> Plates:
        """Plates of the same kind, for another window."""
        ...

    def texture(self, painted: Paint) -> Plate:
        """The plate to sample from."""
        ...

    def refresh(self, texture: Plate, painted: Paint, boxes: list[Box]) -> None:
        """Takes over what was painted anew in these boxes."""
        ...

    def scale(self, texture: Plate) -> tuple[NDArray[np.float32], float]:
        """Factor (x, y) and offset that take a place in pixels to what `sample` wants."""
        ...

    def sample(self, texture: Plate, nodes: Floats, box: Box, opacity: float) -> Plate:
        """What the texture shows in a box, seen from the first node.

        The nodes (rows, columns, 2) are places in the texture `STEP` pixels apart, to be spread linearly.
        """
        ...

    def stand_before(self, background: Picture) -> None:
        """Keeps the background, (h, w, 3)."""
        ...

    def compose(self, box: Box, over: list[tuple[Plate, Corner]], out: Picture) -> None:
        """Writes into `out` what is seen within the box: the background and over it the plates, each at its corner."""
        ...


class PixelPlates:
    """Plates of bytes, (h, w, 4) premultiplied RGBA."""

    medium: Medium = NUMPY

    def __init__(self) -> None:
        self._behind: NDArray[np.uint8] = np.zeros((0, 0, 4), np.uint8)

    def another(self) -> PixelPlates:
        """As in `Plates`."""
        return PixelPlates()

    def texture(self, painted: Paint) -> Plate:
        plate = np.zeros((*painted.shape[1:], 4), np.uint8)
        self.refresh(plate, painted, [(0, 0, painted.shape[2], painted.shape[1])])
        return plate

    def refresh(self, texture: Plate, painted: Paint, boxes: list[Box]) -> None:
        for x0, y0, x1, y1 in boxes:
            part = np.array(painted[:, y0:y1, x0:x1])
            part[3] = 255 - 255 * part[3]
            planes = cv2.convertScaleAbs(part.reshape(-1, x1 - x0)).reshape(4, y1 - y0, x1 - x0)
            texture[y0:y1, x0:x1] = cv2.merge(list(planes))

    def scale(self, texture: Plate) -> tuple[NDArray[np.float32], float]:
        return np.ones(2, np.float32), -0.5

    def sample(self, texture: Plate, nodes: Floats, box: Box, opacity: float) -> Plate:
        rows, columns = nodes.shape[:2]
        grid = cv2.resize(nodes, (columns * STEP, rows * STEP), interpolation=cv2.INTER_LINEAR)[spread(box)]
        plate = np.empty((*grid.shape[:2], 4), np.uint8)
        remap: Any = cv2.remap  # its types do not know that one map may hold both coordinates
        remap(texture, grid, None, cv2.INTER_LINEAR, dst=plate, borderMode=cv2.BORDER_CONSTANT)
        if opacity < 1:
            cv2.convertScaleAbs(plate, dst=plate, alpha=opacity)
        return plate

    def stand_before(self, background: Picture) -> None:
        self._behind = np.asarray(cv2.cvtColor(background, cv2.COLOR_RGB2RGBA), np.uint8)

    def compose(self, box: Box, over: list[tuple[Plate, Corner]], out: Picture) -> None:
        x0, y0, x1, y1 = box
        ground = self._behind[y0:y1, x0:x1].copy()
        canvas = skia.Surface.MakeRasterDirect(_info(ground), ground).getCanvas()
        for picture, (x, y) in over:
            canvas.drawImage(skia.Image.fromarray(picture, QUICK, PREMUL, copy=False), x - x0, y - y0)
        cv2.cvtColor(ground, cv2.COLOR_RGBA2RGB, dst=out)


def _info(picture: NDArray[np.uint8]) -> skia.ImageInfo:
    return skia.ImageInfo.Make(picture.shape[1], picture.shape[0], QUICK, PREMUL)


def spread(box: Box) -> tuple[slice, slice]:
    """The rows and columns of a box in nodes blown up by `STEP`, where the first node has half a step before it."""
    return within(box, (-STEP // 2, -STEP // 2))


def within(place: Box, corner: Corner) -> tuple[slice, slice]:
    """The rows and columns of a place in a plate whose corner is there."""
    x0, y0, x1, y1 = place
    return slice(y0 - corner[1], y1 - corner[1]), slice(x0 - corner[0], x1 - corner[0])
