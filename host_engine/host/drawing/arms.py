"""Forearms with hands for every gesture; the upper arms belong to the body."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import skia

from host_engine.host.artwork import Side
from host_engine.host.drawing.brush import MULTIPLY, Place, ink, inside, limb, moved, polygon, ribbon, wash
from host_engine.host.drawing.build import Build
from host_engine.host.drawing.hands import paint_palm, paint_rest
from host_engine.host.drawing.palettes import Cloth, Palette

GESTURES = ("rest", "wave", "point", "present")


class Reach(NamedTuple):
    """Where one forearm goes: the wrist relative to the elbow (outwards, downwards), the hand and its turn."""

    side: Side
    wrist: Place
    hand: str  # "palm" or "rest"
    turn: float  # degrees the hand is turned outwards from straight up
    spread: float = 0.0


REACHES: dict[str, tuple[Reach, ...]] = {
    "rest": (Reach("r", (-168, 64), "rest", -100), Reach("l", (-172, 40), "rest", -96)),
    "wave": (Reach("l", (62, -236), "palm", 8, 1.0),),
    "point": (Reach("r", (140, 40), "palm", 104, 0.15),),
    "present": (Reach("l", (56, -130), "palm", 48, 0.35), Reach("r", (56, -130), "palm", 48, 0.35)),
}


def sign(side: Side) -> int:
    """-1 for the left half of the picture, +1 for the right."""
    return 1 if side == "r" else -1


def wrist_of(build: Build, reach: Reach) -> Place:
    """The wrist's place in the drawing."""
    x, y = build.elbow
    return sign(reach.side) * (x + reach.wrist[0]), y + reach.wrist[1]


def elbow_of(build: Build, side: Side) -> Place:
    """The elbow's place in the drawing."""
    return sign(side) * build.elbow[0], build.elbow[1]


def angle_of(build: Build, reach: Reach) -> float:
    """The direction from elbow to wrist in radians, y downwards."""
    (ex, ey), (wx, wy) = elbow_of(build, reach.side), wrist_of(build, reach)
    return math.atan2(wy - ey, wx - ex)


def palm_of(build: Build, reach: Reach) -> Place:
    """The middle of the hand."""
    x, y = wrist_of(build, reach)
    angle = math.radians(reach.turn)
    return x + sign(reach.side) * math.sin(angle) * 60 * build.hand, y - math.cos(angle) * 60 * build.hand


def paint_forearm(canvas: skia.Canvas, build: Build, palette: Palette, reach: Reach) -> None:
    """Hand, sleeve and cuff of one arm."""
    side = sign(reach.side)
    wrist = wrist_of(build, reach)
    palm = reach.hand == "palm"
    mirror = (side > 0) if palm else (side > 0)
    hands: dict[str, Callable[[], None]] = {
        "palm": lambda: paint_palm(canvas, palette.skin, reach.spread),
        "rest": lambda: paint_rest(canvas, palette.skin),
    }
    with moved(canvas, wrist, side * reach.turn, mirror, build.hand):
        hands[reach.hand]()
    _sleeve(canvas, build, palette, reach)


def _sleeve(canvas: skia.Canvas, build: Build, palette: Palette, reach: Reach) -> None:
    elbow, wrist = elbow_of(build, reach.side), wrist_of(build, reach)
    _, wide, cuff = build.arm
    cloth = palette.outer
    length = math.hypot(wrist[0] - elbow[0], wrist[1] - elbow[1])
    with moved(canvas, elbow, math.degrees(angle_of(build, reach)), mirror=False):
        _cuff(canvas, length, cuff, palette)
        sleeve = polygon(_tube(length - 6, wide, cuff))
        canvas.drawPath(sleeve, wash((0, -wide / 2), (0, wide / 2), [cloth.light, cloth.base, cloth.shade]))
        with inside(canvas, sleeve):
            _folds(canvas, length, wide, cloth)
        canvas.drawPath(sleeve, ink(cloth.line, 0.85, width=2.2))


def _tube(length: float, wide: float, cuff: float) -> list[Place]:
    points = []
    for step in range(15):
        angle = math.pi / 2 + math.pi * step / 14
        points.append((math.cos(angle) * wide / 2, math.sin(angle) * wide / 2))
    return [*points, (length, -cuff / 2), (length + 3, 0), (length, cuff / 2)]


def _cuff(canvas: skia.Canvas, length: float, cuff: float, palette: Palette) -> None:
    if palette.outfit != "blazer":
        return
    inner = palette.inner
    band = limb((length - 14, 0), (length + 6, 0), cuff * 0.86, cuff * 0.84)
    canvas.drawPath(band, wash((0, -cuff / 2), (0, cuff / 2), [inner.light, inner.base, inner.shade]))
    canvas.drawPath(band, ink(inner.line, 0.8, width=1.8))


def _folds(canvas: skia.Canvas, length: float, wide: float, cloth: Cloth) -> None:
    for at, lean in ((0.12, 16), (0.24, 22), (0.5, 14)):
        x = length * at
        fold = ribbon([(x, -wide * 0.44), (x + lean, -wide * 0.1), (x + lean * 0.6, wide * 0.3)], 7)
        canvas.drawPath(fold, ink(cloth.shade, 0.5, blur=2.5, blend=MULTIPLY))


