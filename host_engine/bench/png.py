"""Drawings one below the other as a PNG, painted with skia."""

from __future__ import annotations

from pathlib import Path

import skia

from host_engine.bench.shapes import PAPER, Drawing, Label, Mark, Shape, Stroke
from host_engine.bench.svg import corners
from host_engine.host.fonts import fonts

SCALE = 2  # pixels for a unit of the drawing, so that it is sharp on fine screens too


def write_png(drawings: list[Drawing], file: Path) -> None:
    """Write the drawings, each as wide as it is, one below the other. Raises OSError, or FontMissing."""
    width = max(int(each.width) for each in drawings)
    height = sum(int(each.height) for each in drawings)
    surface = skia.Surface(width * SCALE, height * SCALE)
    canvas = surface.getCanvas()
    canvas.clear(_colour(PAPER))
    canvas.scale(SCALE, SCALE)
    for drawing in drawings:
        for shape in drawing.shapes:
            _paint(canvas, shape)
        canvas.translate(0, int(drawing.height))
    data = surface.makeImageSnapshot().encodeToData(skia.EncodedImageFormat.kPNG, 100)
    file.write_bytes(bytes(data))


def _paint(canvas: skia.Canvas, shape: Shape) -> None:
    if isinstance(shape, Stroke):
        _stroke(canvas, shape)
    elif isinstance(shape, Label):
        _label(canvas, shape)
    else:
        _mark(canvas, shape)


def _stroke(canvas: skia.Canvas, stroke: Stroke) -> None:
    paint = skia.Paint(Color=_colour(stroke.colour), AntiAlias=True, StrokeWidth=stroke.width)
    paint.setStyle(skia.Paint.kStroke_Style)
    if stroke.dashed:
        paint.setPathEffect(skia.DashPathEffect.Make([5.0, 4.0], 0.0))
    canvas.drawPath(_path(stroke.points), paint)


def _label(canvas: skia.Canvas, label: Label) -> None:
    paragraph = fonts().paragraph(label.text, label.size, "bold" if label.bold else "medium", _colour(label.colour))
    wide = paragraph.MaxIntrinsicWidth
    left = label.at[0] - {"start": 0.0, "middle": wide / 2, "end": wide}[label.anchor]
    top = label.at[1] - paragraph.AlphabeticBaseline
    behind = skia.Paint(Color=_colour(PAPER), Alphaf=0.8)  # so that lines do not run through the words
    canvas.drawRect(skia.Rect(left - 2, top + 2, left + wide + 2, top + paragraph.Height - 2), behind)
    paragraph.paint(canvas, left, top)


def _mark(canvas: skia.Canvas, mark: Mark) -> None:
    round_ = mark.kind in ("disc", "ring")
    for fill in (True, False):
        paint = skia.Paint(Color=_colour(mark.colour), AntiAlias=True, StrokeWidth=2)
        if fill and mark.kind in ("ring", "diamond"):
            paint.setColor(_colour(PAPER))
        paint.setStyle(skia.Paint.kFill_Style if fill else skia.Paint.kStroke_Style)
        if round_:
            canvas.drawCircle(*mark.at, mark.size, paint)
        else:
            path = _path(corners(mark))
            path.close()
            canvas.drawPath(path, paint)


def _path(points: tuple[tuple[float, float], ...]) -> skia.Path:
    path = skia.Path()
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    return path


def _colour(text: str) -> int:
    """The ARGB number of #rrggbb."""
    return 0xFF000000 | int(text[1:], 16)
