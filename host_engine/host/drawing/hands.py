"""Hands, drawn with the wrist at the origin and the fingers upwards: an open palm, and a hand at rest from its back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import skia
from numpy.typing import NDArray

from host_engine.host.drawing.brush import MULTIPLY, Place, curve, fading, ink, inside, mix, ribbon, together, wash
from host_engine.host.drawing.palettes import Skin

LINE_WIDTH = 2.1
TIP = 0.16  # share of a finger that its round tip takes


class Finger(NamedTuple):
    """A finger: its root, direction in degrees from straight up (clockwise), length, width and sideways bend."""

    root: Place
    turn: float
    length: float
    width: float
    bend: float = 0.0

    def at(self, share: float, across: float = 0.0) -> Place:
        """The place `share` of the way to the tip, `across` (-1..1) of the half width beside the middle."""
        angle = math.radians(self.turn)
        sin, cos = math.sin(angle), math.cos(angle)
        along, aside = self.length * share, self.bend * share**2 + across * self.width / 2
        return self.root[0] + sin * along + cos * aside, self.root[1] - cos * along + sin * aside

    def outline(self) -> skia.Path:
        """The closed outline, its root inside the palm."""
        return ribbon([self.at(s) for s in (-0.1, 0.2, 0.45, 0.7, 1.0)], self.width, _finger_width, 72)


def _finger_width(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Nearly even, a little fuller at the joints, round at the tip."""
    joints = 0.03 * np.cos((u - 0.42) * 15)
    tip = np.clip((u - (1 - TIP)) / TIP, 0, 1)
    return (1 - 0.17 * u + joints) * np.sqrt(1 - tip**2)


PALM = [(-21, 10), (-26, -12), (-42, -46), (-47, -84), (-36, -100), (12, -106), (44, -100), (49, -74), (44, -40),
        (27, -10), (21, 10)]  # fmt: skip
THUMB = [(21, -2), (46, -24), (66, -54), (80, -88), (76, -102), (63, -100), (52, -78), (40, -58), (24, -40)]
PALM_LINES = (
    [(38, -70), (16, -66), (2, -42), (-1, -14)],
    [(42, -82), (12, -72), (-22, -54)],
    [(-40, -72), (-10, -80), (12, -94)],
)
BACK = [(-20, 10), (-27, -16), (-41, -52), (-44, -82), (-20, -98), (16, -98), (42, -82), (42, -52), (28, -16), (20, 10)]
BACK_THUMB = [(-22, -8), (-46, -30), (-60, -58), (-64, -92), (-56, -104), (-46, -96), (-42, -74), (-36, -56),
              (-28, -40)]  # fmt: skip


def _palm_fingers(spread: float) -> list[Finger]:
    """Little finger to index of a right hand's palm (thumb at +x), fanned by `spread`."""
    return [
        Finger((-36, -86), -8 - 11 * spread, 64, 22.5, -3),
        Finger((-13, -94), -3 - 4 * spread, 84, 25.5, -2),
        Finger((12, -96), 1 + 2 * spread, 91, 26.5, 1),
        Finger((36, -89), 5 + 9 * spread, 79, 25.5, 3),
    ]


BACK_FINGERS = [
    Finger((-31, -80), -3, 70, 25, 16),
    Finger((-9, -88), 0, 80, 26, 20),
    Finger((14, -86), 3, 74, 25, 20),
    Finger((33, -74), 7, 58, 22, 18),
]


