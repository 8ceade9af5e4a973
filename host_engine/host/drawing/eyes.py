"""The eyes in parts: white, iris, reflexes, and the lids for every openness."""

from __future__ import annotations

import math

import numpy as np
import skia
from numpy.typing import NDArray

from host_engine.host.drawing.brush import (
    MULTIPLY,
    SCREEN,
    Line,
    Place,
    fading,
    glow,
    ink,
    inside,
    mix,
    polygon,
    ribbon,
    trace,
    wash,
)  # fmt: skip
from host_engine.host.drawing.build import EyeShape
from host_engine.host.drawing.palettes import Iris, Palette

RELAXED = 0.85  # how far a calm eye is open; one of the drawn steps, so that it is sharp
OPENNESS = (0.0, 0.07, 0.14, 0.21, 0.28, 0.36, 0.44, 0.52, 0.6, 0.67, 0.73, 0.79, RELAXED, 0.9, 0.95, 1.0)
BOX = (-54.0, -52.0, 54.0, 36.0)  # left, top, right, bottom of an eye about its middle
POINTS = 36
GROWN = (1.06, 1.0)
Floats = NDArray[np.float64]


def lid_lines(shape: EyeShape, openness: float) -> tuple[Floats, Floats]:
    """The upper and the lower edge of the opening, inner to outer corner, each (POINTS, 2)."""
    upper, lower, shut = (trace(line, POINTS) for line in (shape.upper, shape.lower, shape.shut))
    top = shut + (upper - shut) * openness
    bottom = lower + (shut - lower) * 0.35 * (1 - openness)
    return top, np.maximum(bottom, top - (9, 0))


def opening(shape: EyeShape, openness: float = 1.0) -> skia.Path:
    """The outline of the open eye."""
    top, bottom = lid_lines(shape, openness)
    return polygon(np.vstack([top, bottom[::-1]]))


def paint_white(canvas: skia.Canvas, shape: EyeShape) -> None:
    """The eyeball as far as the widest opening shows it."""
    canvas.drawPath(opening(shape), wash((0, -26), (0, 20), ["#ddd5dc", "#fffdfb", "#f4eef0"], [0, 0.45, 1]))


def paint_iris(canvas: skia.Canvas, shape: EyeShape, iris: Iris) -> None:
    """The iris about the origin, with the reflexes of the key light (upper left) and of the table."""
    r = shape.iris
    canvas.drawCircle(0, 0, r, wash((0, -r), (0, r), [iris.rim, iris.base, iris.light], [0.0, 0.45, 1]))
    canvas.drawCircle(0, 0, r - 0.9, ink(iris.rim, 0.85, width=2.2))
    for k in range(22):
        angle = 2 * math.pi * k / 22
        dx, dy = math.cos(angle), math.sin(angle)
        line = ink(iris.light if dy > -0.2 else iris.base, 0.4, width=0.9)
        canvas.drawLine(dx * r * 0.48, dy * r * 0.48, dx * r * 0.84, dy * r * 0.84, line)
    below = glow((0, r * 0.55), r * 0.7, iris.light, 0.9)
    below.setBlendMode(SCREEN)
    canvas.drawCircle(0, r * 0.5, r * 0.48, below)
    canvas.drawCircle(0, 0, r * 0.37, ink("#100b0c"))
    canvas.drawCircle(0, 0, r * 0.4, ink(iris.rim, 0.8, width=1.4))
    canvas.drawOval(skia.Rect.MakeXYWH(-r * 0.62, -r * 0.68, r * 0.52, r * 0.58), ink("#ffffff", 0.97))
    canvas.drawCircle(r * 0.42, r * 0.36, r * 0.15, ink("#ffffff", 0.8))


def paint_shine(canvas: skia.Canvas, shape: EyeShape) -> None:
    """What the wet eyeball reflects of the room: a soft light along the lower lid."""
    bottom = trace(shape.lower, POINTS)[8:28:4] - (0, 2.5)
    canvas.drawPath(ribbon([_place(p) for p in bottom], 3), ink("#ffffff", 0.5, blur=0.8))


def paint_lid(canvas: skia.Canvas, shape: EyeShape, palette: Palette, openness: float, skin: skia.Image) -> None:
    """What covers the eyeball at this openness; `skin` is the face in the eye's box."""
    top, bottom = lid_lines(shape, openness)
    widest_top, widest_bottom = lid_lines(shape, 1.0)
    # a little over the edges of the eyeball and of each other, so that nothing shines through between
    shut = 1 - openness
    upper = polygon(np.vstack([(widest_top - (0, 5)) * GROWN, (top - (0, -1.5 * shut))[::-1] * GROWN]))
    lower = polygon(np.vstack([(bottom - (0, 1.5 * shut)) * GROWN, (widest_bottom - (0, -4))[::-1] * GROWN]))
    with inside(canvas, upper):
        _cover(canvas, skin)
        fold = ribbon([_place(p) for p in top[::5]], 34)
        canvas.drawPath(fold, ink(palette.skin.shade, 0.6 * shut, blur=8, blend=MULTIPLY))
    with inside(canvas, lower):
        _cover(canvas, skin)
    with inside(canvas, opening(shape, max(openness, 0.02))):
        canvas.drawPath(ribbon([_place(p) for p in top[::5]], 13), ink("#3b2a3a", 0.34, blur=2.2))
    _crease(canvas, shape, palette, openness)
    _lower_line(canvas, bottom, palette, openness)
    _lashes(canvas, shape, palette, top, openness)


def _crease(canvas: skia.Canvas, shape: EyeShape, palette: Palette, openness: float) -> None:
    upper = trace(shape.upper, POINTS)
    line = [(float(x) * 0.96, float(y) - 8.5 + 3 * (1 - openness)) for x, y in upper[5:33:4]]
    canvas.drawPath(ribbon(line, 2.6), ink(palette.skin.line, 0.6))


def _lower_line(canvas: skia.Canvas, bottom: Floats, palette: Palette, openness: float) -> None:
    line = [(float(x), float(y) + 0.6) for x, y in bottom[6:35:4]]
    tone = mix(palette.skin.line, palette.iris.lash, 0.35)
    canvas.drawPath(ribbon(line, 2.6), ink(tone, 0.75 * min(1, openness * 4)))


def _lashes(canvas: skia.Canvas, shape: EyeShape, palette: Palette, top: Floats, openness: float) -> None:
    line: Line = [(float(x), float(y) - shape.lash * 0.25) for x, y in top[::5]]
    wing = 5 if shape.flicks else 1.5
    line = [*line, (line[-1][0] + wing, line[-1][1] + wing * (0.2 - openness / 2))]
    colour = palette.iris.lash
    body = ribbon(line, shape.lash, lambda u: (0.3 + 0.7 * np.minimum(1, u / 0.55)) * (1 - u**7), 48)
    canvas.drawPath(body, ink(colour))
    lift = 2 * openness - 0.75
    for along, length in shape.flicks:
        x, y = (float(v) for v in top[round(along * (POINTS - 1))])
        up = length * lift
        flick = [(x - 3, y), (x + length * 0.45, y - up * 0.18), (x + length * 0.95, y - up * 0.75)]
        canvas.drawPath(ribbon(flick, 4.2, fading), ink(colour))


def _cover(canvas: skia.Canvas, skin: skia.Image) -> None:
    """The face's own pixels, whatever the transform: the lid has exactly the tone around it."""
    canvas.save()
    canvas.resetMatrix()
    canvas.drawImage(skin, 0, 0)
    canvas.restore()


def _place(point: NDArray[np.float64]) -> Place:
    return float(point[0]), float(point[1])
