"""Mira: a woman in her late twenties with a lob, parted on her left and tucked behind that ear."""

from __future__ import annotations

import skia

from host_engine.host.drawing.brush import curve, ink, mix, wash
from host_engine.host.drawing.build import Build, EyeShape
from host_engine.host.drawing.hair import Clump, cast, flyaway, paint_clumps
from host_engine.host.drawing.palettes import Hair

BUILD = Build(
    outline=[(0, 454), (26, 451), (60, 430), (96, 390), (121, 340), (134, 284), (137, 226), (130, 168), (104, 112),
             (54, 84), (0, 78)],
    eye_at=(64, 298),
    eye=EyeShape(
        upper=[(-36, 9), (-26, -10), (-6, -22), (16, -21), (30, -10), (40, 0)],
        lower=[(-36, 9), (-22, 17), (2, 20), (24, 14), (40, 0)],
        shut=[(-36, 10), (-21, 17), (0, 20.5), (20, 17), (40, 4)],
        iris=20.5,
        lash=8,
        flicks=((0.78, 8), (0.88, 10), (0.97, 10)),
    ),
    brow=[(27, 252), (52, 246), (80, 244), (108, 256)],
    brow_width=9,
    nose=(0, 356),
    nose_size=1.0,
    mouth=(0, 399),
    mouth_scale=0.84,
    ear=(138, 316),
    earring=True,
    beard=0,
    neck=48,
    collar=540,
    neckline=104,
    shoulder=(228, 606),
    armpit=(178, 748),
    waist=(142, 940),
    hip=(194, 1150),
    elbow=(244, 862),
    arm=(108, 88, 70),
    hand=0.95,
)  # fmt: skip

FRONT = (
    Clump([(34, 46), (96, 50), (148, 96), (173, 174), (176, 256), (152, 330)],
          [(28, 96), (48, 142), (90, 190), (126, 234), (142, 290), (150, 334)], 0, (0.36, 0.56), 16, rim=0.05),
    Clump([(38, 46), (-46, 36), (-128, 76), (-174, 160), (-190, 262), (-194, 370), (-172, 480)],
          [(46, 100), (22, 140), (-50, 182), (-108, 226), (-138, 296), (-156, 390), (-172, 480)],
          0, (0.36, 0.52), 22, rim=0.03, melt=0.72),
    Clump([(32, 74), (-20, 104), (-76, 156), (-122, 222), (-148, 290), (-184, 356)],
          [(46, 100), (24, 150), (-24, 197), (-82, 238), (-126, 290), (-184, 356)],
          0, (0.4, 0.56), 10, melt=0.7, sprout=0.14),
    Clump([(36, 84), (4, 130), (-48, 184), (-104, 236), (-160, 318)],
          [(46, 104), (26, 154), (-22, 204), (-82, 248), (-160, 318)], 0, (0.42, 0.55), 5, sprout=0.16),
    Clump([(36, 82), (58, 128), (96, 178), (130, 226), (152, 282)],
          [(30, 104), (48, 150), (88, 198), (124, 242), (152, 282)], 0, None, 5, sprout=0.16),
)  # fmt: skip

LOCK_LEFT = (
    Clump([(-168, 220), (-196, 380), (-207, 480), (-194, 562), (-128, 622)],
          [(-110, 220), (-138, 380), (-150, 480), (-150, 558), (-128, 622)], 0.1, (0.42, 0.62), 14, rim=0.05),
    Clump([(-150, 220), (-168, 390), (-175, 480), (-160, 558), (-98, 602)],
          [(-106, 210), (-130, 380), (-138, 476), (-130, 546), (-98, 602)], 0.0, (0.4, 0.58), 9),
    Clump([(-128, 230), (-142, 390), (-144, 470), (-128, 524), (-90, 556)],
          [(-94, 204), (-122, 310), (-120, 400), (-112, 506), (-90, 556)], 0.06, (0.42, 0.56), 6),
)  # fmt: skip

LOCK_RIGHT = (
    Clump([(156, 290), (150, 400), (150, 500), (138, 560), (102, 598)],
          [(172, 280), (186, 410), (189, 508), (168, 574), (102, 598)], 0.12, (0.42, 0.6), 9),
    Clump([(160, 290), (168, 420), (172, 510), (162, 570), (128, 616)],
          [(174, 270), (198, 410), (207, 508), (188, 584), (128, 616)], 0.04, (0.42, 0.6), 8, rim=0.95),
)  # fmt: skip

BACK = (
    Clump([(70, 260), (112, 380), (108, 500), (60, 570)], [(120, 240), (172, 380), (166, 500), (60, 570)], 0.45),
    Clump([(100, 250), (150, 420), (158, 510), (110, 594)], [(134, 240), (190, 400), (192, 510), (110, 594)], 0.3),
    Clump([(-124, 240), (-178, 380), (-160, 500), (-60, 576)], [(-74, 250), (-112, 380), (-104, 500), (-60, 576)], 0.5),
)
TUCK = Clump([(92, 220), (112, 290), (128, 350), (150, 420)], [(150, 210), (164, 290), (168, 360), (150, 420)], 0.4)


def paint_back(canvas: skia.Canvas, hair: Hair) -> None:
    """The hair behind head and neck, its ends in clumps."""
    half = [(90, 190), (138, 290), (162, 400), (154, 510), (86, 566)]
    mass = curve([(0, 170), *half, (0, 540), *[(-x, y) for x, y in half][::-1]])
    canvas.drawPath(mass, wash((0, 300), (0, 570), [hair.deep, mix(hair.dark, hair.deep, 0.55)]))
    paint_clumps(canvas, BACK, hair, 5)


def paint_tuck(canvas: skia.Canvas, hair: Hair) -> None:
    """The hair right behind the right ear, so that a turned head shows no gap there."""
    paint_clumps(canvas, [TUCK], hair, 6)


def paint_lock_left(canvas: skia.Canvas, hair: Hair) -> None:
    """The lock before the left shoulder."""
    paint_clumps(canvas, LOCK_LEFT, hair, 8)


def paint_lock_right(canvas: skia.Canvas, hair: Hair) -> None:
    """What falls from behind the right ear."""
    paint_clumps(canvas, LOCK_RIGHT, hair, 9)


def paint_front(canvas: skia.Canvas, hair: Hair) -> None:
    """Crown and fringe, swept from the parting to both sides."""
    scalp = curve([(-130, 240), (-60, 150), (30, 118), (44, 118), (80, 160), (136, 240), (150, 140), (90, 70),
                   (-60, 60), (-150, 140)])  # fmt: skip
    canvas.drawPath(scalp, ink(mix(hair.dark, hair.deep, 0.4)))
    paint_clumps(canvas, FRONT, hair, 11)
    canvas.drawPath(curve([(36, 50), (40, 70), (36, 94)], closed=False), ink(hair.deep, 0.6, width=2.2))
    flyaway(canvas, [(10, 52), (-70, 38), (-134, 74)], hair)
    flyaway(canvas, [(60, 56), (112, 58), (158, 104)], hair)


def shadow() -> skia.Path:
    """What the hair throws on the face."""
    return cast(FRONT)
