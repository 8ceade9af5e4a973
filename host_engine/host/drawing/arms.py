"""Forearms with hands for every gesture; the upper arms belong to the body."""

from __future__ import annotations

import math
from typing import NamedTuple

import skia

from host_engine.host.artwork import Side
from host_engine.host.drawing.body import upper_arm
from host_engine.host.drawing.brush import (
    MULTIPLY,
    SCREEN,
    Place,
    curve,
    even,
    fading,
    ink,
    inside,
    limb,
    moved,
    polygon,
    ribbon,
    wash,
)  # fmt: skip
from host_engine.host.drawing.build import WIDTH, Build
from host_engine.host.drawing.hands import paint_palm, paint_rest
from host_engine.host.drawing.palettes import Cloth, Palette

GESTURES = ("rest", "wave", "point", "present")
ELBOW_OF_REACHES = 245.0  # the elbow's distance from the middle line for which the wrists below are given
HAND_LENGTH, MARGIN = 188.0, 12.0
FOLDED = math.radians(70)  # an arm bent further than this has its forearm before the upper arm
LIGHT = (-0.5, -0.85)  # where the light comes from


class Reach(NamedTuple):
    """Where one forearm goes: the wrist relative to the elbow (outwards, downwards), the hand and its turn."""

    side: Side
    wrist: Place
    hand: str  # "palm" or "rest"
    turn: float  # degrees the hand is turned outwards from straight up
    spread: float = 0.0


REACHES: dict[str, tuple[Reach, ...]] = {
    "rest": (Reach("r", (-156, 52), "rest", -88), Reach("l", (-176, 42), "rest", -98)),
    "wave": (Reach("l", (66, -226), "palm", 6, 0.9),),
    "point": (Reach("r", (108, 66), "palm", 112, 0.12),),
    "present": (Reach("l", (64, -112), "palm", 58, 0.3), Reach("r", (64, -112), "palm", 58, 0.3)),
}


def sign(side: Side) -> int:
    """-1 for the left half of the picture, +1 for the right."""
    return 1 if side == "r" else -1


def elbow_of(build: Build, side: Side) -> Place:
    """The elbow's place in the drawing."""
    return sign(side) * build.elbow[0], build.elbow[1]


def wrist_of(build: Build, reach: Reach) -> Place:
    """The wrist's place in the drawing."""
    x, y = build.elbow
    size = x / ELBOW_OF_REACHES
    hand = HAND_LENGTH * build.hand * max(0.0, math.sin(math.radians(reach.turn)))
    room = WIDTH / 2 - MARGIN - hand - x  # a hand that points outwards stays in the picture
    return sign(reach.side) * (x + min(reach.wrist[0] * size, room)), y + reach.wrist[1] * size


def angle_of(build: Build, reach: Reach) -> float:
    """The direction from elbow to wrist in radians, y downwards."""
    (ex, ey), (wx, wy) = elbow_of(build, reach.side), wrist_of(build, reach)
    return math.atan2(wy - ey, wx - ex)


def paint_forearm(canvas: skia.Canvas, build: Build, palette: Palette, reach: Reach) -> None:
    """Hand, sleeve and cuff of one arm."""
    side = sign(reach.side)
    with moved(canvas, wrist_of(build, reach), side * reach.turn, side > 0, build.hand):
        if reach.hand == "palm":
            paint_palm(canvas, palette.skin, reach.spread)
        else:
            paint_rest(canvas, palette.skin)
    bent = _bent(build, reach)
    if bent < FOLDED:
        _shadow(canvas, build, palette.outer, reach)
    _sleeve(canvas, build, palette, reach)
    if bent >= FOLDED:
        _melt(canvas, build, reach)
        _crook(canvas, build, palette.outer, reach)


def _bent(build: Build, reach: Reach) -> float:
    """The angle between forearm and upper arm in radians."""
    return abs(math.remainder(_to_shoulder(build, reach.side) - angle_of(build, reach), 2 * math.pi))


def _to_shoulder(build: Build, side: Side) -> float:
    ex, ey = elbow_of(build, side)
    return math.atan2(build.shoulder[1] - ey, sign(side) * (build.shoulder[0] - 16) - ex)


def _shadow(canvas: skia.Canvas, build: Build, cloth: Cloth, reach: Reach) -> None:
    """What a raised forearm throws on the upper arm behind it."""
    elbow, wrist = elbow_of(build, reach.side), wrist_of(build, reach)
    with inside(canvas, upper_arm(build, sign(reach.side))):
        line = [(elbow[0] + 8, elbow[1] + 8), (wrist[0] + 8, wrist[1] + 12)]
        canvas.drawPath(limb(line[0], line[1], build.arm[1] + 10, build.arm[2]), ink(cloth.line, 0.4, blur=9))


def _sleeve(canvas: skia.Canvas, build: Build, palette: Palette, reach: Reach) -> None:
    elbow, wrist = elbow_of(build, reach.side), wrist_of(build, reach)
    _, wide, cuff = build.arm
    cloth, angle = palette.outer, angle_of(build, reach)
    length = math.dist(elbow, wrist)
    with moved(canvas, elbow, math.degrees(angle)):
        # the upper side of the sleeve in its own frame is the lit one unless the arm has turned over
        lit = LIGHT[0] * math.sin(angle) - LIGHT[1] * math.cos(angle) > 0
        top = -1 if lit else 1
        _cuff(canvas, length, cuff, palette, top)
        sleeve = polygon(_tube(length - 8, wide, cuff))
        tones = [cloth.light, cloth.base, cloth.base, cloth.shade]
        canvas.drawPath(sleeve, wash((0, top * wide / 2), (0, -top * wide / 2), tones, [0, 0.3, 0.6, 1]))
        with inside(canvas, sleeve):
            if palette.outfit == "knit":
                _ribs(canvas, length, wide, cuff, cloth)
            _folds(canvas, length, wide, top, cloth)
            start, middle, end = (wide * 0.47 - 5, (wide + cuff) / 4 - 5, cuff / 2 - 5)
            rim = [(length * 0.34, top * start), (length * 0.6, top * middle), (length, top * end)]
            canvas.drawPath(ribbon(rim, 6), ink(cloth.light, 0.6, blur=2.5, blend=SCREEN))
            canvas.drawPath(ribbon([(length - 10, -cuff), (length - 6, 0), (length - 10, cuff)], 12, even),
                            ink(cloth.shade, 0.3, blur=3, blend=MULTIPLY))  # fmt: skip
        canvas.drawPath(sleeve, ink(cloth.line, 0.85, width=2.2))


