"""The head without hair, eyes and mouth: skin, ears, nose, cheeks, and the brows."""

from __future__ import annotations

import numpy as np
import skia
from numpy.typing import NDArray

from host_engine.host.drawing.brush import (
    MULTIPLY,
    SCREEN,
    ball,
    curve,
    fading,
    glow,
    ink,
    inside,
    mirrored,
    mix,
    moved,
    ribbon,
    wash,
)  # fmt: skip
from host_engine.host.drawing.build import Build
from host_engine.host.drawing.palettes import Palette, Skin

LINE_WIDTH = 2.3
BOTH = (1, -1)


def face_outline(build: Build) -> skia.Path:
    """The closed outline of the face."""
    half = list(build.outline)
    return curve(half + mirrored(half[1:-1])[::-1])


def paint_face(canvas: skia.Canvas, build: Build, palette: Palette, shadow: skia.Path) -> None:
    """Ears, skin and nose; `shadow` is what the hair throws on the forehead."""
    skin = palette.skin
    for side in BOTH:
        with moved(canvas, (side * build.ear[0], build.ear[1]), mirror=side < 0):
            _ear(canvas, skin)
            if build.earring:
                _earring(canvas, palette.metal)
    outline = face_outline(build)
    chin = build.chin
    canvas.drawPath(outline, ball((-34, chin - 190), 260, [skin.light, skin.base, mix_down(skin)], [0.0, 0.62, 1.0]))
    with inside(canvas, outline):
        _shade(canvas, build, skin, shadow)
        if build.beard:
            _stubble(canvas, build, palette)
    _jaw_line(canvas, build, outline, skin)
    _nose(canvas, build, skin)
    _lip_shade(canvas, build, skin)


def mix_down(skin: Skin) -> str:
    """The tone at the turning edge of the face."""
    return mix(skin.base, skin.shade, 0.45)


def _ear(canvas: skia.Canvas, skin: Skin) -> None:
    shell = curve([(-8, -26), (6, -34), (17, -24), (18, -4), (11, 18), (2, 32), (-8, 30)])
    canvas.drawPath(shell, wash((-8, -30), (16, 30), [skin.base, skin.shade]))
    canvas.drawPath(shell, ink(skin.line, 0.75, width=LINE_WIDTH))
    canvas.drawPath(ribbon([(2, -22), (11, -16), (9, 2), (3, 14)], 4, fading), ink(skin.deep, 0.7))
    canvas.drawPath(ribbon([(-2, -6), (4, 0), (1, 12)], 5), ink(skin.deep, 0.45))


def _earring(canvas: skia.Canvas, metal: str) -> None:
    canvas.drawCircle(-1, 34, 5.5, ball((-2, 32), 8, ["#fffaf0", metal, mix(metal, "#4a2c1a", 0.5)]))


def _shade(canvas: skia.Canvas, build: Build, skin: Skin, shadow: skia.Path) -> None:
    chin, (ex, ey) = build.chin, build.eye_at
    right = [(x, y) for x, y in build.outline]
    edge = [(x - 34 + 18 * (y > ey), y) for x, y in right[2:-2]]
    turning = curve([*right[1:-1], *edge[::-1]])
    canvas.drawPath(turning, ink(skin.shade, 0.6, blur=15, blend=MULTIPLY))
    left = curve([*mirrored(right[1:-1]), *mirrored([(x - 12, y) for x, y in right[2:-2]])[::-1]])
    canvas.drawPath(left, ink(skin.shade, 0.35, blur=10, blend=MULTIPLY))
    canvas.drawPath(shadow, ink(skin.shade, 0.62, blur=4, blend=MULTIPLY))
    for side in BOTH:
        canvas.drawOval(skia.Rect.MakeXYWH(side * ex - 36, ey - 34, 72, 40), ink(skin.shade, 0.3, 9, blend=MULTIPLY))
        if not build.beard:
            lid = [(side * (ex - 30), ey - 4), (side * ex, ey - 26), (side * (ex + 40), ey - 8)]
            canvas.drawPath(ribbon(lid, 20), ink(skin.deep, 0.28, blur=4.5, blend=MULTIPLY))
        cheek = (side * (ex + 12), ey + 62)
        canvas.drawCircle(*cheek, 52, glow(cheek, 52, skin.blush, 0.34 if not build.beard else 0.2))
        bag = [(side * (ex - 24), ey + 25), (side * (ex + 2), ey + 30), (side * (ex + 28), ey + 24)]
        canvas.drawPath(ribbon(bag, 5), ink(skin.shade, 0.4 if build.earring else 0.2, blur=2.5, blend=MULTIPLY))
    bounce = [(x - 7, y) for x, y in right[3:-3]]
    canvas.drawPath(ribbon(bounce, 9), ink(skin.light, 0.5, blur=4, blend=SCREEN))
    light = (-18, ey - 66)
    canvas.drawCircle(*light, 84, glow(light, 84, mix(skin.light, "#ffffff", 0.25), 0.4))
    canvas.drawOval(skia.Rect.MakeXYWH(-34, chin - 18, 68, 40), ink(skin.shade, 0.5, blur=9, blend=MULTIPLY))


