"""A ribbed jumper."""

from __future__ import annotations

import skia

from host_engine.host.drawing.body import BOTH, BOTTOM, EDGE, on, soft, torso_half, torso_only
from host_engine.host.drawing.brush import curve, ink, inside, mirrored, ribbon, wash
from host_engine.host.drawing.build import Build
from host_engine.host.drawing.cloth import cloth_paint, shade_half
from host_engine.host.drawing.palettes import Cloth


def paint_knit(canvas: skia.Canvas, build: Build, cloth: Cloth) -> None:
    """The jumper, its sleeves cut off at the shoulders."""
    c, n, (hx, hy) = build.collar, build.neck, build.hip
    half = torso_half(build, n + 30)
    dip = [(-n - 6, c + 26), (0, c + 44), (n + 6, c + 26)]
    hem = [(hx - 50, hy + 42)]
    shape = curve([*dip, *half, *hem, *mirrored(hem)[::-1], *mirrored(half)[::-1]])
    with inside(canvas, torso_only(build)):
        canvas.drawPath(shape, cloth_paint(build, cloth))
        with inside(canvas, shape):
            for k in range(-24, 25):
                x = k * 11.5
                rib = [(x * 0.92, c), (x, c + 180), (x * 0.86, build.waist[1]), (x * 1.04, BOTTOM)]
                canvas.drawPath(ribbon(rib, 2.6), ink(cloth.shade, 0.38))
                canvas.drawPath(ribbon([(px - 3, py) for px, py in rib], 1.6), ink(cloth.light, 0.35))
            for side in BOTH:
                shade_half(canvas, build, cloth, side)
                seam = on(side, [(n + 30, c + 6), (n + 78, c + 90), (build.armpit[0] - 6, build.armpit[1] - 10)])
                soft(canvas, seam, 5, cloth.shade, 0.7, 1.5)
            soft(canvas, [(-hx - 20, hy - 22), (0, hy - 8), (hx + 20, hy - 22)], 7, cloth.shade, 0.7, 2)
        canvas.drawPath(shape, ink(cloth.line, 0.85, width=EDGE))
    _ribbed_collar(canvas, build, cloth)


def _ribbed_collar(canvas: skia.Canvas, build: Build, cloth: Cloth) -> None:
    c, n = build.collar, build.neck
    upper = [(-n - 12, c - 26), (-n + 8, c + 10), (0, c + 28), (n - 8, c + 10), (n + 12, c - 26)]
    lower = [(n + 34, c - 12), (n + 16, c + 36), (0, c + 60), (-n - 16, c + 36), (-n - 34, c - 12)]
    band = curve([upper[0], *upper, upper[-1], lower[0], *lower, lower[-1]])
    canvas.drawPath(band, wash((-80, c), (90, c + 50), [cloth.light, cloth.base, cloth.shade]))
    with inside(canvas, band):
        for k in range(-10, 11):
            canvas.drawPath(ribbon([(k * 7.6, c - 30), (k * 8.6, c + 20), (k * 9, c + 70)], 2.4), ink(cloth.shade, 0.7))
    canvas.drawPath(band, ink(cloth.line, 0.8, width=EDGE))


def paint_shirt_collar(canvas: skia.Canvas, build: Build, cloth: Cloth) -> None:
    """The points of a shirt's collar over the jumper."""
    c, n = build.collar, build.neck
    for side in BOTH:
        points = [(n - 1, c - 38), (n + 13, c - 22), (n + 8, c + 14), (n - 16, c + 66), (n - 16, c + 66), (20, c + 42),
                  (0, c + 24), (0, c + 24), (n - 24, c + 2)]  # fmt: skip
        piece = curve(on(side, points))
        shadow = skia.Path(piece)
        shadow.offset(3, 6)
        canvas.drawPath(shadow, ink("#3a2a20", 0.25, blur=5))
        canvas.drawPath(piece, wash((-n, c - 20), (n, c + 70), [cloth.light, cloth.base, cloth.shade]))
        canvas.drawPath(piece, ink(cloth.line, 0.85, width=EDGE))
