"""The drawn studio behind the host: a lit niche, shelves out of focus, a lamp, plants, and a fluted desk in front."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

import cv2
import numpy as np
import skia

from host_engine.media import Picture

Point = tuple[float, float]


class Palette(NamedTuple):
    """The colours of a studio."""

    wall: tuple[str, str]  # top, bottom
    niche: tuple[str, str]
    glow: str
    wood: str
    desk: tuple[str, str]  # light and dark of the flutes
    slab: str
    leaf: str
    things: tuple[str, ...]
    night: bool = False


PALETTES = {
    "warm": Palette(
        ("#efdcc8", "#cda988"), ("#fff7ec", "#f0d6b8"), "#ffdca6", "#a8754c", ("#c08d64", "#8d5f3f"), "#fbf4ea",
        "#5d7a55", ("#c96f4a", "#8fa58a", "#f3e6d4", "#d9a441", "#6f8f9a", "#b6563f"),
    ),
    "blush": Palette(
        ("#f9e1e0", "#dfaeb7"), ("#fff6f4", "#f6cfd2"), "#ffd3c9", "#c98b80", ("#e0a8a6", "#b67780"), "#fff7f5",
        "#7d9a80", ("#e58a9b", "#b99ad6", "#fff0ea", "#e9b872", "#8fc0bd", "#d86f83"),
    ),
    "night": Palette(
        ("#372c57", "#17122a"), ("#5a4a8c", "#2c2350"), "#a98bff", "#3c2f55", ("#43335f", "#231a38"), "#6f5c9c",
        "#2f6b66", ("#ff6fa8", "#43c6c0", "#8d7bff", "#ffb45e", "#4f8dff", "#e6dcff"), True,
    ),
}  # fmt: skip


def studio(width: int, height: int, name: str, middle: float, desk: int | None) -> Picture:
    """The studio `name`, (height, width, 3) RGB; the niche stands around x = `middle`, the desk at y = `desk`."""
    palette = PALETTES[name]
    unit = min(width, height) / 720
    wide, high = width / unit, height / unit
    floor = high if desk is None else desk / unit
    back = _paint(width, height, unit, lambda canvas: _room(canvas, palette, wide, high, floor, middle / unit))
    back = np.asarray(cv2.GaussianBlur(back, (0, 0), 5.5 * unit), np.uint8)
    front = _paint(width, height, unit, lambda canvas: _light(canvas, palette, wide, floor), back)
    if desk is not None:
        front = _paint(width, height, unit, lambda canvas: _desk(canvas, palette, wide, high, floor), front)
    return _dithered(front)


def gradient(width: int, height: int, colours: Sequence[str]) -> Picture:
    """A soft gradient from top to bottom with large pale circles, (height, width, 3) RGB."""

    def draw(canvas: skia.Canvas) -> None:
        canvas.drawPaint(_fill(_between((0, 0), (width * 0.25, height), colours)))
        for x, y, radius in ((0.92, 0.16, 0.34), (0.04, 0.86, 0.46), (0.1, 0.24, 0.1)):
            circle = skia.Point(x * width, y * height), radius * math.hypot(width, height) * 0.7
            fall = [_colour("#ffffff", 0.02), _colour("#ffffff", 0.11)]
            canvas.drawCircle(*circle, _fill(skia.GradientShader.MakeRadial(*circle, fall)))

    return _dithered(_paint(width, height, 1.0, draw))


def _dithered(picture: Picture) -> Picture:
    """With a grain of one step, without which soft gradients show bands once they are encoded."""
    grain = np.random.default_rng(7).integers(-1, 2, picture.shape[:2], dtype=np.int16)
    return np.asarray(np.clip(picture + grain[..., None], 0, 255), np.uint8)


def _paint(
    width: int, height: int, unit: float, draw: Callable[[skia.Canvas], None], ground: Picture | None = None
) -> Picture:
    rgba = np.full((height, width, 4), 255, np.uint8)
    if ground is not None:
        rgba[..., :3] = ground
    info = skia.ImageInfo.Make(width, height, skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    canvas = skia.Surface.MakeRasterDirect(info, rgba).getCanvas()
    canvas.scale(unit, unit)
    draw(canvas)
    return rgba[..., :3].copy()


def _colour(code: str, alpha: float = 1.0) -> int:
    return int(skia.ColorSetARGB(round(alpha * 255), *(int(code[i : i + 2], 16) for i in (1, 3, 5))))


def _mixed(first: str, second: str, share: float) -> str:
    parts = (round(int(first[i : i + 2], 16) * (1 - share) + int(second[i : i + 2], 16) * share) for i in (1, 3, 5))
    return "#{:02x}{:02x}{:02x}".format(*parts)


def _between(start: Point, end: Point, colours: Sequence[str]) -> skia.Shader:
    return skia.GradientShader.MakeLinear([skia.Point(*start), skia.Point(*end)], [_colour(c) for c in colours])


def _fill(shader: skia.Shader) -> skia.Paint:
    return skia.Paint(Shader=shader, AntiAlias=True, Dither=True)


def _plain(code: str, alpha: float = 1.0, blur: float = 0.0, stroke: float = 0.0) -> skia.Paint:
    paint = skia.Paint(Color=_colour(code, alpha), AntiAlias=True)
    if blur:
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    if stroke:
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(stroke)
        paint.setStrokeCap(skia.Paint.kRound_Cap)
    return paint


def _round(x: float, y: float, w: float, h: float, radius: float) -> skia.RRect:
    return skia.RRect.MakeRectXY(skia.Rect.MakeXYWH(x, y, w, h), radius, radius)


def _room(canvas: skia.Canvas, palette: Palette, wide: float, high: float, floor: float, middle: float) -> None:
    """Wall, niche and all that stands in the room, sharp."""
    canvas.drawPaint(_fill(_between((0, 0), (0, high), palette.wall)))
    for x in range(0, int(wide) + 90, 90):  # panels of the wall
        canvas.drawRect(skia.Rect.MakeXYWH(x, 0, 2.5, high), _plain("#000000", 0.05))
        canvas.drawRect(skia.Rect.MakeXYWH(x + 2.5, 0, 2.5, high), _plain("#ffffff", 0.08))
    half, top = 238.0, floor * 0.085
    tall = high + half  # its foot stays out of sight
    canvas.drawRRect(_round(middle - half - 8, top - 6, 2 * half + 16, tall, half), _plain(palette.glow, 0.9, 26, 22))
    niche = _fill(_between((0, top), (0, floor), palette.niche))
    canvas.drawRRect(_round(middle - half, top, 2 * half, tall, half), niche)
    canvas.drawRRect(_round(middle - half, top, 2 * half, tall, half), _plain("#fffaf0", 0.95, 2, 7))
    rng = random.Random(11)
    levels = [floor * share for share in (0.30, 0.52, 0.74)]
    for left, right in ((-30.0, middle - half - 26), (middle + half + 26, wide + 30)):
        for level in levels:
            _shelf(canvas, palette, left, right, level, rng)
    _plant(canvas, palette, middle - half - 62, floor + 20, rng)
    if wide - middle > 420:
        _plant(canvas, palette, wide - 90, floor + 30, rng)
    _lamp(canvas, palette, middle + half + 52, floor * 0.115)


def _shelf(canvas: skia.Canvas, palette: Palette, left: float, right: float, y: float, rng: random.Random) -> None:
    """A board from `left` to `right` with things on it and a strip of light beneath."""
    if right - left < 40:
        return
    strip = skia.Rect.MakeXYWH(left, y + 14, right - left, 90)
    fall = [_colour(palette.glow, 0.55), _colour(palette.glow, 0.0)]
    light = skia.GradientShader.MakeLinear([skia.Point(0, y + 14), skia.Point(0, y + 104)], fall)
    canvas.drawRect(strip, _fill(light))
    x, kind, colour = left + rng.uniform(6, 20), "", ""
    while x < right - 34:
        kind = rng.choice([each for each in "vbjk" if each != kind])
        colour = rng.choice([each for each in palette.things if each != colour])
        x += _thing(canvas, kind, colour, x, y, rng) + rng.uniform(10, 26)
    board = _between((0, y), (0, y + 15), (_mixed(palette.wood, "#ffffff", 0.25), palette.wood))
    canvas.drawRRect(_round(left, y, right - left, 15, 4), _fill(board))


def _thing(canvas: skia.Canvas, kind: str, colour: str, x: float, y: float, rng: random.Random) -> float:
    """A vase, bottle, jar or books (v, b, j, k), standing on `y` with their left edge at `x`. Returns the width."""
    w, h = rng.uniform(30, 46), rng.uniform(58, 104)
    shades = (_mixed(colour, "#ffffff", 0.35), colour, _mixed(colour, "#000000", 0.25))
    if kind == "k":
        for book in range(rng.randint(2, 4)):
            tone = _mixed(colour, "#ffffff" if book % 2 else "#000000", 0.12 * book)
            canvas.drawRRect(_round(x + book * 15, y - h + 6 * (book % 3), 13, h - 6 * (book % 3), 2), _plain(tone))
        return 15.0 * (book + 1)
    if kind == "j":
        h *= 0.62
        w *= 1.2
    body = _fill(_between((x, 0), (x + w, 0), shades))
    canvas.drawRRect(_round(x, y - h, w, h, w * (0.48 if kind == "v" else 0.22)), body)
    if kind == "v":
        canvas.drawRRect(_round(x + w * 0.32, y - h - 16, w * 0.36, 26, 5), body)
        _leaves(canvas, _mixed(colour, "#e9d6b4", 0.6), x + w / 2, y - h - 12, 40, 5, rng)
    else:
        lid = _fill(_between((x, 0), (x + w, 0), ("#fffdf8", "#cdbfae")))
        neck = w * (0.4 if kind == "b" else 1.0)
        canvas.drawRRect(_round(x + (w - neck) / 2, y - h - 15, neck, 19, 4), lid)
        canvas.drawRRect(_round(x + w * 0.14, y - h * 0.62, w * 0.72, h * 0.34, 3), _plain("#fffaf2", 0.7))
    return w


def _leaves(
    canvas: skia.Canvas, colour: str, x: float, y: float, length: float, count: int, rng: random.Random
) -> None:
    """A fan of narrow leaves that grow out of one point."""
    for index in range(count):
        turn = (index / max(count - 1, 1) - 0.5) * 2.3 + rng.uniform(-0.12, 0.12)
        reach = length * rng.uniform(0.75, 1.1)
        canvas.save()
        canvas.translate(x, y)
        canvas.rotate(math.degrees(turn))
        leaf = skia.Path()
        leaf.moveTo(0, 0)
        leaf.cubicTo(reach * 0.2, -reach * 0.35, reach * 0.16, -reach * 0.8, 0, -reach)
        leaf.cubicTo(-reach * 0.16, -reach * 0.8, -reach * 0.2, -reach * 0.35, 0, 0)
        canvas.drawPath(leaf, _plain(_mixed(colour, rng.choice(("#ffffff", "#000000")), rng.uniform(0.0, 0.25))))
        canvas.restore()


def _plant(canvas: skia.Canvas, palette: Palette, x: float, floor: float, rng: random.Random) -> None:
    _leaves(canvas, palette.leaf, x, floor - 70, 210, 11, rng)
    pot = _fill(_between((x - 50, 0), (x + 50, 0), (_mixed(palette.slab, "#ffffff", 0.3), palette.slab, palette.wood)))
    canvas.drawRRect(_round(x - 48, floor - 90, 96, 130, 16), pot)


def _lamp(canvas: skia.Canvas, palette: Palette, x: float, y: float) -> None:
    """A globe of glass on a cord, and its light on the wall."""
    halo = skia.GradientShader.MakeRadial(skia.Point(x, y), 230, [_colour(palette.glow, 0.8), _colour(palette.glow, 0)])
    canvas.drawCircle(x, y, 230, _fill(halo))
    canvas.drawRect(skia.Rect.MakeXYWH(x - 1.5, -10, 3, y), _plain("#4a3a30", 0.8))
    canvas.drawCircle(x, y, 40, _plain("#fffaf0" if not palette.night else "#efe6ff", 1.0))


def _light(canvas: skia.Canvas, palette: Palette, wide: float, floor: float) -> None:
    """What lies before the blurred room: specks of light out of focus, and darker edges."""
    rng = random.Random(5)
    for _ in range(16):
        x, y, radius = rng.uniform(0, wide), rng.uniform(0, floor * 0.8), rng.uniform(6, 20)
        canvas.drawCircle(x, y, radius, _plain(palette.glow, rng.uniform(0.06, 0.20), 1.5))
    reach = math.hypot(wide, floor) * 0.62
    edge = skia.GradientShader.MakeRadial(
        skia.Point(wide / 2, floor * 0.5), reach,
        [_colour("#000000", 0), _colour("#000000", 0), _colour("#1a0f0a", 0.30)], [0, 0.6, 1],
    )  # fmt: skip
    canvas.drawPaint(_fill(edge))


def _desk(canvas: skia.Canvas, palette: Palette, wide: float, high: float, floor: float) -> None:
    """A pale slab on a front of fluted wood, lit from above."""
    light, dark = palette.desk
    canvas.drawRect(skia.Rect.MakeXYWH(0, floor - 26, wide, 40), _plain("#2a160c", 0.22, 12))
    canvas.drawRect(skia.Rect.MakeLTRB(0, floor, wide, high), _plain(dark))
    flute = 30.0
    shades = (_mixed(dark, "#000000", 0.30), light, _mixed(light, "#ffffff", 0.10), dark, _mixed(dark, "#000000", 0.30))
    for index in range(math.ceil(wide / flute)):
        x = index * flute
        canvas.drawRect(skia.Rect.MakeLTRB(x, floor, x + flute, high), _fill(_between((x, 0), (x + flute, 0), shades)))
    fall = [_colour("#140a06", 0.30), _colour("#140a06", 0.05), _colour("#140a06", 0.42)]
    shade = skia.GradientShader.MakeLinear([skia.Point(0, floor), skia.Point(0, high)], fall, [0, 0.25, 1])
    canvas.drawRect(skia.Rect.MakeLTRB(0, floor, wide, high), _fill(shade))
    canvas.drawRect(skia.Rect.MakeXYWH(0, floor + 24, wide, 26), _plain("#140a06", 0.45, 9))
    slab = _between((0, floor), (0, floor + 26), (_mixed(palette.slab, "#ffffff", 0.7), palette.slab))
    canvas.drawRect(skia.Rect.MakeXYWH(0, floor, wide, 26), _fill(slab))
    canvas.drawRect(skia.Rect.MakeXYWH(0, floor + 23, wide, 4), _plain(_mixed(palette.slab, palette.wood, 0.5)))
    canvas.drawRect(skia.Rect.MakeXYWH(0, floor, wide, 2), _plain("#ffffff", 0.8))
