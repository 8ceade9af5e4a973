"""Leo: a man in his early thirties with short textured hair and a trace of a beard."""

from __future__ import annotations

import random

import skia

from host_engine.host.drawing.brush import curve, ink, inside, mix, ribbon, together, trace, wash
from host_engine.host.drawing.build import Build, EyeShape
from host_engine.host.drawing.hair import CAST, Clump, paint_clumps
from host_engine.host.drawing.palettes import Hair

BUILD = Build(
    outline=[(0, 481), (30, 479), (56, 470), (86, 443), (112, 404), (126, 352), (134, 300), (138, 240), (132, 172),
             (106, 116), (54, 84), (0, 78)],
    eye_at=(62, 296),
    eye=EyeShape(
        upper=[(-36, 8), (-27, -9), (-7, -21), (15, -20.5), (30, -12), (40, -1)],
        lower=[(-36, 8), (-21, 16), (2, 19), (24, 13), (40, -1)],
        shut=[(-36, 9), (-21, 16), (0, 19), (21, 16), (40, 4)],
        iris=19,
        lash=4.6,
        flicks=(),
    ),
    brow=[(25, 251), (50, 246), (80, 243), (110, 255)],
    brow_width=12.5,
    nose=(0, 362),
    nose_size=1.3,
    mouth=(0, 409),
    mouth_scale=0.9,
    ear=(141, 312),
    earring=False,
    beard=0.9,
    neck=72,
    collar=542,
    neckline=50,
    shoulder=(266, 610),
    armpit=(206, 766),
    waist=(174, 960),
    hip=(196, 1160),
    elbow=(272, 872),
    arm=(130, 106, 82),
    hand=1.1,
)  # fmt: skip


def _side(sign: int) -> Clump:
    """Cut short above the ear, running out in a sideburn."""
    outer = [(130, 118), (150, 180), (149, 244), (141, 284), (134, 322)]
    inner = [(92, 116), (112, 176), (124, 226), (130, 276), (134, 322)]
    return Clump([(sign * x, y) for x, y in outer], [(sign * x, y) for x, y in inner], 0.25, None, 14, 0.35)


HAIRLINE = ((130, 230), (124, 196), (102, 171), (62, 164), (20, 170), (-20, 168), (-62, 162), (-99, 173), (-122, 198),
            (-130, 230))  # fmt: skip
CAP = ((-142, 130), (-90, 54), (20, 36), (104, 54), (144, 130), *HAIRLINE)
TOP = (
    Clump([(-134, 212), (-150, 160), (-145, 88), (-84, 36)], [(-84, 176), (-96, 130), (-96, 84), (-84, 36)],
          0.15, (0.4, 0.6), 9, rim=0.05, sprout=0.2),
    Clump([(120, 206), (132, 150), (128, 100), (84, 40)], [(134, 212), (151, 160), (146, 92), (84, 40)],
          0.2, (0.4, 0.6), 9, rim=0.95, sprout=0.2),
    Clump([(-118, 202), (-130, 116), (-92, 48), (-6, 26)], [(-62, 164), (-64, 112), (-46, 64), (-6, 26)],
          0.06, (0.42, 0.62), 10, 0.45, sprout=0.22),
    Clump([(-92, 178), (-84, 96), (-26, 40), (56, 28)], [(-22, 154), (-14, 104), (6, 62), (56, 28)],
          0, (0.42, 0.62), 10, 0.45, sprout=0.22),
    Clump([(-42, 160), (-30, 92), (26, 46), (104, 46)], [(32, 152), (40, 106), (60, 74), (104, 46)],
          0, (0.42, 0.62), 10, 0.45, sprout=0.22),
    Clump([(20, 154), (30, 100), (76, 66), (140, 84)], [(82, 162), (90, 124), (106, 100), (140, 84)],
          0, (0.42, 0.62), 9, 0.45, sprout=0.22),
    Clump([(66, 162), (76, 126), (102, 106), (140, 122)], [(112, 190), (116, 158), (124, 140), (140, 122)],
          0.06, (0.42, 0.62), 7, 0.45, sprout=0.22),
    Clump([(-78, 184), (-86, 140), (-64, 98), (-18, 76)], [(-44, 162), (-48, 130), (-40, 100), (-18, 76)],
          0, None, 5, 0.4, sprout=0.25),
    Clump([(-12, 164), (-12, 126), (12, 94), (52, 78)], [(18, 154), (18, 124), (30, 98), (52, 78)],
          0, None, 5, 0.4, sprout=0.25),
    Clump([(46, 166), (50, 134), (72, 110), (104, 100)], [(74, 166), (78, 138), (88, 116), (104, 100)],
          0, None, 5, 0.4, sprout=0.25),
)  # fmt: skip
SIDES = (_side(1), _side(-1))


def paint_back(canvas: skia.Canvas, hair: Hair) -> None:
    """The short hair behind the head."""
    half = [(110, 150), (134, 220), (126, 290), (80, 340)]
    shape = curve([(0, 110), *half, *[(-x, y) for x, y in half][::-1]])
    canvas.drawPath(shape, wash((0, 100), (0, 400), [hair.dark, hair.deep]))


def paint_front(canvas: skia.Canvas, hair: Hair) -> None:
    """Short sides, and the top brushed up and to the side."""
    canvas.drawPath(curve(CAP), wash((0, 60), (0, 200), [mix(hair.dark, hair.deep, 0.5), hair.base]))
    paint_clumps(canvas, SIDES, hair, 20)
    above = [*HAIRLINE, HAIRLINE[-1], (-400, 226), (-400, -100), (400, -100), (400, 226), HAIRLINE[0]]
    with inside(canvas, curve(above)):
        paint_clumps(canvas, TOP, hair, 21)
    rng = random.Random(4)
    for x, y in trace(HAIRLINE, 84)[9:-9]:  # short hairs along the forehead
        start, lean, long = (float(x), float(y) + rng.uniform(-8, 5)), rng.uniform(-2, 12), rng.uniform(16, 34)
        hairs = [start, (start[0] + lean * 0.3, start[1] - long / 2), (start[0] + lean, start[1] - long)]
        canvas.drawPath(ribbon(hairs, rng.uniform(2.5, 6)), ink(mix(hair.dark, hair.base, rng.random()), 0.9))


def shadow() -> skia.Path:
    """What the hair throws on the face."""
    whole = together(curve(CAP), *(side.outline() for side in SIDES))
    whole.offset(*CAST)
    return whole
