"""From painters to pictures: every part painted once at the wanted size, cropped to what is on it."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import numpy as np
import skia

from host_engine.host.artwork import Arm, Artwork, Eye, Layer, Point, Side, Sprite
from host_engine.host.drawing import arms, eyes
from host_engine.host.drawing.build import HEIGHT, WIDTH, Build
from host_engine.host.drawing.figure import Figure
from host_engine.host.drawing.palettes import Palette

GAZE = (0.5, 0.32)  # travel of the iris at a gaze of 1, in its radii
SIDES: tuple[Side, Side] = ("l", "r")
Paint = Callable[[skia.Canvas], None]


class Sheet:
    """The empty drawing at one size: paints in design units, gives pixels."""

    def __init__(self, height: int) -> None:
        self.scale = height / HEIGHT
        self.height, self.width = height, round(WIDTH * self.scale)

    def place(self, x: float, y: float) -> Point:
        """Design units (x from the middle line) to pixels."""
        return Point(x * self.scale + self.width / 2, y * self.scale)

    def paint(self, paint: Paint, box: tuple[int, int, int, int] | None = None) -> Sprite:
        """The pixels of the box (left, top, right, bottom; the whole sheet without one), premultiplied."""
        left, top, right, bottom = box or (0, 0, self.width, self.height)
        pixels = np.zeros((bottom - top, right - left, 4), np.uint8)
        info = skia.ImageInfo.Make(right - left, bottom - top, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
        canvas = skia.Surface.MakeRasterDirect(info, pixels).getCanvas()
        canvas.translate(self.width / 2 - left, -top)
        canvas.scale(self.scale, self.scale)
        paint(canvas)
        return pixels

    def layer(self, name: str, paint: Paint, depth: float = 0.0, head: float = 0.0, sway: float = 0.0) -> Layer:
        """What is painted, cropped to its content with one clear pixel around where there is room."""
        whole = self.paint(paint)
        seen = whole[..., 3] > 0
        rows, columns = np.flatnonzero(seen.any(1)), np.flatnonzero(seen.any(0))
        top, bottom = max(0, rows[0] - 1), min(self.height, rows[-1] + 2)
        left, right = max(0, columns[0] - 1), min(self.width, columns[-1] + 2)
        return Layer(name, whole[top:bottom, left:right].copy(), int(left), int(top), depth, head, sway)


def bake(figure: Figure, palette: Palette, name: str, palette_name: str, height: int) -> Artwork:
    """The whole artwork of a figure in one palette."""
    sheet, build = Sheet(height), figure.build
    layers = tuple(
        sheet.layer(part.name, lambda c, paint=part.paint: paint(c, build, palette), part.depth, part.head, part.sway)  # type: ignore[misc]
        for part in figure.parts
    )
    face = next(layer for layer in layers if layer.name == "face")
    return Artwork(
        name, palette_name, sheet.width, height, layers, _anchors(sheet, build), build.mouth_scale * sheet.scale,
        palette.mouth, {side: _eye(sheet, build, palette, side, face) for side in SIDES}, _arms(sheet, build, palette),
    )  # fmt: skip


def _anchors(sheet: Sheet, build: Build) -> dict[str, Point]:
    ex, ey = build.eye_at
    places = {
        "mouth": build.mouth,
        "chin": (0.0, build.chin),
        "neck": (0.0, build.collar - 50),
        "head": (0.0, ey - 20),
        "eye_l": (-ex, ey),
        "eye_r": (ex, ey),
    }
    return {name: sheet.place(*place) for name, place in places.items()}


def _eye(sheet: Sheet, build: Build, palette: Palette, side: Side, face: Layer) -> Eye:
    sign, shape = arms.sign(side), build.eye
    x, y = build.eye_at[0] * sign, build.eye_at[1]
    left, top, right, bottom = eyes.BOX
    corner = sheet.place(x + left, y + top)
    column, row = int(corner.x), int(corner.y)
    # the same size for both eyes, wherever their corners fall
    box = (column, row, column + ceil((right - left) * sheet.scale) + 1, row + ceil((bottom - top) * sheet.scale) + 1)
    skin = _skin(face, box)

    def part(paint: Paint, mirror: bool = True) -> Sprite:
        def placed(canvas: skia.Canvas) -> None:
            canvas.translate(x, y)
            canvas.scale(sign if mirror else 1, 1)
            paint(canvas)

        return sheet.paint(placed, box)

    lids = np.stack([part(lambda c, o=o: eyes.paint_lid(c, shape, palette, o, skin)) for o in eyes.OPENNESS])  # type: ignore[misc]
    radius = shape.iris * sheet.scale
    return Eye(
        box[0], box[1], part(lambda c: eyes.paint_white(c, shape)), _iris(sheet, build, palette), sheet.place(x, y - 2),
        (GAZE[0] * radius, GAZE[1] * radius), part(lambda c: eyes.paint_shine(c, shape), mirror=False), lids,
        eyes.OPENNESS,
    )  # fmt: skip


def _skin(face: Layer, box: tuple[int, int, int, int]) -> skia.Image:
    """The face as painted inside the box."""
    left, top, right, bottom = box
    cut = np.ascontiguousarray(face.picture[top - face.y : bottom - face.y, left - face.x : right - face.x])
    return skia.Image.fromarray(cut, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)


def _iris(sheet: Sheet, build: Build, palette: Palette) -> Sprite:
    half = ceil(build.eye.iris * sheet.scale) + 1
    middle = sheet.width // 2
    box = (middle - half, -half, middle + half, half)
    return sheet.paint(lambda c: eyes.paint_iris(c, build.eye, palette.iris), box)


def _arms(sheet: Sheet, build: Build, palette: Palette) -> dict[str, tuple[Arm, ...]]:
    drawn = {
        gesture: tuple(_arm(sheet, build, palette, gesture, reach) for reach in reaches)
        for gesture, reaches in arms.REACHES.items()
    }
    return {
        gesture: tuple(next((a for a in own if a.side == rest.side), rest) for rest in drawn["rest"])
        for gesture, own in drawn.items()
    }


def _arm(sheet: Sheet, build: Build, palette: Palette, gesture: str, reach: arms.Reach) -> Arm:
    layer = sheet.layer(f"{gesture}_{reach.side}", lambda c: arms.paint_forearm(c, build, palette, reach))
    elbow = sheet.place(*arms.elbow_of(build, reach.side))
    return Arm(reach.side, layer, elbow, arms.angle_of(build, reach))
