"""A figure: how one host is built, and which parts are painted into which layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import skia

from host_engine.host.drawing import clothes, face, leo, mira
from host_engine.host.drawing.build import Build
from host_engine.host.drawing.palettes import Hair, Palette

Painter = Callable[[skia.Canvas, Build, Palette], None]


class Part(NamedTuple):
    """One layer to be: its name, how it moves (see `Layer`), and what paints it."""

    name: str
    depth: float
    head: float
    sway: float
    paint: Painter


class Figure(NamedTuple):
    """One host: the build and the parts, back to front."""

    build: Build
    parts: tuple[Part, ...]


def _hair(paint: Callable[[skia.Canvas, Hair], None]) -> Painter:
    return lambda canvas, build, palette: paint(canvas, palette.hair)


def _face(shadow: skia.Path) -> Painter:
    return lambda canvas, build, palette: face.paint_face(canvas, build, palette, shadow)


def _brow(side: int) -> Painter:
    return lambda canvas, build, palette: face.paint_brow(canvas, build, palette, side)


def _parts(
    back: Painter, shadow: skia.Path, front: Painter, locks: dict[str, Painter], tucks: dict[str, Painter]
) -> tuple[Part, ...]:
    return (
        Part("back", -0.25, 0.9, 0.5, back),
        Part("body", 0.0, 0.0, 0.0, clothes.paint_body),
        *(Part(name, 0.45, 1.0, 0.0, paint) for name, paint in tucks.items()),
        Part("face", 0.55, 1.0, 0.0, _face(shadow)),
        Part("brow_l", 0.7, 1.0, 0.0, _brow(-1)),
        Part("brow_r", 0.7, 1.0, 0.0, _brow(1)),
        *(Part(name, 0.6, 1.0, 1.0, paint) for name, paint in locks.items()),
        Part("front", 0.75, 1.0, 0.15, front),
    )


FIGURES = {
    "mira": Figure(mira.BUILD, _parts(
        _hair(mira.paint_back), mira.shadow(), _hair(mira.paint_front),
        {"lock_l": _hair(mira.paint_lock_left), "lock_r": _hair(mira.paint_lock_right)},
        {"tuck_r": _hair(mira.paint_tuck)},
    )),
    "leo": Figure(leo.BUILD, _parts(_hair(leo.paint_back), leo.shadow(), _hair(leo.paint_front), {}, {})),
}  # fmt: skip
