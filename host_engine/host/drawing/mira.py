"""Mira: a woman in her late twenties with a lob, parted on her left and tucked behind that ear."""

from __future__ import annotations

import skia

from host_engine.host.drawing.brush import Line, curve, ink, mix, wash
from host_engine.host.drawing.build import Build, EyeShape
from host_engine.host.drawing.hair import Clump, flyaway, paint_clumps
from host_engine.host.drawing.palettes import Hair

BUILD = Build(
    outline=[(0, 452), (28, 448), (62, 426), (96, 386), (120, 338), (133, 282), (136, 226), (130, 168), (104, 112), (54, 84), (0, 78)],
    eye_at=(63, 292),
    eye=EyeShape(
        upper=[(-34, 8), (-24, -9), (-5, -20), (15, -19), (28, -9), (37, 1)],
        lower=[(-34, 8), (-20, 15), (2, 18), (22, 13), (37, 1)],
        shut=[(-34, 9), (-20, 15), (0, 18.5), (18, 15), (37, 4)],
        smile=[(-34, 10), (-18, 2), (2, -1), (22, 3), (37, 11)],
        iris=18.5,
        lash=7.5,
        flicks=((0.74, 9), (0.86, 11), (0.96, 12)),
    ),
    brow=[(24, 250), (46, 241), (72, 238), (102, 250)],
    brow_width=9.5,
    nose=(0, 352),
    mouth=(0, 395),
    mouth_scale=0.84,
    ear=(136, 306),
    beard=0,
    neck=44,
    collar=556,
    shoulder=(226, 626),
    armpit=(178, 760),
    waist=(142, 965),
    hip=(196, 1200),
    elbow=(256, 880),
    arm=(112, 92, 74),
    hand=0.92,
)

FRINGE: Line = [(150, 300), (120, 220), (70, 150), (42, 120), (8, 176), (-50, 236), (-112, 268), (-150, 330)]


def paint_back(canvas: skia.Canvas, hair: Hair) -> None:
    """The hair behind head and neck, its ends in clumps."""
    deep = mix(hair.dark, hair.deep, 0.5)
    mass = curve([(0, 90), (140, 150), (158, 300), (160, 420), (150, 520), (90, 560), (0, 540), (-90, 560), (-150, 520), (-166, 420), (-158, 300), (-140, 150)])
    canvas.drawPath(mass, wash((0, 300), (0, 560), [hair.deep, deep]))
    paint_clumps(canvas, [
        Clump([(118, 200), (120, 380), (112, 500), (66, 566)], [(160, 220), (168, 380), (156, 500), (66, 566)], 0.35),
        Clump([(140, 300), (146, 420), (150, 510), (112, 590)], [(164, 290), (184, 400), (184, 510), (112, 590)], 0.15, (0.4, 0.6)),
        Clump([(-160, 200), (-172, 380), (-150, 500), (-60, 570)], [(-110, 200), (-120, 380), (-110, 500), (-60, 570)], 0.4),
    ], hair, 5)  # fmt: skip


def paint_lock_left(canvas: skia.Canvas, hair: Hair) -> None:
    """The lock before the left shoulder."""
    paint_clumps(canvas, [
        Clump([(-160, 230), (-186, 380), (-190, 500), (-120, 606)], [(-128, 240), (-136, 380), (-140, 490), (-120, 606)], 0.15, (0.35, 0.55)),
        Clump([(-150, 250), (-164, 380), (-168, 490), (-98, 580)], [(-116, 250), (-124, 370), (-124, 480), (-98, 580)], 0, (0.35, 0.55)),
    ], hair, 8)  # fmt: skip


def paint_lock_right(canvas: skia.Canvas, hair: Hair) -> None:
    """A thin loose lock before the right ear."""
    paint_clumps(canvas, [Clump([(122, 226), (126, 300), (122, 360), (130, 420)], [(134, 230), (138, 300), (134, 360), (130, 420)], 0, None, 3)], hair, 9)


def paint_front(canvas: skia.Canvas, hair: Hair) -> None:
    """Crown and fringe, swept from the parting to both sides."""
    paint_clumps(canvas, [
        Clump([(38, 62), (92, 66), (140, 108), (164, 180), (166, 250), (150, 312)], [(38, 92), (74, 120), (110, 180), (130, 240), (138, 280), (146, 316)], 0, (0.35, 0.55), 12),
        Clump([(42, 66), (-40, 52), (-116, 88), (-158, 160), (-172, 250), (-168, 340)], [(40, 96), (14, 150), (-40, 206), (-96, 244), (-126, 282), (-150, 350)], 0, (0.4, 0.56), 16),
        Clump([(40, 84), (-10, 120), (-70, 176), (-116, 236), (-132, 312)], [(46, 96), (24, 158), (-30, 216), (-92, 254), (-128, 316)], 0, (0.4, 0.55), 8),
    ], hair, 11)  # fmt: skip
    flyaway(canvas, [(20, 64), (-40, 44), (-110, 72)], hair)
    flyaway(canvas, [(50, 64), (100, 58), (146, 102)], hair)
    canvas.drawPath(curve([(36, 62), (44, 80), (40, 98)], closed=False), ink(hair.deep, 0.5, width=2))
