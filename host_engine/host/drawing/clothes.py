"""Everything below the head but the forearms, in one of two outfits."""

from __future__ import annotations

import skia

from host_engine.host.drawing.blazer import paint_blazer, paint_collar_behind, paint_top
from host_engine.host.drawing.body import BOTH, paint_neck, paint_trousers
from host_engine.host.drawing.build import Build
from host_engine.host.drawing.cloth import paint_necklace, paint_upper_arm, shoulder_light
from host_engine.host.drawing.knit import paint_knit, paint_shirt_collar
from host_engine.host.drawing.palettes import Palette


def paint_body(canvas: skia.Canvas, build: Build, palette: Palette) -> None:
    """Neck, trousers, the garments and the upper arms."""
    blazer = palette.outfit == "blazer"
    if blazer:
        paint_collar_behind(canvas, build, palette.outer)
    paint_neck(canvas, build, palette)
    paint_trousers(canvas, build, palette.lower)
    if blazer:
        paint_top(canvas, build, palette)
    else:
        paint_knit(canvas, build, palette.outer)
    if palette.extra == "necklace":
        paint_necklace(canvas, build, palette)
    if palette.extra == "collar":
        paint_shirt_collar(canvas, build, palette.inner)
    if blazer:
        paint_blazer(canvas, build, palette)
    for side in BOTH:
        paint_upper_arm(canvas, build, palette, side)
        shoulder_light(canvas, build, palette.outer, side)
