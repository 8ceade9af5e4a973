"""Leo: a man in his early thirties with short textured hair and a trace of a beard."""

from __future__ import annotations

import skia

from host_engine.host.drawing.brush import curve, ink, mix, wash
from host_engine.host.drawing.build import Build, EyeShape
from host_engine.host.drawing.hair import Clump, cast, paint_clumps
from host_engine.host.drawing.palettes import Hair

BUILD = Build(
    outline=[(0, 478), (34, 477), (68, 466), (102, 434), (123, 386), (134, 316), (138, 240), (132, 172), (106, 116),
             (54, 84), (0, 78)],
    eye_at=(62, 296),
    eye=EyeShape(
        upper=[(-34, 8), (-25, -9), (-6, -20), (15, -19), (28, -9), (38, 2)],
        lower=[(-34, 8), (-20, 15), (2, 18), (22, 13), (38, 2)],
        shut=[(-34, 9), (-20, 15), (0, 18), (20, 15), (38, 5)],
        smile=[(-34, 10), (-17, 3), (2, 0.5), (22, 4), (38, 11)],
        iris=18,
        lash=5.5,
        flicks=(),
    ),
    brow=[(25, 251), (50, 246), (80, 243), (110, 255)],
    brow_width=12.5,
    nose=(0, 362),
    mouth=(0, 409),
    mouth_scale=0.9,
    ear=(141, 312),
    earring=False,
    beard=0.9,
    neck=72,
    collar=542,
    neckline=50,
    shoulder=(280, 612),
    armpit=(216, 766),
    waist=(180, 960),
    hip=(200, 1160),
    elbow=(296, 872),
    arm=(130, 106, 82),
    hand=1.04,
)  # fmt: skip


def _side(sign: int) -> Clump:
    """Cut short above the ear, running out in a sideburn."""
    outer = [(130, 118), (150, 180), (149, 244), (141, 284), (134, 322)]
    inner = [(92, 116), (112, 176), (124, 226), (130, 276), (134, 322)]
    return Clump([(sign * x, y) for x, y in outer], [(sign * x, y) for x, y in inner], 0.25, None, 14, 0.35)


TOP = (
    Clump([(-116, 214), (-156, 160), (-154, 84), (-84, 36)], [(-84, 176), (-96, 130), (-96, 84), (-84, 36)],
          0.15, (0.4, 0.6), 9, rim=0.05),
    Clump([(120, 206), (132, 150), (128, 100), (84, 40)], [(130, 222), (158, 160), (154, 96), (84, 40)],
          0.2, (0.4, 0.6), 9, rim=0.95),
    Clump([(-118, 202), (-130, 116), (-92, 48), (-6, 26)], [(-62, 164), (-64, 112), (-46, 64), (-6, 26)],
          0.06, (0.42, 0.62), 10, 0.45),
    Clump([(-92, 178), (-84, 96), (-26, 40), (56, 28)], [(-22, 154), (-14, 104), (6, 62), (56, 28)],
          0, (0.42, 0.62), 10, 0.45),
    Clump([(-42, 160), (-30, 92), (26, 46), (104, 46)], [(32, 152), (40, 106), (60, 74), (104, 46)],
          0, (0.42, 0.62), 10, 0.45),
    Clump([(20, 154), (30, 100), (76, 66), (140, 84)], [(82, 162), (90, 124), (106, 100), (140, 84)],
          0, (0.42, 0.62), 9, 0.45),
    Clump([(66, 162), (76, 126), (106, 104), (152, 122)], [(112, 190), (118, 158), (130, 138), (152, 122)],
          0.06, (0.42, 0.62), 7, 0.45),
    Clump([(-78, 184), (-86, 140), (-64, 98), (-18, 76)], [(-44, 162), (-48, 130), (-40, 100), (-18, 76)], 0, None, 5, 0.4),
    Clump([(-12, 164), (-12, 126), (12, 94), (52, 78)], [(18, 154), (18, 124), (30, 98), (52, 78)], 0, None, 5, 0.4),
    Clump([(46, 166), (50, 134), (72, 110), (104, 100)], [(74, 166), (78, 138), (88, 116), (104, 100)], 0, None, 5, 0.4),
)  # fmt: skip
FRONT = (_side(1), _side(-1), *TOP)


def paint_back(canvas: skia.Canvas, hair: Hair) -> None:
    """The short hair behind the head."""
    half = [(140, 130), (150, 220), (130, 290), (80, 340)]
    shape = curve([(0, 70), *half, *[(-x, y) for x, y in half][::-1]])
    canvas.drawPath(shape, wash((0, 100), (0, 400), [hair.dark, hair.deep]))


def paint_front(canvas: skia.Canvas, hair: Hair) -> None:
    """Short sides, and the top brushed up and to the side."""
    cap = curve([(-128, 210), (-142, 130), (-90, 54), (20, 34), (104, 54), (146, 130), (132, 210), (100, 168), (20, 144),
                 (-70, 156)])  # fmt: skip
    canvas.drawPath(cap, ink(mix(hair.dark, hair.deep, 0.4)))
    paint_clumps(canvas, FRONT, hair, 21)


def shadow() -> skia.Path:
    """What the hair throws on the face."""
    return cast(FRONT)
