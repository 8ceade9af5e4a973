"""The eyes and the mouth, painted on the still face before the rig moves it."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from host_engine.host.artwork import Artwork, Eye, Layer
from host_engine.host.medium import NUMPY, Medium, Paint, mixed
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

    def __init__(self, artwork: Artwork, medium: Medium = NUMPY) -> None:
        self._medium = medium
        self._shader = MouthShader(artwork.mouth, artwork.anchors["mouth"], artwork.mouth_scale, medium)
        self._eyes = Eyes([artwork.eyes["l"], artwork.eyes["r"]], medium)
        layer = next(layer for layer in artwork.layers if layer.name == "face")
        skin = texture_of(layer.picture, EDGE)
        self._at = (layer.x - EDGE, layer.y - EDGE)
        self._skin, self.texture = medium.array(skin), medium.array(skin.copy())
        brows = [layer for layer in artwork.layers if layer.name.startswith("brow")]
        self._brows = [_Brow(layer, BROW * artwork.height, medium) for layer in brows]
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
        picture = self._medium.array(np.zeros((4, bottom - y, right - x), np.float32))
        parts = list(zip(self._eyes.boxes, self._eyes.paint(pose.eye_open, pose.gaze), strict=True))
        parts += [(brow.box, brow.paint(pose.brow)) for brow in self._brows]
        for (x0, y0, x1, y1), part in parts:
            under = picture[:, y0 - y : y1 - y, x0 - x : x1 - x]
            under[:] = part + under * (1 - part[3:])
        return self._put(self._eyes_box, picture)

    def _put(self, box: Box, picture: Paint) -> Box:
        """Lays a picture, premultiplied RGBA (4, h, w) in 0..1, over the skin; returns its box in the texture."""
        (x, y), (x0, y0, x1, y1) = self._at, box
        place = (slice(None), slice(y0 - y, y1 - y), slice(x0 - x, x1 - x))
        skin, face, through = self._skin[place], self.texture[place], 1 - picture[3:]
        face[:3] = picture[:3] * 255 + skin[:3] * through
        face[3:] = skin[3:] * through
        return x0 - x, y0 - y, x1 - x, y1 - y


class Eyes:
    """Paints all eyes at once; their pictures must be of one size, as those of one face are."""

    def __init__(self, eyes: list[Eye], medium: Medium = NUMPY) -> None:
        self._medium = medium
        height, width = eyes[0].white.shape[:2]
        self.boxes: list[Box] = [(e.x, e.y, e.x + width, e.y + height) for e in eyes]
        self._white = medium.array(np.stack([planar(e.white) for e in eyes]))
        self._shine = medium.array(np.stack([planar(e.shine) for e in eyes])) * self._white[:, 3:]
        self._iris = medium.array(np.stack([planar(e.iris) for e in eyes]))
        self._lids = medium.array(np.stack([np.stack([planar(lid) for lid in e.lids]) for e in eyes], 1))
        self._openness = np.array(eyes[0].openness)
        half = eyes[0].iris.shape[0] / 2
        y, x = np.meshgrid(np.arange(height) + 0.5, np.arange(width) + 0.5, indexing="ij")
        places = [np.stack((x - (e.iris_at.x - e.x), y - (e.iris_at.y - e.y)), -1) + half for e in eyes]
        self._places = medium.array(np.stack(places).astype(np.float32))
        self._reach = np.array([e.reach for e in eyes], np.float32)[:, None, None]

    def paint(self, openness: float, gaze: tuple[float, float]) -> Paint:
        """The eyes, premultiplied RGBA (eyes, 4, h, w) in 0..1, looking at `gaze` (each -1..1), open 0..1."""
        moved = self._medium.array(self._reach * np.array(gaze, np.float32))
        iris = self._medium.sample(self._iris, self._places - moved) * self._white[:, 3:]
        picture = iris + self._white * (1 - iris[:, 3:])
        picture = self._shine + picture * (1 - self._shine[:, 3:])
        step = float(np.interp(openness, self._openness, np.arange(len(self._openness))))
        lower = min(int(step), len(self._openness) - 2)
        lid = mixed(self._lids[lower], self._lids[lower + 1], step - lower)
        return lid + picture * (1 - lid[:, 3:])


class _Brow:
    """A brow, which goes up and down."""

    def __init__(self, layer: Layer, reach: float, medium: Medium) -> None:
        self._reach = reach
        self._room = math.ceil(reach) + 1
        room = (2 * self._room, 2 * self._room)
        self._picture = medium.array(np.pad(planar(layer.picture), ((0, 0), room, (0, 0))))
        height, width = layer.picture.shape[:2]
        self.box = (layer.x, layer.y - self._room, layer.x + width, layer.y + height + self._room)

    def paint(self, raised: float) -> Paint:
        """The brow's box, (4, h, w), with the brow raised by -1..1."""
        down = self._room + min(1.0, max(-1.0, raised)) * self._reach
        whole, height = int(down), self.box[3] - self.box[1]
        above, below = (self._picture[:, first : first + height] for first in (whole, whole + 1))
        return mixed(above, below, down - whole)


def planar(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A picture (h, w, 4) in 0..255 as planes (4, h, w) in 0..1."""
    return np.ascontiguousarray(picture.transpose(2, 0, 1), np.float32) / np.float32(255)


def texture_of(picture: NDArray[np.uint8], edge: int) -> NDArray[np.float32]:
    """A picture (h, w, 4) with `edge` clear pixels around, as textures are: colours in 0..255, what shines through."""
    planes = np.pad(planar(picture), ((0, 0), (edge, edge), (edge, edge)))
    return np.concatenate((planes[:3] * np.float32(255), 1 - planes[3:]))
