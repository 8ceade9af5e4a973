"""The logos of the demo shops: a mark and a word mark on nothing, 400 x 120."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import skia
from labels import ink, leaf, stroke, width_of, write

WIDTH, HEIGHT, SCALE = 400, 120, 2


@dataclass(frozen=True)
class Logo:
    """A mark, drawn in a 100 x 100 square, with the shop's name and a line below it."""

    name: str
    line: str
    colour: str
    accent: str
    mark: Callable[[skia.Canvas, str, str], None]
    weight: str = "ExtraBold"
    spacing: float = 0.0


def _kettle(canvas: skia.Canvas, colour: str, accent: str) -> None:
    canvas.drawOval(skia.Rect.MakeLTRB(22, 38, 76, 88), ink(colour))
    path = skia.Path()
    path.moveTo(28, 66)
    path.quadTo(8, 64, 6, 42)
    path.lineTo(13, 40)
    path.quadTo(16, 54, 32, 52)
    canvas.drawPath(path, ink(colour))
    canvas.drawArc(skia.Rect.MakeLTRB(60, 44, 94, 78), -110, 230, False, stroke(colour, 7))
    leaf(canvas, 49, 40, 34, -90, ink(accent))
    leaf(canvas, 49, 40, 27, -150, ink(accent))
    leaf(canvas, 49, 40, 27, -30, ink(accent))


def _drop(canvas: skia.Canvas, colour: str, accent: str) -> None:
    path = skia.Path()
    path.moveTo(50, 8)
    path.cubicTo(60, 32, 80, 44, 80, 64)
    path.cubicTo(80, 82, 66, 94, 50, 94)
    path.cubicTo(34, 94, 20, 82, 20, 64)
    path.cubicTo(20, 44, 40, 32, 50, 8)
    canvas.drawPath(path, stroke(colour, 5))
    leaf(canvas, 50, 84, 46, -68, ink(accent))
    leaf(canvas, 50, 84, 34, -128, ink(colour))


def _pan(canvas: skia.Canvas, colour: str, accent: str) -> None:
    canvas.save()
    canvas.rotate(-38, 50, 50)
    canvas.drawCircle(36, 50, 30, ink(colour))
    canvas.drawRoundRect(skia.Rect.MakeLTRB(60, 44, 104, 56), 6, 6, ink(colour))
    canvas.drawCircle(36, 50, 21, stroke(accent, 4))
    canvas.restore()


LOGOS = {
    "tea": Logo("Leaf & Kettle", "FINE TEA AND TEAWARE", "#2f4a3b", "#b8924a", _kettle),
    "skincare": Logo("Alder & Dew", "QUIET SKINCARE", "#2f5660", "#d98b73", _drop, "SemiBold", 0.01),
    "kueche": Logo("Herd & Hobel", "GUTES KÜCHENGERÄT", "#2c3440", "#d7532f", _pan),
}


def draw_logo(logo: Logo, folder: Path) -> Path:
    """Saves folder/logo.png, transparent, at twice its nominal size."""
    folder.mkdir(parents=True, exist_ok=True)
    surface = skia.Surface(WIDTH * SCALE, HEIGHT * SCALE)
    canvas = surface.getCanvas()
    canvas.scale(SCALE, SCALE)
    canvas.save()
    canvas.translate(6, 10)
    logo.mark(canvas, logo.colour, logo.accent)
    canvas.restore()
    size = 280 / max(width_of(logo.name, 1.0, logo.weight, logo.spacing), 1.0)
    write(canvas, logo.name, 114, 66, min(size, 44), ink(logo.colour), logo.weight, logo.spacing, 0.0)
    write(canvas, logo.line, 116, 92, 15, ink(logo.accent), "Bold", 0.18, 0.0)
    path = folder / "logo.png"
    surface.makeImageSnapshot().save(str(path), skia.kPNG)
    return path
