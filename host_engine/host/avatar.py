"""The host in the picture: the drawn avatar, which draws anew only what of her has moved."""

from __future__ import annotations

from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from host_engine.host.artwork import Artwork
from host_engine.host.features import EDGE as FACE_EDGE
from host_engine.host.features import Features, texture_of
from host_engine.host.half_size import half_size
from host_engine.host.perform import Pose
from host_engine.host.plates import PixelPlates, Plate, Plates
from host_engine.host.rig import STEP, Box, Mesh, Part, Rig, common
from host_engine.media import Face, Picture

NOTHING: Box = (0, 0, 0, 0)
STRIPS = 4  # the body is drawn in this many strips, which take turns
STILL = 0.15  # pixels; what has moved by less is not drawn anew
PATIENCE = 0.6  # pixels by which a slow sheet may lag
SOON = 0.3  # pixels from which on a slow sheet is drawn when its turn comes, one in a frame
EDGE = 2  # transparent pixels around each texture, from which what lies outside takes its colour


class Avatar(Protocol):
    """Someone in a window of `size` (width, height), with the background shining through."""

    size: tuple[int, int]

    @property
    def settled(self) -> bool:
        """Whether she is drawn as she ought to be, or cannot be."""
        ...

    @property
    def halves(self) -> bool:
        """Whether she is cheaper to draw at half her size."""
        ...

    def halved(self) -> Avatar:
        """Herself at half her size in a window of half the size, both rounded up; asked for only where she `halves`."""
        ...

    def stand_before(self, background: Picture) -> None:
        """From now on stands before this picture, (height, width, 3) RGB."""
        ...

    def draw(self, face: Face, pose: Pose, out: Picture) -> Box:
        """Draws herself and the background into `out`, (height, width, 3) RGB; returns the box that changed.

        Where `out` is lower than the window it shows the upper part, where narrower the middle. Handed the same `out`
        again, only what has changed since is written. The box is x0, y0, x1, y1 in the window, all even;
        (0, 0, 0, 0) if nothing changed.
        """
        ...


