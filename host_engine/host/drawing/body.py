"""The body under the clothes: the lines of torso and arms, neck and trousers."""

from __future__ import annotations

import skia

from host_engine.host.drawing.brush import MULTIPLY, Line, Place, curve, ink, inside, mirrored, ribbon, wash
from host_engine.host.drawing.build import HEIGHT, WIDTH, Build
from host_engine.host.drawing.palettes import Cloth, Palette

BOTH = (-1, 1)
EDGE = 2.2  # width of the line around a piece of cloth
BOTTOM = HEIGHT + 30.0
SLEEVE = 76  # how far inwards from the shoulder point the sleeve is painted


def on(side: int, points: Line) -> list[Place]:
    """The points on the right (+1) or the left (-1)."""
    return [(side * x, y) for x, y in points]


def soft(canvas: skia.Canvas, points: Line, width: float, colour: str, alpha: float, blur: float) -> None:
    """A soft darker stroke: a fold, a shade."""
    canvas.drawPath(ribbon(points, width), ink(colour, alpha, blur, blend=MULTIPLY))


def torso_half(build: Build, opening: float) -> list[Place]:
    """The right outline of the upper body from the neck opening to the hip."""
    (sx, sy), (ax, ay), (wx, wy), (hx, hy) = build.shoulder, build.armpit, build.waist, build.hip
    return [*_top_line(build, opening), (sx - 4, sy + 70), (ax + 8, ay - 40), (ax, ay), (wx, wy), (hx - 2, hy - 50),
            (hx + 8, hy + 30), (hx + 8, hy + 30)]  # fmt: skip


def _top_line(build: Build, opening: float) -> list[Place]:
    """From the neck opening over the shoulder: shared by torso and sleeve, so that they do not show two edges."""
    (sx, sy), c = build.shoulder, build.collar
    slope = (opening + (sx - opening) * 0.55, c + (sy - c) * 0.36)
    return [(opening, c - 12), (opening, c - 12), slope, (sx - 30, sy - 17), (sx - 4, sy + 6), (sx + 9, sy + 36)]


def torso_only(build: Build) -> skia.Path:
    """Everywhere but around the shoulders, which the sleeves paint."""
    (sx, sy) = build.shoulder
    where = skia.Path()
    inner = sx - SLEEVE + 3  # an overlap, against a seam
    where.addRect(skia.Rect.MakeLTRB(-inner, 0, inner, sy + 60))
    where.addRect(skia.Rect.MakeLTRB(-WIDTH, sy + 60, WIDTH, BOTTOM))
    return where


def arm_lines(build: Build) -> tuple[list[Place], list[Place]]:
    """The outer (from the shoulder down) and the inner (from the elbow up) line of the right upper arm."""
    (sx, sy), (ax, ay), (ex, ey) = build.shoulder, build.armpit, build.elbow
    r = build.arm[1] / 2
    start, reach = (sx + 16, sy + 72), (ex + r - sx - 16, ey - sy - 72)
    straight = [(start[0] + reach[0] * t, start[1] + reach[1] * t) for t in (0, 0.35, 0.7, 1)]
    return [*_top_line(build, build.neck + 30), *straight], [(ex - r, ey - 26), (ax + 8, ay + 20), (ax - 6, ay - 34)]


def upper_arm(build: Build, side: int) -> skia.Path:
    """The outline of an upper arm with its sleeve, elbow included."""
    ex, ey = build.elbow
    r = build.arm[1] / 2
    outer, inner = arm_lines(build)
    elbow = [(ex + r * 0.5, ey + r * 0.84), (ex - r * 0.6, ey + r * 0.7)]
    return curve(on(side, [*outer, *elbow, *inner]))


def paint_neck(canvas: skia.Canvas, build: Build, palette: Palette) -> None:
    """Neck and collarbones, with the shadow of the chin."""
    skin, n, c, chin = palette.skin, build.neck, build.collar, build.chin
    half = [(n + 2, 380), (n - 2, c - 66), (n + 5, c - 26), (n + 50, c), (n + 120, c + 40), (n + 60, c + 170)]
    shape = curve([*half, (0, c + 230), *mirrored(half)[::-1]])
    canvas.drawPath(shape, wash((-60, c - 100), (80, c + 130), [skin.base, skin.light, skin.base]))
    with inside(canvas, shape):
        soft(canvas, [(n + 8, chin), (n - 4, c - 20), (n + 40, c + 30)], 44, skin.shade, 0.7, 10)
        for side in BOTH:
            soft(canvas, on(side, [(n - 10, c - 40), (28, c + 14), (10, c + 46)]), 7, skin.deep, 0.35, 3)
            soft(canvas, on(side, [(16, c + 54), (60, c + 42), (120, c + 40)]), 7, skin.deep, 0.35, 3)
        cast = [(-170, 320), (170, 320), (n + 30, chin + 6), (n - 2, chin + 44), (18, chin + 66), (-n + 10, chin + 30)]
        canvas.drawPath(curve(cast), ink(skin.deep, 0.5, blur=4, blend=MULTIPLY))
    for side in BOTH:
        line = on(side, [(n, chin - 20), (n - 2, c - 66), (n + 5, c - 26), (n + 50, c)])
        canvas.drawPath(ribbon(line, 2.6), ink(skin.line, 0.75))


def trousers(build: Build) -> skia.Path:
    """The outline of the trousers, as far as they can be seen under a garment."""
    wx, (hx, hy) = build.waist[0], build.hip
    top, foot = (wx - 40, hy - 160), (hx + 2, BOTTOM)
    half = [top, top, (hx - 14, hy - 40), (hx, hy + 40), foot, foot]
    return curve([*half, *mirrored(half)[::-1]])


def paint_trousers(canvas: skia.Canvas, build: Build, cloth: Cloth) -> None:
    """What shows below the garment."""
    hx, hy = build.hip
    shape = trousers(build)
    canvas.drawPath(shape, wash((-hx, hy - 160), (hx, BOTTOM), [cloth.light, cloth.base, cloth.shade]))
    with inside(canvas, shape):
        soft(canvas, [(-hx, hy + 20), (0, hy + 46), (hx, hy + 20)], 50, cloth.shade, 0.6, 12)
    canvas.drawLine(0, hy - 100, 0, BOTTOM, ink(cloth.line, 0.35, width=EDGE))
    canvas.drawPath(shape, ink(cloth.line, 0.8, width=EDGE))
