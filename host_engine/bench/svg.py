"""Drawings as SVG inside a page; every word in them is escaped."""

from __future__ import annotations

from html import escape

from host_engine.bench.shapes import PAPER, Drawing, Label, Mark, Shape, Stroke


def svg(drawing: Drawing, css: str = "") -> str:
    """The drawing as one <svg>, as wide as its place; `css` are classes for it."""
    body = "".join(map(_shape, drawing.shapes))
    size = f"{drawing.width:g} {drawing.height:g}"
    about = escape(drawing.about)
    named = f' class="{escape(css)}"' if css else ""
    return f'<svg{named} viewBox="0 0 {size}" role="img" aria-label="{about}">{body}</svg>'


def _shape(shape: Shape) -> str:
    if isinstance(shape, Stroke):
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
        dashes = ' stroke-dasharray="5 4"' if shape.dashed else ""
        colour = escape(shape.colour)
        return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{shape.width:g}"{dashes}/>'
    if isinstance(shape, Label):
        weight = ' font-weight="600"' if shape.bold else ""
        place = f'x="{shape.at[0]:.1f}" y="{shape.at[1]:.1f}" font-size="{shape.size:g}" text-anchor="{shape.anchor}"'
        return f'<text {place} fill="{escape(shape.colour)}"{weight}>{escape(shape.text)}</text>'
    return _mark(shape)


def _mark(mark: Mark) -> str:
    (x, y), size, colour = mark.at, mark.size, escape(mark.colour)
    said = f"<title>{escape(mark.about)}</title>" if mark.about else ""
    if mark.kind in ("disc", "ring"):
        fill = colour if mark.kind == "disc" else PAPER
        round_ = f'cx="{x:.1f}" cy="{y:.1f}" r="{size:g}"'
        return f'<circle {round_} fill="{fill}" stroke="{colour}" stroke-width="2">{said}</circle>'
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in corners(mark))
    fill = PAPER if mark.kind == "diamond" else colour
    return f'<polygon points="{points}" fill="{fill}" stroke="{colour}" stroke-width="2">{said}</polygon>'


def corners(mark: Mark) -> tuple[tuple[float, float], ...]:
    """The corners of a mark that is not round."""
    (x, y), size = mark.at, mark.size
    if mark.kind == "diamond":
        return (x, y - size), (x + size, y), (x, y + size), (x - size, y)
    wide, high = (1.0, 1.4 * size) if mark.kind == "bar" else (0.8 * size, 0.8 * size)
    return (x - wide, y - high), (x + wide, y - high), (x + wide, y + high), (x - wide, y + high)
