"""The pictures of the tea shop: stoneware, glass, steel, tins and kraft paper in soft sage light."""

from __future__ import annotations

import skia
from labels import ink, leaf, stroke, write
from studio import Shot, World

WORLD = World("tea", wall=(232, 235, 223), ground=(216, 214, 197), mirror=0.30)
CREAM, MOSS, GOLD, NIGHT = "#f3ecdb", "#33493b", "#b8924a", "#22302a"


def _sprig(canvas: skia.Canvas, x: float, y: float, length: float, colour: str) -> None:
    for angle in (-90, -138, -42):
        leaf(canvas, x, y, length * (1.0 if angle == -90 else 0.82), angle, ink(colour))


def _plate(canvas: skia.Canvas, kind: str, name: str, note: str, weight: str, paper: str, text: str, mark: str) -> None:
    """A label 1024 x 768 in the upper part of the sheet."""
    canvas.drawRect(skia.Rect.MakeWH(1024, 768), ink(paper))
    canvas.drawRect(skia.Rect.MakeLTRB(34, 30, 990, 738), stroke(mark, 5))
    _sprig(canvas, 512, 178, 104, mark)
    write(canvas, "LEAF & KETTLE", 512, 262, 46, ink(text), "Bold", 0.22)
    canvas.drawRect(skia.Rect.MakeXYWH(392, 296, 240, 4), ink(mark))
    write(canvas, name, 512, 452, 148, ink(text), "ExtraBold", 0.01)
    write(canvas, kind, 512, 532, 50, ink(text), "Medium", 0.04)
    write(canvas, note, 512, 604, 40, ink(text, 0.8), "Medium", 0.02)
    write(canvas, weight, 512, 694, 42, ink(text), "SemiBold", 0.12)


def _assam(canvas: skia.Canvas) -> None:
    _plate(canvas, "Black tea, second flush", "Assam", "malty · full · copper-red", "125 g", CREAM, MOSS, GOLD)


def _sencha(canvas: skia.Canvas) -> None:
    _plate(canvas, "Green tea, steamed", "Sencha", "fresh · grassy · bright", "100 g", "#f6f3e6", "#2f5b39", "#6f9a4d")


def _rooibos(canvas: skia.Canvas) -> None:
    note = "vanilla · honey · round"
    _plate(canvas, "Herbal, caffeine-free", "Rooibos", note, "150 g", "#f7ead9", "#7a2f1c", "#c6703a")


def _caddy(canvas: skia.Canvas) -> None:
    _sprig(canvas, 512, 420, 260, "#d9c79b")
    write(canvas, "LEAF & KETTLE", 512, 530, 66, ink("#d9c79b"), "SemiBold", 0.2)


def _sampler(canvas: skia.Canvas) -> None:
    _sprig(canvas, 190, 280, 130, MOSS)
    write(canvas, "Six teas", 300, 232, 140, ink(MOSS), "ExtraBold", 0.0, 0.0)
    write(canvas, "LEAF & KETTLE · TASTING BOX", 306, 316, 38, ink(MOSS), "Bold", 0.08, 0.0)


TEAPOT = Shot("teapot", eye=(0.0, 2.7, -7.0), target=(-0.03, 0.72, 0.0), zoom=2.42)
CUPS = Shot("glass-cups", eye=(0.0, 2.9, -6.9), target=(0.0, 0.48, 0.0), zoom=2.62)

ASSAM, ROOIBOS = (
    Shot(name, (0.0, 2.0, -7.2), (0.0, 0.84, 0.0), zoom=3.0, label=label, source="tin", paint=paint, trim=lid)
    for name, label, paint, lid in (
        ("assam", _assam, (46, 66, 54), (196, 160, 92)),
        ("rooibos", _rooibos, (150, 62, 38), (214, 190, 160)),
    )
)
SENCHA = Shot("sencha", eye=(-1.1, 1.9, -7.0), target=(0.0, 0.93, 0.0), zoom=2.75, label=_sencha)
KETTLE = Shot("kettle", eye=(0.0, 2.2, -7.2), target=(-0.03, 0.66, 0.0), zoom=2.36)
CADDY = Shot("caddy", eye=(0.0, 2.4, -7.0), target=(0.24, 0.74, 0.0), zoom=2.72, label=_caddy)
SAMPLER = Shot("sampler", eye=(0.0, 3.9, -6.4), target=(0.0, 0.36, 0.0), zoom=2.35, label=_sampler)
MATCHA = Shot("matcha-set", eye=(0.0, 3.5, -6.6), target=(0.08, 0.4, 0.0), zoom=2.6)

SHOTS = (TEAPOT, CUPS, ASSAM, SENCHA, ROOIBOS, KETTLE, CADDY, SAMPLER, MATCHA)