def paint_palm(canvas: skia.Canvas, skin: Skin, spread: float) -> None:
    """A right hand's palm towards the viewer, thumb to the right; spread 0 holds the fingers together."""
    fingers = _palm_fingers(spread)
    shape = together(curve(PALM), curve(THUMB), *(f.outline() for f in fingers))
    # palms are lighter than the back of a hand, the more so the darker the skin
    tones = [skin.light, mix(skin.base, skin.light, 0.5), mix(skin.shade, skin.base, 0.5)]
    canvas.drawPath(shape, wash((-40, -170), (50, 10), tones, [0, 0.6, 1.0]))
    with inside(canvas, shape):
        canvas.drawOval(skia.Rect.MakeXYWH(-28, -80, 54, 56), ink(skin.shade, 0.3, blur=10, blend=MULTIPLY))
        canvas.drawPath(ribbon([(54, -110), (50, -66), (32, -6)], 16), ink(skin.shade, 0.4, 6, blend=MULTIPLY))
        for finger in fingers:
            canvas.drawCircle(*finger.at(0.95), 10, ink(skin.blush, 0.3, blur=4))
            for joint in (0.36, 0.66):
                canvas.drawPath(_across(finger, joint, 0.55, 2), ink(skin.deep, 0.4))
        canvas.drawCircle(72, -92, 9, ink(skin.blush, 0.3, blur=4))
        canvas.drawOval(skia.Rect.MakeXYWH(16, -60, 24, 44), ink(skin.blush, 0.14, blur=8))
    _gaps(canvas, fingers, shape, skin, 1 - 1.5 * spread)
    for line in PALM_LINES:
        canvas.drawPath(ribbon(line, 2.3), ink(skin.deep, 0.5))
    canvas.drawPath(ribbon([(47, -70), (52, -80), (50, -92)], 2.4), ink(skin.line, 0.5))
    canvas.drawPath(shape, ink(skin.line, 0.85, width=LINE_WIDTH))


def paint_rest(canvas: skia.Canvas, skin: Skin) -> None:
    """A right hand from its back, thumb to the left, the fingers together and bent over to the right."""
    shape = together(curve(BACK), curve(BACK_THUMB), *(f.outline() for f in BACK_FINGERS))
    canvas.drawPath(shape, wash((-50, -100), (60, -60), [skin.light, skin.base, skin.shade], [0, 0.55, 1.2]))
    with inside(canvas, shape):
        canvas.drawPath(ribbon([(62, -150), (50, -70), (28, 0)], 24), ink(skin.shade, 0.5, 8, blend=MULTIPLY))
        for finger in BACK_FINGERS:
            x, y = finger.at(0.06)
            canvas.drawCircle(x, y, 9, ink(skin.blush, 0.2, blur=4))
            canvas.drawPath(_across(finger, 0.08, 0.4, -3), ink(skin.deep, 0.35))
            canvas.drawPath(_across(finger, 0.5, 0.5, -2), ink(skin.deep, 0.35))
            _nail(canvas, finger, skin)
    _gaps(canvas, BACK_FINGERS, shape, skin, 1.0)
    canvas.drawPath(ribbon([(-34, -44), (-41, -66), (-44, -88)], 2.4), ink(skin.line, 0.55))
    canvas.drawPath(shape, ink(skin.line, 0.85, width=LINE_WIDTH))


def _across(finger: Finger, share: float, width: float, bow: float) -> skia.Path:
    """A short line across a finger, bowed towards the tip."""
    left, middle, right = finger.at(share, -width), finger.at(share + bow / finger.length), finger.at(share, width)
    return ribbon([left, middle, right], 1.8)


def _nail(canvas: skia.Canvas, finger: Finger, skin: Skin) -> None:
    corners = ((0.8, -0.34), (0.93, -0.3), (0.96, 0), (0.93, 0.3), (0.8, 0.34))
    nail = curve([finger.at(*corner) for corner in corners])
    canvas.drawPath(nail, ink(skin.light, 0.75))
    canvas.drawPath(nail, ink(skin.deep, 0.4, width=1.2))


def _gaps(canvas: skia.Canvas, fingers: Sequence[Finger], shape: skia.Path, skin: Skin, reach: float) -> None:
    """The lines between neighbouring fingers, as far as they touch (`reach` 0..1)."""
    if reach <= 0.1:
        return
    with inside(canvas, shape):
        for a, b in pairwise(fingers):
            same = a.length / b.length  # the place on b beside a place on a
            sides = ((a.at(s, 0.95), b.at(s * same, -0.95)) for s in np.linspace(0.97 * reach, 0.02, 4))
            edge = [((p[0] + q[0]) / 2, (p[1] + q[1]) / 2) for p, q in sides]
            canvas.drawPath(ribbon(edge, 2.4, fading), ink(skin.line, 0.75))
