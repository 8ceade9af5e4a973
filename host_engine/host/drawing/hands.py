"""Hands, drawn with the wrist at the origin and the fingers upwards: an open palm, a pointing hand, a hand at rest."""

from __future__ import annotations

import math
from typing import NamedTuple

import skia

from host_engine.host.drawing.brush import (
    MULTIPLY, Place, curve, fading, ink, inside, limb, ribbon, together, wash,
)  # fmt: skip
from host_engine.host.drawing.palettes import Skin

LINE_WIDTH = 2.1


class Finger(NamedTuple):
    """A finger: its root, direction in degrees from straight up (clockwise), length and width."""

    root: Place
    turn: float
    length: float
    width: float

    def at(self, share: float) -> Place:
        """The place `share` of the way to the tip."""
        angle = math.radians(self.turn)
        reach = self.length * share
        return self.root[0] + math.sin(angle) * reach, self.root[1] - math.cos(angle) * reach

    def outline(self) -> skia.Path:
        return limb(self.root, self.at(1), self.width, self.width * 0.78)


def _fingers(spread: float) -> list[Finger]:
    """Little finger to index of a right hand's palm (thumb at +x), fanned by `spread`."""
    return [
        Finger((-31, -86), -9 - 12 * spread, 58, 20),
        Finger((-11, -93), -3 - 5 * spread, 80, 23),
        Finger((12, -95), 1 + 2 * spread, 88, 24),
        Finger((34, -89), 4 + 9 * spread, 77, 23),
    ]


PALM = [(-20, 8), (-26, -14), (-40, -48), (-43, -88), (-24, -104), (14, -106), (45, -98), (46, -66), (40, -36), (24, -10), (20, 8)]
THUMB = [(20, -6), (44, -26), (62, -58), (72, -92), (66, -104), (54, -98), (46, -76), (36, -56), (24, -40)]


def paint_palm(canvas: skia.Canvas, skin: Skin, spread: float) -> None:
    """A right hand's palm towards the viewer, thumb to the right; spread 0 holds the fingers together."""
    fingers = _fingers(spread)
    shape = together(curve(PALM), curve(THUMB), *(f.outline() for f in fingers))
    canvas.drawPath(shape, wash((-40, -150), (50, 10), [skin.light, skin.base, skin.shade], [0, 0.55, 1.1]))
    with inside(canvas, shape):
        canvas.drawOval(skia.Rect.MakeXYWH(-26, -80, 50, 56), ink(skin.shade, 0.5, blur=10, blend=MULTIPLY))
        canvas.drawPath(ribbon([(48, -100), (46, -60), (30, -12)], 18), ink(skin.shade, 0.45, 6, blend=MULTIPLY))
        for finger in fingers:
            canvas.drawCircle(*finger.at(0.98), 9, ink(skin.blush, 0.28, blur=4))
            for joint in (0.36, 0.68):
                _crease(canvas, finger, joint, skin)
        canvas.drawCircle(66, -94, 8, ink(skin.blush, 0.28, blur=4))
    for left, right in zip(fingers, fingers[1:], strict=False):
        _between(canvas, left, right, spread, skin)
    canvas.drawPath(shape, ink(skin.line, 0.85, width=LINE_WIDTH))
    for line in ([(34, -72), (14, -66), (0, -40), (-2, -16)], [(38, -84), (10, -76), (-20, -58)], [(-36, -76), (-8, -84), (10, -96)]):
        canvas.drawPath(ribbon(line, 2.4), ink(skin.deep, 0.5))


def _crease(canvas: skia.Canvas, finger: Finger, share: float, skin: Skin) -> None:
    x, y = finger.at(share)
    angle = math.radians(finger.turn)
    dx, dy = math.cos(angle) * finger.width * 0.3, math.sin(angle) * finger.width * 0.3
    canvas.drawPath(ribbon([(x - dx, y - dy), (x, y + 1.5), (x + dx, y + dy)], 1.8), ink(skin.deep, 0.4))


def _between(canvas: skia.Canvas, left: Finger, right: Finger, spread: float, skin: Skin) -> None:
    """The line between two neighbouring fingers, as far as they touch."""
    a, b = left.at(0.0), right.at(0.0)
    top = left.at(0.9) if left.length < right.length else right.at(0.9)
    other = right.at(0.9 * min(left.length, right.length) / right.length)
    share = max(0.0, 1 - 1.6 * spread)
    root = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2 - 4)
    end = (root[0] + ((top[0] + other[0]) / 2 - root[0]) * share, root[1] + ((top[1] + other[1]) / 2 - root[1]) * share)
    if share > 0.05:
        canvas.drawPath(ribbon([root, ((root[0] + end[0]) / 2, (root[1] + end[1]) / 2), end], 2.0, fading), ink(skin.line, 0.7))


def paint_rest(canvas: skia.Canvas, skin: Skin) -> None:
    """A right hand seen from its back, fingers together and a little bent, thumb to the left and half hidden."""
    fingers = [
        Finger((-27, -78), -4, 66, 23),
        Finger((-6, -84), 0, 76, 24),
        Finger((16, -82), 5, 70, 23),
        Finger((34, -72), 11, 52, 20),
    ]
    back = curve([(-20, 8), (-28, -20), (-40, -56), (-40, -84), (-14, -98), (20, -96), (44, -80), (42, -50), (28, -16), (20, 8)])
    thumb = curve([(-24, -14), (-46, -40), (-56, -76), (-52, -100), (-42, -104), (-36, -88), (-34, -60)])
    shape = together(back, thumb, *(f.outline() for f in fingers))
    canvas.drawPath(shape, wash((-40, -140), (40, 10), [skin.base, skin.light, skin.base], [0, 0.5, 1]))
    with inside(canvas, shape):
        canvas.drawPath(ribbon([(50, -150), (48, -70), (28, 0)], 26), ink(skin.shade, 0.6, 8, blend=MULTIPLY))
        for finger in fingers:
            x, y = finger.at(0.08)
            canvas.drawCircle(x, y, 9, ink(skin.blush, 0.2, blur=4))
            canvas.drawPath(ribbon([(x - 5, y + 2), (x, y - 2), (x + 5, y + 2)], 1.8), ink(skin.deep, 0.45))
    for left, right in zip(fingers, fingers[1:], strict=False):
        _between(canvas, left, right, 0, skin)
    canvas.drawPath(ribbon([(-34, -60), (-38, -84), (-44, -100)], 2), ink(skin.line, 0.5))
    canvas.drawPath(shape, ink(skin.line, 0.85, width=LINE_WIDTH))
