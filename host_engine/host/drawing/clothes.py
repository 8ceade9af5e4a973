"""Neck, torso and upper arms in one of two outfits: an open blazer over a top, or a knitted jumper."""

from __future__ import annotations

import skia

from host_engine.host.drawing.brush import (
    MULTIPLY, SCREEN, Line, Place, curve, even, ink, inside, mirrored, ribbon, wash,
)  # fmt: skip
from host_engine.host.drawing.build import HEIGHT, WIDTH, Build
from host_engine.host.drawing.palettes import Cloth, Palette

BOTH = (-1, 1)
EDGE = 2.2
SLEEVE = 76  # how far inwards from the shoulder point the sleeve is painted
BOTTOM = HEIGHT + 30.0


def paint_body(canvas: skia.Canvas, build: Build, palette: Palette) -> None:
    """Everything below the head but the forearms."""
    if palette.outfit == "blazer":
        _collar_behind(canvas, build, palette.outer)
    _neck(canvas, build, palette)
    _trousers(canvas, build, palette.lower)
    if palette.outfit == "blazer":
        _top(canvas, build, palette)
        if palette.extra == "necklace":
            _necklace(canvas, build, palette)
        _blazer(canvas, build, palette)
    else:
        _knit(canvas, build, palette)
    for side in BOTH:
        _upper_arm(canvas, build, palette, side)
        _shoulder_light(canvas, build, palette.outer, side)


def cloth_paint(build: Build, cloth: Cloth) -> skia.Paint:
    """The light on a garment, from the upper left: the same for all its pieces, so that they join without a seam."""
    start, end = (-build.shoulder[0] - 40, build.collar), (build.shoulder[0] + 40, build.collar + 620)
    return wash(start, end, [cloth.light, cloth.base, cloth.base, cloth.shade], [0, 0.3, 0.62, 1])


def on(side: int, points: Line) -> list[Place]:
    """The points on the right (+1) or the left (-1)."""
    return [(side * x, y) for x, y in points]


def _soft(canvas: skia.Canvas, points: Line, width: float, colour: str, alpha: float, blur: float) -> None:
    canvas.drawPath(ribbon(points, width), ink(colour, alpha, blur, blend=MULTIPLY))


def _neck(canvas: skia.Canvas, build: Build, palette: Palette) -> None:
    skin, n, c, chin = palette.skin, build.neck, build.collar, build.chin
    half = [(n + 2, 380), (n - 2, c - 66), (n + 5, c - 26), (n + 50, c), (n + 120, c + 40), (n + 60, c + 170)]
    shape = curve([*half, (0, c + 230), *mirrored(half)[::-1]])
    canvas.drawPath(shape, wash((-60, c - 100), (80, c + 130), [skin.base, skin.light, skin.base]))
    with inside(canvas, shape):
        _soft(canvas, [(n + 8, chin), (n - 4, c - 20), (n + 40, c + 30)], 44, skin.shade, 0.7, 10)
        for side in BOTH:
            _soft(canvas, on(side, [(n - 10, c - 40), (28, c + 14), (10, c + 46)]), 7, skin.deep, 0.35, 3)
            _soft(canvas, on(side, [(16, c + 54), (60, c + 42), (120, c + 40)]), 7, skin.deep, 0.35, 3)
        cast = [(-170, 320), (170, 320), (n + 30, chin + 6), (n - 2, chin + 44), (18, chin + 66), (-n + 10, chin + 30)]
        canvas.drawPath(curve(cast), ink(skin.deep, 0.5, blur=4, blend=MULTIPLY))
    for side in BOTH:
        line = on(side, [(n, chin - 20), (n - 2, c - 66), (n + 5, c - 26), (n + 50, c)])
        canvas.drawPath(ribbon(line, 2.6), ink(skin.line, 0.75))


