"""An open blazer over a top."""

from __future__ import annotations

import skia

from host_engine.host.drawing.body import BOTTOM, EDGE, on, soft, torso_half, torso_only, trousers
from host_engine.host.drawing.brush import MULTIPLY, Place, curve, even, ink, inside, mirrored, ribbon, wash
from host_engine.host.drawing.build import Build
from host_engine.host.drawing.cloth import cloth_paint, shade_half
from host_engine.host.drawing.palettes import Cloth, Palette


def paint_collar_behind(canvas: skia.Canvas, build: Build, cloth: Cloth) -> None:
    """The inside of the collar that stands behind the neck."""
    c, n = build.collar, build.neck
    band = curve([(-n - 34, c + 6), (-n - 12, c - 38), (0, c - 56), (n + 12, c - 38), (n + 34, c + 6), (0, c + 40)])
    canvas.drawPath(band, wash((0, c - 50), (0, c + 10), [cloth.shade, cloth.line]))
    canvas.drawPath(band, ink(cloth.line, 0.85, width=EDGE))


def paint_top(canvas: skia.Canvas, build: Build, palette: Palette) -> None:
    """The top under the blazer."""
    cloth, c, n = palette.inner, build.collar, build.neck
    dip = c + build.neckline
    bow = [(n + 4, c + build.neckline * 0.62), (n + 34, c - 6)]
    neckline = [*mirrored(bow)[::-1], (0, dip), *bow]
    bottom = build.hip[1] - 60
    sides = [(build.armpit[0] - 50, c + 90), (build.waist[0] - 30, bottom), (build.waist[0] - 30, bottom)]
    shape = curve([neckline[0], *neckline, neckline[-1], *sides, *mirrored(sides)[::-1]])
    canvas.drawPath(shape, wash((-100, c), (120, bottom), [cloth.light, cloth.base, cloth.shade]))
    with inside(canvas, shape):
        for x, lean in ((-34, -14), (20, 16), (54, 10)):
            soft(canvas, [(x, dip + 30), (x + lean, dip + 140), (x + lean * 0.4, dip + 300)], 18, cloth.shade, 0.5, 8)
        canvas.drawPath(ribbon(neckline, 15, even), ink(cloth.shade, 0.45))
    canvas.drawPath(ribbon(neckline, 2.2), ink(cloth.line, 0.9))


def paint_blazer(canvas: skia.Canvas, build: Build, palette: Palette) -> None:
    """Both fronts with pockets, lapels, microphone and button; the sleeves are cut off at the shoulders."""
    cloth, hy = palette.outer, build.hip[1]
    button, opening = (2.0, build.waist[1] + 26), build.neck + 30
    for side in (1, -1):
        corner = [(96, hy + 44), (58, hy + 22), (30, hy - 50)]
        front = [*corner, (-4, button[1] + 6), (0, button[1]), (34, button[1] - 150), (opening, build.collar + 60)]
        shape = curve(on(side, [*torso_half(build, opening), *front]))
        shadow = skia.Path(shape)
        shadow.offset(0, 12)
        with inside(canvas, trousers(build)):
            canvas.drawPath(shadow, ink(palette.lower.line, 0.4, blur=6, blend=MULTIPLY))
        with inside(canvas, torso_only(build)):
            canvas.drawPath(shape, cloth_paint(build, cloth))
            with inside(canvas, shape):
                shade_half(canvas, build, cloth, side)
                _pocket(canvas, build, cloth, side)
            canvas.drawPath(shape, ink(cloth.line, 0.85, width=EDGE))
        _lapel(canvas, build, cloth, side, button)
    _microphone(canvas, (-build.neck - 30, build.collar + 190))
    canvas.drawCircle(*button, 10, wash((-8, button[1] - 10), (14, button[1] + 10), [palette.metal, cloth.line]))
    canvas.drawCircle(button[0] - 3, button[1] - 3, 2.6, ink("#ffffff", 0.7))


def _pocket(canvas: skia.Canvas, build: Build, cloth: Cloth, side: int) -> None:
    x, y = build.waist[0] - 8, build.hip[1] - 66
    flap = curve(on(side, [(x - 74, y), (x - 74, y), (x + 16, y - 8), (x + 16, y - 8), (x + 20, y + 22),
                           (x + 14, y + 28), (x - 66, y + 34), (x - 74, y + 28)]))  # fmt: skip
    canvas.drawPath(flap, ink(cloth.shade, 0.25, blend=MULTIPLY))
    canvas.drawPath(flap, ink(cloth.line, 0.6, width=1.8))


def _lapel(canvas: skia.Canvas, build: Build, cloth: Cloth, side: int, button: Place) -> None:
    c, n = build.collar, build.neck
    tip, notch = (n + 101, c + 106), (n + 60, c + 112)
    fold = [(34, button[1] - 150), (n + 14, c + 110), (n + 22, c + 60)]
    lapel = [notch, notch, tip, tip, (n + 84, c + 210), (70, button[1] - 110), (2, button[1]), (2, button[1]), *fold]
    point = (n + 92, c + 84)
    collar = [(n + 4, c - 32), (n + 20, c - 32), (n + 62, c + 24), point, point, notch, notch, fold[-1], (n + 8, c + 4)]
    torso = curve(on(side, [*torso_half(build, n + 20), (0, BOTTOM), (0, c)]))
    for points in (lapel, collar):
        piece = curve(on(side, points))
        shadow = skia.Path(piece)
        shadow.offset(5, 8)
        with inside(canvas, torso):
            canvas.drawPath(shadow, ink(cloth.line, 0.35, blur=5, blend=MULTIPLY))
        canvas.drawPath(piece, wash((-160, c), (180, button[1]), [cloth.light, cloth.base, cloth.base]))
        with inside(canvas, piece):
            soft(canvas, on(side, fold), 14, cloth.shade, 0.5, 5)
        canvas.drawPath(piece, ink(cloth.line, 0.85, width=EDGE))


def _microphone(canvas: skia.Canvas, at: Place) -> None:
    x, y = at
    metal = wash((x - 7, y), (x + 7, y), ["#5a5a66", "#24242c"])
    canvas.drawRoundRect(skia.Rect.MakeXYWH(x - 7, y, 14, 26), 4, 4, metal)
    canvas.drawCircle(x, y - 3, 9.5, wash((x - 6, y - 10), (x + 8, y + 6), ["#7b7b88", "#1a1a20"]))
    canvas.drawCircle(x - 3, y - 6, 2.4, ink("#ffffff", 0.5))
