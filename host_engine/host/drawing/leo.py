"""Leo: a man in his early thirties with short textured hair and a trace of a beard."""

from __future__ import annotations

import skia

from host_engine.host.drawing.brush import Line, curve, wash
from host_engine.host.drawing.build import Build, EyeShape
from host_engine.host.drawing.hair import Clump, paint_clumps
from host_engine.host.drawing.palettes import Hair

BUILD = Build(
    outline=[(0, 466), (36, 463), (72, 446), (108, 404), (128, 350), (137, 290), (138, 226), (132, 168), (106, 112), (54, 84), (0, 78)],
    eye_at=(62, 292),
    eye=EyeShape(
        upper=[(-32, 7), (-22, -7), (-4, -15), (14, -14), (26, -7), (35, 2)],
        lower=[(-32, 7), (-18, 13), (2, 15), (20, 12), (35, 2)],
        shut=[(-32, 8), (-18, 13), (0, 15.5), (18, 13), (35, 4)],
        smile=[(-32, 9), (-16, 2), (2, 0), (20, 4), (35, 10)],
        iris=16,
        lash=5,
        flicks=(),
    ),
    brow=[(20, 252), (44, 242), (74, 238), (104, 252)],
    brow_width=14,
    nose=(0, 358),
    mouth=(0, 403),
    mouth_scale=0.88,
    ear=(138, 306),
    beard=0.8,
    neck=64,
    collar=556,
    shoulder=(268, 630),
    armpit=(212, 770),
    waist=(182, 980),
    hip=(206, 1200),
    elbow=(286, 890),
    arm=(132, 106, 84),
    hand=1.06,
)

FRINGE: Line = [(140, 240), (118, 180), (70, 150), (0, 146), (-70, 156), (-118, 186), (-140, 240)]


def paint_back(canvas: skia.Canvas, hair: Hair) -> None:
    """The short hair behind the ears."""
    canvas.drawPath(curve([(0, 80), (138, 140), (146, 260), (120, 360), (-120, 360), (-146, 260), (-138, 140)]), wash((0, 100), (0, 360), [hair.dark, hair.deep]))


def paint_front(canvas: skia.Canvas, hair: Hair) -> None:
    """Short sides, and the top brushed up and to the side."""
    sides = [
        Clump([(s * 128, 110), (s * 150, 180), (s * 150, 250), (s * 140, 306)], [(s * 90, 120), (s * 116, 190), (s * 128, 250), (s * 132, 306)], 0.3, None, 12, 0.4)
        for s in (1, -1)
    ]
    top = [
        Clump([(-128, 200), (-156, 130), (-120, 60), (-20, 40)], [(-96, 170), (-80, 120), (-50, 80), (-20, 40)], 0.1, (0.3, 0.5), 9),
        Clump([(120, 190), (150, 130), (130, 70), (80, 46)], [(90, 160), (96, 120), (96, 80), (80, 46)], 0.15, (0.3, 0.5), 9),
        Clump([(-110, 176), (-100, 100), (-30, 40), (60, 34)], [(-40, 154), (-20, 110), (20, 70), (60, 34)], 0, (0.3, 0.5), 9),
        Clump([(-60, 158), (-40, 90), (30, 44), (112, 52)], [(40, 150), (50, 110), (76, 76), (112, 52)], 0, (0.3, 0.5), 9),
        Clump([(20, 152), (36, 100), (84, 66), (146, 96)], [(100, 166), (108, 130), (124, 106), (146, 96)], 0, (0.3, 0.5), 9),
    ]
    paint_clumps(canvas, [*sides, *top], hair, 21)