def _trousers(canvas: skia.Canvas, build: Build, cloth: Cloth) -> None:
    wx, (hx, hy) = build.waist[0], build.hip
    half = [(wx - 40, hy - 160), (wx - 40, hy - 160), (hx - 14, hy - 40), (hx, hy + 40), (hx + 2, BOTTOM), (hx + 2, BOTTOM)]
    shape = curve([*half, *mirrored(half)[::-1]])
    canvas.drawPath(shape, wash((-hx, hy - 160), (hx, BOTTOM), [cloth.light, cloth.base, cloth.shade]))
    with inside(canvas, shape):
        _soft(canvas, [(-hx, hy + 20), (0, hy + 46), (hx, hy + 20)], 50, cloth.shade, 0.6, 12)
    canvas.drawLine(0, hy - 100, 0, BOTTOM, ink(cloth.line, 0.35, width=EDGE))
    canvas.drawPath(shape, ink(cloth.line, 0.8, width=EDGE))


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


def _top(canvas: skia.Canvas, build: Build, palette: Palette) -> None:
    cloth, c, n = palette.inner, build.collar, build.neck
    dip = c + build.neckline
    neckline = [(-n - 34, c - 6), (-n - 4, c + (dip - c) * 0.62), (0, dip), (n + 4, c + (dip - c) * 0.62), (n + 34, c - 6)]
    bottom = build.hip[1] - 60
    sides = [(build.armpit[0] - 50, c + 90), (build.waist[0] - 30, bottom), (build.waist[0] - 30, bottom)]
    shape = curve([neckline[0], *neckline, neckline[-1], *sides, *mirrored(sides)[::-1]])
    canvas.drawPath(shape, wash((-100, c), (120, bottom), [cloth.light, cloth.base, cloth.shade]))
    with inside(canvas, shape):
        for x, lean in ((-34, -14), (20, 16), (54, 10)):
            _soft(canvas, [(x, dip + 30), (x + lean, dip + 140), (x + lean * 0.4, dip + 300)], 18, cloth.shade, 0.5, 8)
        canvas.drawPath(ribbon(neckline, 15, even), ink(cloth.shade, 0.45))
    canvas.drawPath(ribbon(neckline, 2.2), ink(cloth.line, 0.9))


def _necklace(canvas: skia.Canvas, build: Build, palette: Palette) -> None:
    c, n = build.collar, build.neck
    low = 0 if palette.outfit == "blazer" else 74
    half = [(n + 16, c - 14), (n - 6 + low * 0.1, c + 22 + low * 0.5), (22, c + 57 + low)]
    canvas.drawPath(ribbon([*mirrored(half), (0, c + 66 + low), *half[::-1]], 1.9, even, 48), ink(palette.metal))
    canvas.drawCircle(0, c + 71 + low, 5.5, ink(palette.metal))
    canvas.drawCircle(-1.5, c + 69.5 + low, 1.8, ink("#fffaf0"))


def _shirt_collar(canvas: skia.Canvas, build: Build, cloth: Cloth) -> None:
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


def _blazer(canvas: skia.Canvas, build: Build, palette: Palette) -> None:
    cloth, (hx, hy) = palette.outer, build.hip
    button = (2.0, build.waist[1] + 26)
    for side in (1, -1):
        corner = [(96, hy + 44), (58, hy + 22), (30, hy - 50)]
        front = [*corner, (-4, button[1] + 6), (0, button[1]), (34, button[1] - 150), (build.neck + 30, build.collar + 60)]
        shape = curve(on(side, [*torso_half(build, build.neck + 30), *front]))
        shadow = skia.Path(shape)
        shadow.offset(0, 12)
        with inside(canvas, curve(on(side, [(-10, button[1]), (hx, button[1]), (hx, BOTTOM), (-10, BOTTOM)]))):
            canvas.drawPath(shadow, ink(palette.lower.line, 0.4, blur=6, blend=MULTIPLY))
        with inside(canvas, torso_only(build)):
            canvas.drawPath(shape, cloth_paint(build, cloth))
            with inside(canvas, shape):
                _shade_half(canvas, build, cloth, side)
                _pocket(canvas, build, cloth, side)
            canvas.drawPath(shape, ink(cloth.line, 0.85, width=EDGE))
        _lapel(canvas, build, cloth, side, button)
    _microphone(canvas, (-build.neck - 30, build.collar + 190))
    canvas.drawCircle(*button, 10, wash((-8, button[1] - 10), (14, button[1] + 10), [palette.metal, cloth.line]))
    canvas.drawCircle(button[0] - 3, button[1] - 3, 2.6, ink("#ffffff", 0.7))


