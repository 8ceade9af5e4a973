"""Typography for labels and logos: Manrope, set with letter spacing, on a canvas."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import font_manrope
import skia

FONTS = Path(font_manrope.__file__).parent / "files"


@cache
def _face(weight: str) -> skia.Typeface:
    return skia.Typeface.MakeFromFile(getattr(font_manrope, f"Manrope{weight}"))


def ink(colour: str, alpha: float = 1.0) -> skia.Paint:
    """A paint for "#rrggbb"."""
    r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return skia.Paint(AntiAlias=True, Color=skia.Color(r, g, b, round(alpha * 255)))


def stroke(colour: str, width: float) -> skia.Paint:
    """A paint that draws lines of that width."""
    paint = ink(colour)
    paint.setStyle(skia.Paint.kStroke_Style)
    paint.setStrokeWidth(width)
    paint.setStrokeCap(skia.Paint.kRound_Cap)
    return paint


def width_of(text: str, size: float, weight: str = "SemiBold", spacing: float = 0.0) -> float:
    """Width in pixels of a line set with `spacing` (in ems) between the letters."""
    font = skia.Font(_face(weight), size)
    return float(sum(font.measureText(c) + spacing * size for c in text) - spacing * size)


def write(
    canvas: skia.Canvas, text: str, x: float, y: float, size: float, paint: skia.Paint,
    weight: str = "SemiBold", spacing: float = 0.0, align: float = 0.5,
) -> None:  # fmt: skip
    """Sets one line; `align` 0 starts at x, 0.5 is centred on x, 1 ends at x; y is the base line."""
    font = skia.Font(_face(weight), size)
    font.setSubpixel(True)
    font.setEdging(skia.Font.Edging.kAntiAlias)
    at = x - align * width_of(text, size, weight, spacing)
    for c in text:
        canvas.drawString(c, at, y, font, paint)
        at += font.measureText(c) + spacing * size


def leaf(canvas: skia.Canvas, x: float, y: float, length: float, angle: float, paint: skia.Paint) -> None:
    """A pointed leaf that starts at (x, y) and points along `angle` (degrees, 0 is right, 90 is down)."""
    canvas.save()
    canvas.translate(x, y)
    canvas.rotate(angle)
    path = skia.Path()
    path.moveTo(0, 0)
    path.cubicTo(length * 0.25, -length * 0.36, length * 0.75, -length * 0.3, length, 0)
    path.cubicTo(length * 0.75, length * 0.3, length * 0.25, length * 0.36, 0, 0)
    canvas.drawPath(path, paint)
    canvas.restore()
