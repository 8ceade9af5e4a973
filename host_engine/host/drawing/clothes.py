"""Neck, torso and upper arms in one of two outfits: an open blazer over a top, or a knitted jumper."""

from __future__ import annotations

import skia

from host_engine.host.drawing.brush import (
    MULTIPLY, SCREEN, Place, curve, ink, inside, limb, mirrored, ribbon, swelling, wash,
)  # fmt: skip
from host_engine.host.drawing.build import HEIGHT, Build
from host_engine.host.drawing.palettes import Cloth, Palette

BOTH = (-1, 1)
EDGE = 2.3
BOTTOM = HEIGHT + 30.0


def paint_body(canvas: skia.Canvas, build: Build, palette: Palette) -> None:
    """Everything below the head but the forearms."""
    _neck(canvas, build, palette)
    if palette.outfit == "blazer":
        _top(canvas, build, palette)
        _blazer(canvas, build, palette)
    else:
        _knit(canvas, build, palette)
    for side in BOTH:
        _upper_arm(canvas, build, palette.outer, side)


def _neck(canvas: skia.Canvas, build: Build, palette: Palette) -> None:
    skin, n, c = palette.skin, build.neck, build.collar
    half = [(n, 380), (n - 2, c - 70), (n + 6, c - 26), (n + 60, c + 6), (n + 120, c + 40), (n + 60, c + 170)]
    shape = curve([*half, (0, c + 230), *mirrored(half)[::-1]])
    canvas.drawPath(shape, wash((-60, c - 100), (70, c + 120), [skin.base, skin.light, skin.base]))
    with inside(canvas, shape):
        chin = build.chin
        shadow = [(-140, 330), (140, 330), (96, chin + 10), (n + 8, chin + 34), (14, chin + 62), (-n - 4, chin + 26)]
        canvas.drawPath(curve(shadow), ink(skin.deep, 0.55, blur=6, blend=MULTIPLY))
        canvas.drawPath(ribbon([(n + 4, chin), (n - 10, c), (n + 30, c + 40)], 30), ink(skin.shade, 0.6, 9, blend=MULTIPLY))
        for side in BOTH:
            canvas.drawPath(ribbon([(side * (n - 6), c - 50), (side * 26, c + 14), (side * 9, c + 44)], 4),
                            ink(skin.deep, 0.4))  # fmt: skip
            canvas.drawPath(ribbon([(side * 14, c + 50), (side * 60, c + 40), (side * 120, c + 42)], 5),
                            ink(skin.deep, 0.35))  # fmt: skip
    for side in BOTH:
        line = [(side * n, build.chin - 20), (side * (n - 2), c - 70), (side * (n + 6), c - 26), (side * (n + 60), c + 6)]
        canvas.drawPath(ribbon(line, 3), ink(skin.line, 0.75))


def torso_half(build: Build, opening: float) -> list[Place]:
    """The right outline of the torso from the neck opening down."""
    (sx, sy), (ax, ay), (wx, wy), (hx, hy) = build.shoulder, build.armpit, build.waist, build.hip
    c = build.collar
    return [(opening, c - 8), (opening, c - 8), (opening + (sx - opening) * 0.55, c + (sy - c) * 0.42), (sx - 8, sy - 8),
            (sx + 10, sy + 40), (ax + 12, ay - 30), (ax, ay), (wx, wy), (hx, hy), (hx + 8, BOTTOM), (hx + 8, BOTTOM)]  # fmt: skip


def _top(canvas: skia.Canvas, build: Build, palette: Palette) -> None:
    cloth, c = palette.inner, build.collar
    half = [(build.neck + 40, c), (build.armpit[0] - 20, c + 60), (build.waist[0], BOTTOM)]
    dip = c + 118
    neckline = [(-build.neck - 40, c), (-build.neck - 16, c + 56), (0, dip), (build.neck + 16, c + 56)]
    shape = curve([*neckline, *half, *mirrored(half[1:])[::-1]])
    canvas.drawPath(shape, wash((-120, c), (120, BOTTOM), [cloth.light, cloth.base, cloth.shade], [0, 0.5, 1]))
    with inside(canvas, shape):
        for x, lean in ((-30, -14), (24, 20), (60, 12)):
            canvas.drawPath(ribbon([(x, dip + 20), (x + lean, dip + 130), (x + lean * 0.4, dip + 300)], 18),
                            ink(cloth.shade, 0.45, blur=8, blend=MULTIPLY))  # fmt: skip
        canvas.drawPath(ribbon([*neckline, half[0]], 10), ink(cloth.shade, 0.6))
    canvas.drawPath(ribbon([*neckline, half[0]], 2.2), ink(cloth.line, 0.9))