def _shade_half(canvas: skia.Canvas, build: Build, cloth: Cloth, side: int) -> None:
    (ax, ay), (wx, wy), (sx, sy) = build.armpit, build.waist, build.shoulder
    flank = on(side, [(ax - 24, ay), (wx - 14, wy), (build.hip[0] - 10, BOTTOM), (build.hip[0] + 90, BOTTOM), (ax + 70, ay)])
    canvas.drawPath(curve(flank), ink(cloth.shade, 0.6 if side > 0 else 0.4, blur=16, blend=MULTIPLY))
    for k in range(3):
        y = wy - 34 + 30 * k
        _soft(canvas, on(side, [(wx, y), (wx - 50, y + 12 + 6 * k), (wx - 96, y + 8 + 16 * k)]), 8, cloth.shade, 0.5, 3)


def _shoulder_light(canvas: skia.Canvas, build: Build, cloth: Cloth, side: int) -> None:
    sx, sy = build.shoulder
    body = curve(on(side, [*torso_half(build, build.neck + 30), (0, BOTTOM), (0, build.collar)]))
    line = on(side, [(build.neck + 56, build.collar + 10), (sx - 70, sy - 26), (sx - 16, sy + 2), (sx + 4, sy + 40)])
    with inside(canvas, body):
        canvas.drawPath(ribbon(line, 15), ink(cloth.light, 0.7 if side < 0 else 0.45, blur=6, blend=SCREEN))


def _pocket(canvas: skia.Canvas, build: Build, cloth: Cloth, side: int) -> None:
    x, y = build.waist[0] - 8, build.hip[1] - 66
    flap = curve(on(side, [(x - 74, y), (x - 74, y), (x + 16, y - 8), (x + 16, y - 8), (x + 20, y + 22), (x + 14, y + 28),
                           (x - 66, y + 34), (x - 74, y + 28)]))  # fmt: skip
    canvas.drawPath(flap, ink(cloth.shade, 0.25, blend=MULTIPLY))
    canvas.drawPath(flap, ink(cloth.line, 0.6, width=1.8))


def _collar_behind(canvas: skia.Canvas, build: Build, cloth: Cloth) -> None:
    """The inside of the collar that stands behind the neck."""
    c, n = build.collar, build.neck
    band = curve([(-n - 34, c + 6), (-n - 12, c - 38), (0, c - 56), (n + 12, c - 38), (n + 34, c + 6), (0, c + 40)])
    canvas.drawPath(band, wash((0, c - 50), (0, c + 10), [cloth.shade, cloth.line]))
    canvas.drawPath(band, ink(cloth.line, 0.85, width=EDGE))


def _lapel(canvas: skia.Canvas, build: Build, cloth: Cloth, side: int, button: Place) -> None:
    c, n = build.collar, build.neck
    tip, notch = (n + 108, c + 106), (n + 62, c + 112)
    fold = [(34, button[1] - 150), (n + 14, c + 110), (n + 22, c + 60)]
    lapel = [notch, notch, tip, tip, (n + 84, c + 210), (70, button[1] - 110), (2, button[1]), (2, button[1]), *fold]
    collar = [(n + 4, c - 32), (n + 20, c - 32), (n + 62, c + 24), (n + 92, c + 84), (n + 92, c + 84), notch, notch, fold[-1],
              (n + 8, c + 4)]  # fmt: skip
    torso = curve(on(side, [*torso_half(build, n + 20), (0, BOTTOM), (0, c)]))
    for points in (lapel, collar):
        piece = curve(on(side, points))
        shadow = skia.Path(piece)
        shadow.offset(5, 8)
        with inside(canvas, torso):
            canvas.drawPath(shadow, ink(cloth.line, 0.35, blur=5, blend=MULTIPLY))
        canvas.drawPath(piece, wash((-160, c), (180, button[1]), [cloth.light, cloth.base, cloth.base]))
        with inside(canvas, piece):
            _soft(canvas, on(side, fold), 14, cloth.shade, 0.5, 5)
        canvas.drawPath(piece, ink(cloth.line, 0.85, width=EDGE))