def _tube(length: float, wide: float, cuff: float) -> list[Place]:
    """The outline of a sleeve along +x: round at the elbow, bowed at its mouth."""
    points = []
    for step in range(33):
        angle = math.pi / 2 + math.pi * step / 32
        points.append((math.cos(angle) * wide / 2, math.sin(angle) * wide / 2))
    belly = (length * 0.45, wide * 0.47)
    mouth = [(length + 5 * math.cos(a), cuff / 2 * math.sin(a)) for a in (-1.57, -1, -0.5, 0, 0.5, 1, 1.57)]
    return [*points, (belly[0], -belly[1]), *mouth, belly]


def _cuff(canvas: skia.Canvas, length: float, cuff: float, palette: Palette, top: int) -> None:
    """What shows between sleeve and hand: the shirt's cuff, or the jumper's rib."""
    cloth = palette.inner if palette.outfit == "blazer" else palette.outer
    half = cuff * (0.42 if palette.outfit == "blazer" else 0.44)
    end = length + 12
    start, narrow = length - 20, half - 1
    band = curve([(start, -half), (start, -half), (end, -narrow), (end, -narrow), (end + 4, 0),
                  (end, narrow), (end, narrow), (start, half), (start, half)])  # fmt: skip
    canvas.drawPath(band, wash((0, top * half), (0, -top * half), [cloth.light, cloth.base, cloth.shade]))
    if palette.outfit == "knit":
        for k in range(-4, 5):
            canvas.drawLine(start, k * 7, end + 2, k * 6.6, ink(cloth.shade, 0.8, width=2))
    canvas.drawPath(band, ink(cloth.line, 0.8, width=1.8))


def _ribs(canvas: skia.Canvas, length: float, wide: float, cuff: float, cloth: Cloth) -> None:
    for k in range(-4, 5):
        rib = [(-wide * 0.2, k * wide / 9.2), (length * 0.5, k * (wide + cuff) / 18.8), (length, k * cuff / 9.2)]
        canvas.drawPath(ribbon(rib, 2.6, even), ink(cloth.shade, 0.35))


def _folds(canvas: skia.Canvas, length: float, wide: float, top: int, cloth: Cloth) -> None:
    for at, lean in ((0.1, 12), (0.2, 20), (0.34, 24)):
        x = length * at
        fold = [(x, top * wide * 0.46), (x + lean, top * wide * 0.16), (x + lean * 0.8, -top * wide * 0.2)]
        canvas.drawPath(ribbon(fold, 7), ink(cloth.shade, 0.55, blur=2.5, blend=MULTIPLY))
    under = [(-wide * 0.2, -top * wide * 0.4), (length * 0.4, -top * wide * 0.42), (length, -top * wide * 0.36)]
    canvas.drawPath(ribbon(under, 18), ink(cloth.shade, 0.5, blur=6, blend=MULTIPLY))


def _melt(canvas: skia.Canvas, build: Build, reach: Reach) -> None:
    """Let the elbow run into the upper arm where the arm is nearly straight."""
    elbow, radius = elbow_of(build, reach.side), build.arm[1] / 2
    towards = _to_shoulder(build, reach.side)
    dx, dy = math.cos(towards) * radius, math.sin(towards) * radius
    ends = [skia.Point(elbow[0] + dx * 0.1, elbow[1] + dy * 0.1), skia.Point(elbow[0] + dx * 0.8, elbow[1] + dy * 0.8)]
    fade = skia.Paint(AntiAlias=True, Shader=skia.GradientShader.MakeLinear(ends, [0x00000000, 0xFF000000]))
    fade.setBlendMode(skia.BlendMode.kDstOut)
    with inside(canvas, upper_arm(build, sign(reach.side))):
        canvas.drawCircle(*elbow, radius + 4, fade)


def _crook(canvas: skia.Canvas, build: Build, cloth: Cloth, reach: Reach) -> None:
    """The fold of the sleeve in the crook of the arm."""
    (ex, ey), radius = elbow_of(build, reach.side), build.arm[1] / 2
    upper, lower = _to_shoulder(build, reach.side), angle_of(build, reach)
    middle = (math.cos(upper) + math.cos(lower), math.sin(upper) + math.sin(lower))
    length = math.hypot(*middle)
    bx, by = middle[0] / length, middle[1] / length
    corner = radius / math.sin(_bent(build, reach) / 2) * 0.98
    side = (-by * 10, bx * 10)
    fold = [
        (ex + bx * corner * along + side[0] * aside, ey + by * corner * along + side[1] * aside)
        for along, aside in ((1, 0), (0.55, 0.4), (0, 1))
    ]
    canvas.drawPath(ribbon(fold, 16), ink(cloth.shade, 0.55, blur=4))
    canvas.drawPath(ribbon(fold, 3.4, fading), ink(cloth.line, 0.8))