def _blazer(canvas: skia.Canvas, build: Build, palette: Palette) -> None:
    cloth, c = palette.outer, build.collar
    button = (8.0, build.waist[1] + 20)
    for side in (1, -1):
        half = torso_half(build, build.neck + 34)
        front = [(-6, BOTTOM), (-6, BOTTOM), (0, button[1]), (40, button[1] - 150), (build.neck + 44, c + 70)]
        shape = curve([(side * x, y) for x, y in [*half, *front]])
        canvas.drawPath(shape, wash((-200, c), (260, BOTTOM), [cloth.light, cloth.base, cloth.shade], [0, 0.4, 1]))
        with inside(canvas, shape):
            _shade_half(canvas, build, cloth, side)
        canvas.drawPath(shape, ink(cloth.line, 0.85, width=EDGE))
        _lapel(canvas, build, cloth, side, button)
    canvas.drawCircle(*button, 10, wash((0, button[1] - 10), (14, button[1] + 10), [palette.metal, cloth.line]))
    canvas.drawCircle(button[0] - 3, button[1] - 3, 3, ink("#ffffff", 0.7))


def _shade_half(canvas: skia.Canvas, build: Build, cloth: Cloth, side: int) -> None:
    (ax, ay), (wx, wy) = build.armpit, build.waist
    flank = [(ax - 30, ay + 20), (wx - 24, wy), (build.hip[0] - 20, BOTTOM), (build.hip[0] + 90, BOTTOM), (ax + 60, ay)]
    strength = 0.75 if side > 0 else 0.5
    canvas.drawPath(curve([(side * x, y) for x, y in flank]), ink(cloth.shade, strength, blur=14, blend=MULTIPLY))
    for k in range(3):
        y = wy - 40 + 26 * k
        fold = [(side * (wx - 6), y), (side * (wx - 60), y + 14 + 8 * k), (side * (wx - 110), y + 10 + 20 * k)]
        canvas.drawPath(ribbon(fold, 9), ink(cloth.shade, 0.6, blur=3, blend=MULTIPLY))
    sx, sy = build.shoulder
    top = [(side * (build.neck + 50), build.collar + 6), (side * (sx - 60), sy - 34), (side * sx, sy + 10)]
    light = ink(cloth.light, 0.7 if side < 0 else 0.35, blur=7, blend=SCREEN)
    canvas.drawPath(ribbon(top, 22), light)


def _lapel(canvas: skia.Canvas, build: Build, cloth: Cloth, side: int, button: Place) -> None:
    c, n = build.collar, build.neck
    notch = (n + 96, c + 128)
    outer = [(n + 34, c - 10), (n + 34, c - 10), (n + 74, c + 40), (n + 104, c + 104), (n + 104, c + 104), notch, notch,
             (n + 122, c + 142), (n + 122, c + 142), (96, button[1] - 140), (2, button[1]), (2, button[1])]  # fmt: skip
    inner = [(34, button[1] - 150), (n + 30, c + 80)]
    shape = curve([(side * x, y) for x, y in [*outer, *inner]])
    with inside(canvas, curve([(side * x, y) for x, y in [*torso_half(build, n + 30), (0, BOTTOM), (0, c)]])):
        shadow = skia.Path(shape)
        shadow.offset(6, 9)
        canvas.drawPath(shadow, ink(cloth.line, 0.4, blur=6, blend=MULTIPLY))
    canvas.drawPath(shape, wash((side * 150, c), (0, button[1]), [cloth.light, cloth.base, cloth.base]))
    canvas.drawPath(shape, ink(cloth.line, 0.85, width=EDGE))
    canvas.drawPath(ribbon([(side * (n + 92), c + 116), (side * (n + 66), c + 120), (side * (n + 40), c + 132)], 2.4, swelling),
                    ink(cloth.line, 0.7))  # fmt: skip