def _microphone(canvas: skia.Canvas, at: Place) -> None:
    x, y = at
    canvas.drawRoundRect(skia.Rect.MakeXYWH(x - 7, y, 14, 26), 4, 4, wash((x - 7, y), (x + 7, y), ["#5a5a66", "#24242c"]))
    canvas.drawCircle(x, y - 3, 9.5, wash((x - 6, y - 10), (x + 8, y + 6), ["#7b7b88", "#1a1a20"]))
    canvas.drawCircle(x - 3, y - 6, 2.4, ink("#ffffff", 0.5))


def _knit(canvas: skia.Canvas, build: Build, palette: Palette) -> None:
    cloth, c, n, (hx, hy) = palette.outer, build.collar, build.neck, build.hip
    half = torso_half(build, n + 22)
    dip = [(-n - 6, c + 26), (0, c + 44), (n + 6, c + 26)]
    hem = [(hx + 4, hy + 34), (hx - 40, hy + 42)]
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
                _shade_half(canvas, build, cloth, side)
                seam = on(side, [(n + 30, c + 6), (n + 78, c + 90), (build.armpit[0] - 6, build.armpit[1] - 10)])
                _soft(canvas, seam, 5, cloth.shade, 0.7, 1.5)
            _soft(canvas, [(-hx - 20, hy - 22), (0, hy - 8), (hx + 20, hy - 22)], 7, cloth.shade, 0.7, 2)
        canvas.drawPath(shape, ink(cloth.line, 0.85, width=EDGE))
    _ribbed_collar(canvas, build, cloth)
    if palette.extra == "collar":
        _shirt_collar(canvas, build, palette.inner)
    if palette.extra == "necklace":
        _necklace(canvas, build, palette)


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


def _upper_arm(canvas: skia.Canvas, build: Build, palette: Palette, side: int) -> None:
    cloth = palette.outer
    (sx, sy), (ax, ay), (ex, ey) = build.shoulder, build.armpit, build.elbow
    r = build.arm[1] / 2
    outer, inner = arm_lines(build)
    shape = upper_arm(build, side)
    edges = (sx - SLEEVE, 0, WIDTH, BOTTOM) if side > 0 else (-WIDTH, 0, SLEEVE - sx, BOTTOM)
    sleeve = skia.Path()
    sleeve.addRect(skia.Rect.MakeLTRB(*edges))
    with inside(canvas, sleeve):
        canvas.drawPath(shape, cloth_paint(build, cloth))
        with inside(canvas, shape):
            if palette.outfit == "knit":
                for k in range(-8, 6):
                    rib = [(sx - 20 + k * 11, sy - 40), (sx - 4 + k * 10.4, sy + 100), (ex + k * 9.6, ey - 20), (ex + k * 9.6, ey + 60)]
                    canvas.drawPath(ribbon(on(side, rib), 2.6, even), ink(cloth.shade, 0.35))
            dark = 0.75 if side > 0 else 0.35
            _soft(canvas, on(side, [(sx + 30, sy + 80), (ex + r - 4, ey - 70), (ex + r, ey + 30)]), 44, cloth.shade, dark, 10)
            _soft(canvas, on(side, [(ax - 10, ay - 20), (ax + 14, ay + 30), (ex - r - 4, ey)]), 36, cloth.shade, 0.7, 8)
            for k in range(3):
                y = ey - 66 + 24 * k
                _soft(canvas, on(side, [(ex - r, y), (ex - 8, y + 12), (ex + r * 0.5, y + 4)]), 8, cloth.shade, 0.6, 3)
            rim = on(side, [(x - 6, y + 2) for x, y in outer[3:]])
            canvas.drawPath(ribbon(rim, 7), ink(cloth.light, 0.7, blur=2.5, blend=SCREEN))
        canvas.drawPath(curve(on(side, outer), closed=False), ink(cloth.line, 0.85, width=EDGE))
    if palette.outfit == "blazer":
        seam = on(side, [(sx - 40, sy - 21), (sx - 44, sy + 40), (ax - 14, ay - 44)])
        canvas.drawPath(ribbon(seam, 2.2), ink(cloth.line, 0.4))
    canvas.drawPath(ribbon(on(side, inner), 3), ink(cloth.line, 0.85))