class DrawnAvatar:
    """An Avatar made of artwork; what she is painted with depends on the plates. One thread at a time may call it."""

    settled = True
    halves = True

    def __init__(self, artwork: Artwork, size: tuple[int, int] | None = None, plates: Plates | None = None) -> None:
        """The artwork stands in the middle of a window of `size` (its own, if not given), on the lower edge.

        Without `plates` she is painted by the processor.
        """
        self.size = size or (artwork.width, artwork.height)
        self._artwork, self._plates = artwork, plates or PixelPlates()
        self._rig = Rig(artwork, self.size)
        self._features = Features(artwork, self._plates.medium)
        self._face = self._plates.texture(self._features.texture)
        self._sheets = [sheet for number, part in enumerate(self._rig.parts) for sheet in self._cut(number, part)]
        self._out: Picture | None = None

    def halved(self) -> DrawnAvatar:
        """As in `Avatar`; takes some milliseconds."""
        half = -(-self.size[0] // 2), -(-self.size[1] // 2)
        return DrawnAvatar(half_size(self._artwork), half, self._plates.another())

    def _cut(self, number: int, part: Part) -> list[Sheet]:
        """The sheets of a part: one, but for the body."""
        still = part.layer.name != "face"
        texture = self._face
        if still:
            painted = texture_of(part.layer.picture, EDGE)
            texture = self._plates.texture(self._plates.medium.array(painted))
        edge = EDGE if still else FACE_EDGE
        x0, y0, x1, y1 = part.span
        slow = part.layer.name in ("back", "body") or part.arm is not None
        strips = STRIPS if part.layer.name == "body" else 1
        edges = np.linspace(y0, y1, strips + 1).astype(int).tolist()
        return [Sheet(number, part, (x0, a, x1, b), self._plates, texture, edge, slow) for a, b in pairwise(edges)]

    def stand_before(self, background: Picture) -> None:
        """From now on stands before this picture, (height, width, 3) RGB uint8 of the avatar's size."""
        width, height = self.size
        if background.shape != (height, width, 3):
            raise ValueError(f"the avatar's background is {background.shape}, not {(height, width, 3)}")
        self._plates.stand_before(background)
        self._out = None

    def draw(self, face: Face, pose: Pose, out: Picture) -> Box:
        """As in `Avatar`."""
        painted = self._features.paint(face, pose)
        self._plates.refresh(self._face, self._features.texture, painted)
        boxes = self._redraw(self._rig.meshes(pose), bool(painted))
        left = (self.size[0] - out.shape[1]) // 2
        window = (left, 0, left + out.shape[1], out.shape[0])
        if out is not self._out:
            boxes, self._out = [window], out
        boxes = [common(box, window) for box in boxes]
        for x0, y0, x1, y1 in boxes:
            if x0 < x1 and y0 < y1:
                self._compose((x0, y0, x1, y1), out[y0:y1, x0 - left : x1 - left])
        return _around(boxes)

    def _redraw(self, meshes: list[Mesh | None], painted: bool) -> list[Box]:
        """Draws the sheets that moved anew, of the slow ones those that cannot wait or the next; where that shows."""
        quick, slow, boxes = [], [], []
        for sheet in self._sheets:
            mesh = meshes[sheet.number]
            if mesh is None or sheet.plate is None or mesh.opacity != sheet.opacity:
                boxes.append(sheet.hide())
            if mesh is None:
                continue
            moved = sheet.moved(mesh)
            if moved > PATIENCE or (not sheet.slow and (moved > STILL or (painted and sheet.face))):
                quick.append((sheet, mesh))
            elif moved > SOON:
                slow.append((moved, sheet, mesh))
        if slow and not any(sheet.slow for sheet, _ in quick):
            quick.append(max(slow, key=lambda entry: entry[0])[1:])
        changed = {sheet: _around([sheet.box, sheet.draw(mesh)]) for sheet, mesh in quick}
        head = _even(_around([box for sheet, box in changed.items() if not sheet.slow]))
        boxes += [box for sheet, box in changed.items() if sheet.slow]
        return [head, *(piece for box in boxes for piece in _outside(_even(box), head))]

    def _compose(self, box: Box, out: Picture) -> None:
        """Lays all sheets over the background, inside the box, into `out`, a picture of its size."""
        seen = [sheet for sheet in self._sheets if sheet.plate is not None and _meet(sheet.box, box)]
        self._plates.compose(box, [(sheet.plate, sheet.box[:2]) for sheet in seen], out)


class Sheet:
    """A part, or a strip of one: its texture, and its picture as it was drawn last."""

    def __init__(
        self, number: int, part: Part, bounds: Box, plates: Plates, texture: Plate, edge: int, slow: bool
    ) -> None:
        self.number, self.slow, self.face = number, slow, part.layer.name == "face"
        self.box: Box = NOTHING
        self.plate: Plate | None = None
        self.opacity = 0.0
        self._left, self._top = part.span[:2]
        self._bounds, self._plates, self._texture = bounds, plates, texture
        self._drawn: NDArray[np.float32] | None = None
        self._unit, offset = plates.scale(texture)
        self._first = edge * self._unit + offset
        rows = slice((bounds[1] - self._top) // STEP, -((self._top - bounds[3]) // STEP) + 1)
        near = np.zeros_like(part.near)
        near[rows] = part.near[rows]
        self._near = np.flatnonzero(near)

    def moved(self, mesh: Mesh) -> float:
        """How far, in pixels, what is seen is from where it was drawn."""
        if self._drawn is None:
            return np.inf
        return float(np.abs(mesh.nodes.reshape(-1, 2)[self._near] - self._drawn).max(initial=0))

    def hide(self) -> Box:
        """Takes the picture away; returns where it was."""
        box, self.box = self.box, NOTHING
        self.plate, self._drawn = None, None
        return box

    def draw(self, mesh: Mesh) -> Box:
        """Draws the part as the mesh has it; returns where."""
        x0, y0, x1, y1 = self.box = common(mesh.box, self._bounds)
        self._drawn, self.opacity = mesh.nodes.reshape(-1, 2)[self._near], mesh.opacity
        if x0 == x1 or y0 == y1:
            self.plate = None
            return NOTHING
        left, top = x0 - self._left, y0 - self._top
        column, row = left // STEP, top // STEP
        nodes = mesh.nodes[row : (y1 - self._top - 1) // STEP + 2, column : (x1 - self._left - 1) // STEP + 2]
        left, top = left - column * STEP, top - row * STEP
        place = (left, top, left + x1 - x0, top + y1 - y0)
        self.plate = self._plates.sample(self._texture, nodes * self._unit + self._first, place, mesh.opacity)
        return self.box


def _around(boxes: list[Box]) -> Box:
    """The smallest box around all boxes that hold anything."""
    full = [box for box in boxes if box[0] < box[2] and box[1] < box[3]]
    if not full:
        return NOTHING
    left, top, right, bottom = zip(*full, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _outside(box: Box, inner: Box) -> list[Box]:
    """What of a box lies outside an inner one, in boxes above, left, right and below."""
    x0, y0, x1, y1 = common(inner, box)
    if x0 >= x1 or y0 >= y1:
        return [box]
    left, top, right, bottom = box
    return [(left, top, right, y0), (left, y0, x0, y1), (x1, y0, right, y1), (left, y1, right, bottom)]


def _even(box: Box) -> Box:
    """The box grown to even pixels, as pictures with halved colours need them."""
    return box[0] // 2 * 2, box[1] // 2 * 2, -(-box[2] // 2) * 2, -(-box[3] // 2) * 2