def _knit(canvas: skia.Canvas, build: Build, palette: Palette) -> None:
    cloth, c, n = palette.outer, build.collar, build.neck
    half = torso_half(build, n + 26)
    dip = [(-n - 10, c + 30), (0, c + 52), (n + 10, c + 30)]
    shape = curve([*dip, *half, *mirrored(half)[::-1]])
    canvas.drawPath(shape, wash((-200, c), (260, BOTTOM), [cloth.light, cloth.base, cloth.shade], [0, 0.45, 1]))
    with inside(canvas, shape):
        for k in range(-22, 23):
            x = k * 13.0
            rib = [(x * 0.9, c), (x, c + 180), (x * 0.84, build.waist[1]), (x * 1.05, BOTTOM)]
            canvas.drawPath(ribbon(rib, 2.4), ink(cloth.shade, 0.32))
        for side in BOTH:
            _shade_half(canvas, build, cloth, side)
    canvas.drawPath(shape, ink(cloth.line, 0.85, width=EDGE))
    _ribbed_collar(canvas, build, cloth)


def _ribbed_collar(canvas: skia.Canvas, build: Build, cloth: Cloth) -> None:
    c, n = build.collar, build.neck
    upper = [(-n - 22, c - 14), (-n + 2, c + 14), (0, c + 28), (n - 2, c + 14), (n + 22, c - 14)]
    lower = [(n + 40, c - 4), (n + 14, c + 40), (0, c + 60), (-n - 14, c + 40), (-n - 40, c - 4)]
    band = curve([upper[0], *upper, upper[-1], lower[0], *lower, lower[-1]])
    canvas.drawPath(band, wash((-80, c), (90, c + 50), [cloth.light, cloth.base, cloth.shade]))
    with inside(canvas, band):
        for k in range(-9, 10):
            canvas.drawPath(ribbon([(k * 8.2, c - 20), (k * 9.6, c + 30), (k * 10, c + 70)], 2.2), ink(cloth.shade, 0.7))
    canvas.drawPath(band, ink(cloth.line, 0.8, width=EDGE))


def _upper_arm(canvas: skia.Canvas, build: Build, cloth: Cloth, side: int) -> None:
    (sx, sy), (ex, ey) = build.shoulder, build.elbow
    wide, narrow, _ = build.arm
    start, end = (side * (sx - wide * 0.36), sy + wide * 0.42), (side * ex, ey)
    shape = limb(start, end, wide, narrow)
    canvas.drawPath(shape, wash((side * sx - 60, sy), (side * sx + 60, sy + 20), [cloth.light, cloth.base, cloth.shade]))
    with inside(canvas, shape):
        under = [(side * (ex + 40), sy + 60), (side * (ex + 44), ey - 60), (side * (ex + 30), ey + 50)]
        canvas.drawPath(ribbon(under, 40), ink(cloth.shade, 0.6 if side > 0 else 0.25, blur=10, blend=MULTIPLY))
        for k in range(3):
            y = ey - 70 + 26 * k
            fold = [(side * (ex - 44), y), (side * (ex - 10), y + 10), (side * (ex + 24), y + 4)]
            canvas.drawPath(ribbon(fold, 8), ink(cloth.shade, 0.6, blur=3, blend=MULTIPLY))
    outer = [(side * (sx - 6), sy - 4), (side * (sx + 14), sy + 60), (side * (ex + narrow / 2 + 1), ey - 60), (side * (ex + narrow / 2), ey)]
    inner = [(side * (build.armpit[0] - 8), build.armpit[1] - 30), (side * (ex - narrow / 2 - 4), ey - 70), (side * (ex - narrow / 2), ey)]
    for line in (outer, inner):
        canvas.drawPath(ribbon(line, 3.2), ink(cloth.line, 0.85))