def _stubble(canvas: skia.Canvas, build: Build, palette: Palette) -> None:
    chin, (_, my) = build.chin, build.mouth
    jaw = [(x, y) for x, y in build.outline if y > build.eye_at[1] + 30]
    inner = [(116, my - 70), (100, my - 20), (72, my + 12), (48, my + 28), (0, my + 24)]
    beard = curve([*jaw, *inner, *mirrored(inner[:-1])[::-1], *mirrored(jaw[1:])[::-1]])
    tone = mix(palette.hair.base, palette.skin.deep, 0.55)
    canvas.drawPath(beard, ink(tone, 0.34 * build.beard, blur=9))
    canvas.drawPath(ribbon([(-48, my - 14), (-20, my - 24), (0, my - 21), (20, my - 24), (48, my - 14)], 17),
                    ink(tone, 0.2 * build.beard, blur=5))  # fmt: skip
    canvas.drawOval(skia.Rect.MakeXYWH(-26, chin - 44, 52, 34), ink(tone, 0.12 * build.beard, blur=9))


def _jaw_line(canvas: skia.Canvas, build: Build, outline: skia.Path, skin: Skin) -> None:
    """The line around cheeks and chin, fading out towards the temples."""
    _, y = build.eye_at
    fade = wash((0, y - 10), (0, y + 70), [skin.base, skin.line])
    fade.setStyle(skia.Paint.kStroke_Style)
    fade.setStrokeWidth(LINE_WIDTH)
    canvas.drawPath(outline, fade)


def _nose(canvas: skia.Canvas, build: Build, skin: Skin) -> None:
    with moved(canvas, build.nose, scale=build.nose_size):
        side = curve([(8, -62), (14, -30), (20, -4), (12, 8), (2, 6), (6, -20)])
        canvas.drawPath(side, ink(skin.shade, 0.55, blur=5, blend=MULTIPLY))
        canvas.drawPath(curve([(-13, 6), (0, 1), (13, 6), (8, 14), (-8, 14)]), ink(skin.shade, 0.7, 3, blend=MULTIPLY))
        canvas.drawPath(ribbon([(15, -3), (17, 4), (10, 8), (3, 7)], 3.2, fading), ink(skin.line, 0.7))
        canvas.drawPath(ribbon([(-13, 3), (-10, 7), (-5, 6)], 2.6), ink(skin.line, 0.5))
        canvas.drawOval(skia.Rect.MakeXYWH(-8, -14, 10, 12), ink(mix(skin.light, "#ffffff", 0.5), 0.65, blur=2.5))
        canvas.drawPath(ribbon([(-4, -60), (-5, -40), (-4, -22)], 6), ink(mix(skin.light, "#ffffff", 0.3), 0.4, blur=3))


def _lip_shade(canvas: skia.Canvas, build: Build, skin: Skin) -> None:
    _, y = build.mouth
    canvas.drawPath(ribbon([(-17, y + 31), (0, y + 35), (17, y + 31)], 9), ink(skin.shade, 0.38, 5, blend=MULTIPLY))


def paint_brow(canvas: skia.Canvas, build: Build, palette: Palette, side: int) -> None:
    """The brow of one side (+1: right): hairs that grow outwards, soft where it starts."""
    points = [(side * x, y) for x, y in build.brow]
    hair = palette.hair
    tone = mix(hair.base, hair.dark, 0.4)
    shape = ribbon(points, build.brow_width, _brow_width)
    canvas.drawPath(shape, ink(tone, 0.5, blur=2))
    canvas.drawPath(shape, wash(points[0], points[-1], [mix(tone, palette.skin.base, 0.25), tone, hair.dark]))


def _brow_width(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round at its start, fullest at a third, running out to the temple."""
    return np.minimum(1, (u + 0.01) / 0.26) ** 0.6 * (0.9 + 0.25 * u) * (1 - u**2.6) ** 0.9
