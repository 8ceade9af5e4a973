"""The eyes and the mouth, painted on the still face before the rig moves it."""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from host_engine.host.artwork import Artwork, Eye, Layer
from host_engine.host.mouths.shader import MouthShader
from host_engine.host.perform import Pose
from host_engine.host.rig import Box
from host_engine.media import Face, MouthShape

BROW = 0.0063  # how far a brow goes up or down, in heights of the artwork
EDGE = 24  # pixels by which the boxes may stand out over the face's own picture


class Features:
    """Paints what changes in the face, and only when it does, into `texture`: the face's picture with an edge around.

    The texture is (4, h, w): premultiplied colours in 0..255, and how much of what is behind shines through.
    """

    def __init__(self, artwork: Artwork, device: torch.device | str = "cpu") -> None:
        self._shader = MouthShader(artwork.mouth, artwork.anchors["mouth"], artwork.mouth_scale, device)
        self._eyes = Eyes([artwork.eyes["l"], artwork.eyes["r"]], device)
        layer = next(layer for layer in artwork.layers if layer.name == "face")
        skin = F.pad(planar(layer.picture, device), (EDGE,) * 4)
        self._at = (layer.x - EDGE, layer.y - EDGE)
        self._skin = torch.cat((skin[:3] * 255, 1 - skin[3:]))
        self.texture = self._skin.clone()
        brows = [layer for layer in artwork.layers if layer.name.startswith("brow")]
        self._brows = [_Brow(layer, BROW * artwork.height, device) for layer in brows]
        boxes = [*self._eyes.boxes, *(brow.box for brow in self._brows)]
        x0, y0, x1, y1 = zip(*boxes, strict=True)
        self._eyes_box = (min(x0), min(y0), max(x1), max(y1))
        self._mouth: MouthShape | None = None
        self._look: tuple[float, ...] | None = None

    def paint(self, face: Face, pose: Pose) -> list[Box]:
        """Paints the face of this frame; returns the boxes of the texture in which it differs from the last."""
        painted = []
        mouth = face.mouth._replace(smile=min(1.0, max(0.0, face.mouth.smile + pose.smile)))
        if self._mouth is None or max(abs(a - b) for a, b in zip(mouth, self._mouth, strict=True)) > 0.01:
            self._mouth = mouth
            painted.append(self._put(self._shader.box, self._shader.paint(np.array([mouth]))[0]))
        look = (60 * pose.eye_open, 20 * pose.gaze[0], 20 * pose.gaze[1], 20 * pose.brow)  # in steps just not seen
        if self._look is None or max(abs(a - b) for a, b in zip(look, self._look, strict=True)) > 1:
            self._look = look
            painted.append(self._paint_eyes(pose))
        return painted

    def _paint_eyes(self, pose: Pose) -> Box:
        x, y, right, bottom = self._eyes_box
        picture = torch.zeros((4, bottom - y, right - x), device=self._skin.device)
        parts = list(zip(self._eyes.boxes, self._eyes.paint(pose.eye_open, pose.gaze), strict=True))
        parts += [(brow.box, brow.paint(pose.brow)) for brow in self._brows]
        for (x0, y0, x1, y1), part in parts:
            under = picture[:, y0 - y : y1 - y, x0 - x : x1 - x]
            torch.addcmul(part, under, 1 - part[3:], out=under)
        return self._put(self._eyes_box, picture)

    def _put(self, box: Box, picture: Tensor) -> Box:
        """Lays a picture, premultiplied RGBA (4, h, w) in 0..1, over the skin; returns its box in the texture."""
        (x, y), (x0, y0, x1, y1) = self._at, box
        place = (slice(None), slice(y0 - y, y1 - y), slice(x0 - x, x1 - x))
        skin, face, through = self._skin[place], self.texture[place], 1 - picture[3:]
        torch.addcmul(picture[:3] * 255, skin[:3], through, out=face[:3])
        torch.mul(skin[3:], through, out=face[3:])
        return x0 - x, y0 - y, x1 - x, y1 - y


class Eyes:
    """Paints all eyes at once; their pictures must be of one size, as those of one face are."""

    def __init__(self, eyes: list[Eye], device: torch.device | str) -> None:
        height, width = eyes[0].white.shape[:2]
        self.boxes: list[Box] = [(e.x, e.y, e.x + width, e.y + height) for e in eyes]
        self._white = torch.stack([planar(e.white, device) for e in eyes])
        self._shine = torch.stack([planar(e.shine, device) for e in eyes]) * self._white[:, 3:]
        self._iris = torch.stack([planar(e.iris, device) for e in eyes])
        self._lids = torch.stack([torch.stack([planar(lid, device) for lid in e.lids]) for e in eyes], 1)
        self._openness = np.array(eyes[0].openness)
        size = eyes[0].iris.shape[0]
        y, x = torch.meshgrid(torch.arange(height) + 0.5, torch.arange(width) + 0.5, indexing="ij")
        grids = [torch.stack((x - (e.iris_at.x - e.x), y - (e.iris_at.y - e.y)), -1) for e in eyes]
        self._grid = torch.stack(grids).to(device) * (2 / size)
        self._reach = np.array([e.reach for e in eyes], np.float32)[:, None, None] * (2 / size)

    def paint(self, openness: float, gaze: tuple[float, float]) -> Tensor:
        """The eyes, premultiplied RGBA (eyes, 4, h, w) in 0..1, looking at `gaze` (each -1..1), open 0..1."""
        moved = torch.from_numpy(self._reach * np.array(gaze, np.float32)).to(self._grid.device)
        iris = F.grid_sample(self._iris, self._grid - moved, align_corners=False) * self._white[:, 3:]
        picture = torch.addcmul(iris, self._white, 1 - iris[:, 3:])
        picture = torch.addcmul(self._shine, picture, 1 - self._shine[:, 3:])
        step = float(np.interp(openness, self._openness, np.arange(len(self._openness))))
        lower = min(int(step), len(self._openness) - 2)
        lid = torch.lerp(self._lids[lower], self._lids[lower + 1], step - lower)
        return torch.addcmul(lid, picture, 1 - lid[:, 3:])


class _Brow:
    """A brow, which goes up and down."""

    def __init__(self, layer: Layer, reach: float, device: torch.device | str) -> None:
        self._reach = reach
        self._room = math.ceil(reach) + 1
        picture = planar(layer.picture, device)
        self._picture = F.pad(picture, (0, 0, 2 * self._room, 2 * self._room))
        height, width = layer.picture.shape[:2]
        self.box = (layer.x, layer.y - self._room, layer.x + width, layer.y + height + self._room)

    def paint(self, raised: float) -> Tensor:
        """The brow's box, (4, h, w), with the brow raised by -1..1."""
        down = self._room + min(1.0, max(-1.0, raised)) * self._reach
        whole, height = int(down), self.box[3] - self.box[1]
        above, below = (self._picture[:, first : first + height] for first in (whole, whole + 1))
        return torch.lerp(above, below, down - whole)


def planar(picture: NDArray[np.uint8], device: torch.device | str) -> Tensor:
    """A picture (h, w, 4) in 0..255 as a tensor (4, h, w) in 0..1."""
    return torch.from_numpy(picture).to(device).permute(2, 0, 1).contiguous().float() / 255
