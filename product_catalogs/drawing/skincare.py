"""The pictures of the skincare shop: tinted glass, matte tubes and cream in blush light."""

from __future__ import annotations

import skia
from labels import ink, leaf, stroke, write
from studio import Shot, World

WORLD = World("skincare", wall=(246, 234, 228), ground=(238, 217, 207), mirror=0.36)
TEAL, CORAL, SHELL = "#2f5660", "#d98b73", "#fbf5ef"


def _mark(canvas: skia.Canvas, x: float, y: float, size: float, colour: str, accent: str) -> None:
    leaf(canvas, x, y, size, -68, ink(accent))
    leaf(canvas, x, y, size * 0.74, -128, ink(colour))


def _front(canvas: skia.Canvas, name: tuple[str, ...], note: str, size: str, height: float, paper: str = "") -> None:
    """Print for a round front, 640 wide in the upper left of the sheet; without paper straight on the bottle."""
    if paper:
        canvas.drawRect(skia.Rect.MakeWH(640, height), ink(paper))
    k = height / 1024
    tight = max(k, 0.78)
    _mark(canvas, 318, 190 * k, 120 * tight, TEAL, CORAL)
    write(canvas, "ALDER & DEW", 320, 272 * k + 6, 48 * tight, ink(TEAL), "Bold", 0.16)
    canvas.drawRect(skia.Rect.MakeXYWH(270, 322 * k, 100, 4), ink(CORAL))
    for row, word in enumerate(name):
        write(canvas, word, 320, 480 * k + 94 * tight * row, 92 * tight, ink(TEAL), "SemiBold", -0.01)
    write(canvas, note, 320, 836 * k, 38 * tight, ink(TEAL, 0.9), "Medium", 0.02)
    write(canvas, size, 320, 936 * k, 38 * tight, ink(TEAL), "SemiBold", 0.08)


def _serum(canvas: skia.Canvas) -> None:
    _front(canvas, ("Morning", "Serum"), "niacinamide · alder leaf", "30 ml", 604, SHELL)


def _cleanser(canvas: skia.Canvas) -> None:
    _front(canvas, ("Gentle", "Cleanser"), "oat · aloe · no perfume", "200 ml", 820)


def _mist(canvas: skia.Canvas) -> None:
    _front(canvas, ("Dew", "Mist"), "rose water · glycerin", "100 ml", 896, "#eef5f4")


def _sun(canvas: skia.Canvas) -> None:
    canvas.drawCircle(320, 640, 92, ink("#f3c06a"))
    _mark(canvas, 318, 190, 120, TEAL, CORAL)
    write(canvas, "ALDER & DEW", 320, 272, 50, ink(TEAL), "Bold", 0.16)
    write(canvas, "Day Shade", 320, 420, 96, ink(TEAL), "SemiBold", -0.01)
    write(canvas, "sunscreen", 320, 492, 50, ink(TEAL), "Medium")
    write(canvas, "SPF", 320, 636, 44, ink(TEAL), "Bold", 0.06)
    write(canvas, "30", 320, 694, 66, ink(TEAL), "ExtraBold")
    write(canvas, "no white cast", 320, 820, 40, ink(TEAL), "Medium")
    write(canvas, "50 ml", 320, 900, 40, ink(TEAL), "SemiBold", 0.08)


def _jar(canvas: skia.Canvas) -> None:
    write(canvas, "ALDER & DEW", 512, 110, 84, ink(TEAL), "Bold", 0.18)
    write(canvas, "Cloud Cream · 50 ml", 512, 216, 66, ink(TEAL), "Medium", 0.02)
    _mark(canvas, 512, 720, 220, TEAL, CORAL)


def _soap(canvas: skia.Canvas) -> None:
    _mark(canvas, 505, 340, 180, TEAL, CORAL)
    write(canvas, "ALDER & DEW", 512, 436, 80, ink(TEAL), "Bold", 0.12)
    write(canvas, "Clay Bar", 512, 582, 146, ink(TEAL), "SemiBold", 0.0)
    write(canvas, "100 g", 512, 676, 68, ink(TEAL), "Medium", 0.06)


def _balm(canvas: skia.Canvas) -> None:
    canvas.drawCircle(512, 512, 512, ink(SHELL))
    canvas.drawCircle(512, 512, 440, stroke(CORAL, 8))
    _mark(canvas, 505, 380, 190, TEAL, CORAL)
    write(canvas, "ALDER & DEW", 512, 490, 72, ink(TEAL), "Bold", 0.16)
    write(canvas, "Honey Balm", 512, 630, 122, ink(TEAL), "SemiBold")
    write(canvas, "lips and dry spots · 15 g", 512, 726, 52, ink(TEAL), "Medium")


def _set(canvas: skia.Canvas) -> None:
    canvas.drawRect(skia.Rect.MakeWH(1024, 1024), ink("#2f5660"))
    canvas.drawCircle(770, 240, 330, ink("#3c6872"))
    canvas.drawCircle(160, 900, 300, ink("#27494f"))
    _mark(canvas, 505, 232, 160, "#f6e7dc", "#e9a68f")
    write(canvas, "ALDER & DEW", 512, 322, 76, ink("#fbf5ef"), "Bold", 0.16)
    write(canvas, "First Days Set", 512, 446, 104, ink("#fbf5ef"), "SemiBold", -0.01)
    write(canvas, "cleanser · serum · cream", 512, 520, 48, ink("#f0d9cc"), "Medium", 0.02)


SERUM = Shot("serum", eye=(0.0, 1.9, -7.2), target=(0.0, 0.9, 0.0), zoom=2.95, label=_serum)
CLEANSER = Shot("cleanser", eye=(0.0, 2.0, -7.2), target=(-0.04, 0.88, 0.0), zoom=2.95, label=_cleanser)
CREAM = Shot("cream", eye=(0.0, 3.3, -6.6), target=(0.46, 0.36, 0.0), zoom=2.55, label=_jar)
MIST = Shot("mist", eye=(0.0, 2.0, -7.2), target=(0.16, 0.82, 0.0), zoom=3.0, label=_mist)
SUNSCREEN = Shot("sunscreen", eye=(-0.9, 1.8, -7.1), target=(0.0, 0.88, 0.0), zoom=2.95, label=_sun)
SOAP = Shot("clay-bar", eye=(0.0, 3.9, -6.2), target=(0.0, 0.3, 0.0), zoom=2.35, label=_soap)
BALM = Shot("lip-balm", eye=(0.0, 2.9, -6.8), target=(0.0, 0.62, 0.0), zoom=2.55, label=_balm)
SET = Shot("first-days-set", eye=(0.0, 2.5, -7.0), target=(-0.02, 0.72, 0.0), zoom=2.55, label=_set)

SHOTS = (SERUM, CLEANSER, CREAM, MIST, SUNSCREEN, SOAP, BALM, SET)
