"""What all garments share: the light on cloth, its folds, the upper part of a sleeve, a necklace."""

from __future__ import annotations

import skia

from host_engine.host.drawing.body import BOTTOM, EDGE, SLEEVE, arm_lines, on, soft, torso_half, upper_arm
from host_engine.host.drawing.brush import MULTIPLY, SCREEN, curve, even, ink, inside, mirrored, ribbon, wash
from host_engine.host.drawing.build import WIDTH, Build
from host_engine.host.drawing.palettes import Cloth, Palette


def cloth_paint(build: Build, cloth: Cloth) -> skia.Paint:
    """The light on a garment, from the upper left: the same for all its pieces, so that they join without a seam."""
    start, end = (-build.shoulder[0] - 40, build.collar), (build.shoulder[0] + 40, build.collar + 620)
    return wash(start, end, [cloth.light, cloth.base, cloth.base, cloth.shade], [0, 0.3, 0.62, 1])


def shade_half(canvas: skia.Canvas, build: Build, cloth: Cloth, side: int) -> None:
    """The turned side and the folds of one half of a garment."""
    (ax, ay), (wx, wy), hx = build.armpit, build.waist, build.hip[0]
    flank = on(side, [(ax - 24, ay), (wx - 14, wy), (hx - 10, BOTTOM), (hx + 90, BOTTOM), (ax + 70, ay)])
    canvas.drawPath(curve(flank), ink(cloth.shade, 0.6 if side > 0 else 0.4, blur=16, blend=MULTIPLY))
    for k in range(3):
        y = wy - 34 + 30 * k
        soft(canvas, on(side, [(wx, y), (wx - 50, y + 12 + 6 * k), (wx - 96, y + 8 + 16 * k)]), 8, cloth.shade, 0.5, 3)


def shoulder_light(canvas: skia.Canvas, build: Build, cloth: Cloth, side: int) -> None:
    """The light that lies on a shoulder."""
    sx, sy = build.shoulder
    body = curve(on(side, [*torso_half(build, build.neck + 30), (0, BOTTOM), (0, build.collar)]))
    line = on(side, [(build.neck + 56, build.collar + 10), (sx - 70, sy - 26), (sx - 16, sy + 2), (sx + 4, sy + 40)])
    with inside(canvas, body):
        canvas.drawPath(ribbon(line, 15), ink(cloth.light, 0.7 if side < 0 else 0.45, blur=6, blend=SCREEN))


def paint_upper_arm(canvas: skia.Canvas, build: Build, palette: Palette, side: int) -> None:
    """The sleeve from the shoulder to the elbow."""
    (sx, sy), (ax, ay), cloth = build.shoulder, build.armpit, palette.outer
    outer, _ = arm_lines(build)
    shape, line = upper_arm(build, side), ink(cloth.line, 0.85, width=EDGE)
    edge = sx - SLEEVE
    with inside(canvas, _box(edge, 0, WIDTH, BOTTOM) if side > 0 else _box(-WIDTH, 0, -edge, BOTTOM)):
        canvas.drawPath(shape, cloth_paint(build, cloth))
        with inside(canvas, shape):
            if palette.outfit == "knit":
                _ribs(canvas, build, cloth, side)
            _sleeve_shade(canvas, build, cloth, side)
            rim = on(side, [(x - 6, y + 2) for x, y in outer[3:]])
            canvas.drawPath(ribbon(rim, 7), ink(cloth.light, 0.7, blur=2.5, blend=SCREEN))
        with inside(canvas, _box(-WIDTH, 0, WIDTH, ay - 30)):
            canvas.drawPath(curve(on(side, outer), closed=False), line)
    if palette.outfit == "blazer":
        seam = on(side, [(sx - 40, sy - 21), (sx - 44, sy + 40), (ax - 14, ay - 44)])
        canvas.drawPath(ribbon(seam, 2.2), ink(cloth.line, 0.4))
    with inside(canvas, _box(-WIDTH, ay - 30, WIDTH, build.elbow[1] - 8)):
        canvas.drawPath(shape, line)


def _box(left: float, top: float, right: float, bottom: float) -> skia.Path:
    path = skia.Path()
    path.addRect(skia.Rect.MakeLTRB(left, top, right, bottom))
    return path


def _ribs(canvas: skia.Canvas, build: Build, cloth: Cloth, side: int) -> None:
    (sx, sy), (ex, ey) = build.shoulder, build.elbow
    for k in range(-8, 6):
        low = ex + k * 9.6
        rib = [(sx - 20 + k * 11, sy - 40), (sx - 4 + k * 10.4, sy + 100), (low, ey - 20), (low, ey + 60)]
        canvas.drawPath(ribbon(on(side, rib), 2.6, even), ink(cloth.shade, 0.35))


def _sleeve_shade(canvas: skia.Canvas, build: Build, cloth: Cloth, side: int) -> None:
    (sx, sy), (ax, ay), (ex, ey), r = build.shoulder, build.armpit, build.elbow, build.arm[1] / 2
    outside = on(side, [(sx + 30, sy + 80), (ex + r - 4, ey - 70), (ex + r, ey + 30)])
    soft(canvas, outside, 44, cloth.shade, 0.75 if side > 0 else 0.35, 10)
    beneath = on(side, [(ax - 10, ay - 20), (ax + 14, ay + 30), (ex - r - 4, ey)])
    soft(canvas, beneath, 36, cloth.shade, 0.7, 8)
    for k in range(3):
        y = ey - 66 + 24 * k
        soft(canvas, on(side, [(ex - r, y), (ex - 8, y + 12), (ex + r * 0.5, y + 4)]), 8, cloth.shade, 0.6, 3)


def paint_necklace(canvas: skia.Canvas, build: Build, palette: Palette) -> None:
    """A fine chain with a bead: on the skin above a top, longer over a jumper."""
    c, n = build.collar, build.neck
    low = 0 if palette.outfit == "blazer" else 74
    half = [(n + 16, c - 14), (n - 6 + low * 0.1, c + 22 + low * 0.5), (22, c + 57 + low)]
    canvas.drawPath(ribbon([*mirrored(half), (0, c + 66 + low), *half[::-1]], 1.9, even, 48), ink(palette.metal))
    canvas.drawCircle(0, c + 71 + low, 5.5, ink(palette.metal))
    canvas.drawCircle(-1.5, c + 69.5 + low, 1.8, ink("#fffaf0"))
