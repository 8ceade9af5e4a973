"""Hair as clumps: each lies between two edges from root to tip, and its strands and shine flow along them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import skia
from numpy.typing import NDArray

from host_engine.host.drawing.brush import Line, Place, fading, ink, inside, mix, polygon, ribbon, swelling, trace, wash
from host_engine.host.drawing.palettes import Hair

POINTS = 40


@dataclass(frozen=True)
class Clump:
    """Hair between a left and a right edge, root to tip; `deep` 0..1 darkens what lies behind, `shine` is its band."""

    left: Line
    right: Line
    deep: float = 0.0
    shine: tuple[float, float] | None = None  # where along its length the light catches
    strands: int = 7
    edge: float = 0.7  # strength of its outline

    def flow(self, across: float) -> NDArray[np.float64]:
        """The strand at `across` (0 is the left edge, 1 the right one)."""
        left, right = trace(self.left, POINTS), trace(self.right, POINTS)
        return left + (right - left) * across

    def outline(self) -> skia.Path:
        """The closed outline."""
        return polygon(np.vstack([trace(self.left, POINTS), trace(self.right, POINTS)[::-1]]))


def paint_clumps(canvas: skia.Canvas, clumps: Sequence[Clump], hair: Hair, seed: int) -> None:
    """The clumps in order, back to front; the same seed gives the same strands."""
    rng = random.Random(seed)
    for clump in clumps:
        paint_clump(canvas, clump, hair, rng)


def paint_clump(canvas: skia.Canvas, clump: Clump, hair: Hair, rng: random.Random) -> None:
    """One clump: body, shade along the edge away from the light, strands, shine, outline."""
    outline = clump.outline()
    light, base, dark = (mix(c, hair.deep, clump.deep) for c in (hair.light, hair.base, hair.dark))
    middle = clump.flow(0.5)
    root, tip = _place(middle[0]), _place(middle[-1])
    canvas.drawPath(outline, wash(root, tip, [dark, base, mix(base, light, 0.35), base], [0, 0.3, 0.6, 1]))
    with inside(canvas, outline):
        canvas.drawPath(_along(clump.flow(0.96), 0, 1, 16), ink(hair.deep, 0.35, blur=5))
        canvas.drawPath(_along(clump.flow(0.12), 0.1, 0.9, 9), ink(light, 0.4, blur=4))
        for _ in range(clump.strands):
            _strand(canvas, clump, (light, dark), rng)
        if clump.shine:
            _shine(canvas, clump, hair, rng)
    canvas.drawPath(outline, ink(mix(hair.deep, hair.dark, 0.3), clump.edge, width=1.6))


def _strand(canvas: skia.Canvas, clump: Clump, tones: tuple[str, str], rng: random.Random) -> None:
    start = rng.uniform(0, 0.35)
    end = rng.uniform(max(start + 0.3, 0.6), 1)
    tone = tones[rng.random() < 0.6]
    path = _along(clump.flow(rng.uniform(0.08, 0.92)), start, end, rng.uniform(1.4, 3.4))
    canvas.drawPath(path, ink(tone, rng.uniform(0.35, 0.7)))


def _shine(canvas: skia.Canvas, clump: Clump, hair: Hair, rng: random.Random) -> None:
    assert clump.shine is not None
    low, high = clump.shine
    soft = _along(clump.flow(0.42), low, high, 30)
    canvas.drawPath(soft, ink(hair.shine, 0.25, blur=7))
    for k in range(6):
        across = 0.14 + 0.12 * k + rng.uniform(-0.03, 0.03)
        start, end = low + rng.uniform(0, 0.06), high - rng.uniform(0, 0.08)
        canvas.drawPath(_along(clump.flow(across), start, end, rng.uniform(2, 5)), ink(hair.shine, rng.uniform(0.3, 0.6)))


def _along(flow: NDArray[np.float64], start: float, end: float, width: float) -> skia.Path:
    part = flow[int(start * (POINTS - 1)) : int(end * (POINTS - 1)) + 1]
    step = max(1, len(part) // 8)
    return ribbon([_place(p) for p in (*part[:-1:step], part[-1])], width, swelling, 24)


def _place(point: NDArray[np.float64]) -> Place:
    return float(point[0]), float(point[1])


def flyaway(canvas: skia.Canvas, points: Line, hair: Hair, width: float = 2.0) -> None:
    """One loose strand."""
    canvas.drawPath(ribbon(points, width, fading), ink(hair.dark, 0.75))
