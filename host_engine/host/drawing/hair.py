"""Hair as clumps: each lies between two edges from root to tip, and its strands and shine flow along them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import skia
from numpy.typing import NDArray

from host_engine.host.drawing.brush import (
    SCREEN,
    Line,
    Place,
    fading,
    ink,
    inside,
    mix,
    polygon,
    ribbon,
    swelling,
    together,
    trace,
    wash,
)  # fmt: skip
from host_engine.host.drawing.palettes import Hair

POINTS = 40
CAST = (5.0, 15.0)  # how far hair throws its shadow on the skin


@dataclass(frozen=True)
class Clump:
    """Hair between a left and a right edge, root to tip."""

    left: Line
    right: Line
    deep: float = 0.0  # 0..1, darker the further behind it lies
    shine: tuple[float, float] | None = None  # where along its length the light catches
    strands: int = 7
    edge: float = 0.55  # strength of its outline
    rim: float | None = None  # where across it the light from behind grazes it (0 left, 1 right edge)
    melt: float = 1.0  # from this share of its length on it melts into what lies below
    sprout: float = 0.0  # up to this share of its length it grows out of what lies below

    def flow(self, across: float) -> NDArray[np.float64]:
        """The strand at `across` (0 is the left edge, 1 the right one)."""
        left, right = self._edges
        return left + (right - left) * across

    def outline(self) -> skia.Path:
        """The closed outline."""
        left, right = self._edges
        return polygon(np.vstack([left, right[::-1]]))

    @cached_property
    def _edges(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return trace(self.left, POINTS), trace(self.right, POINTS)


def paint_clumps(canvas: skia.Canvas, clumps: Sequence[Clump], hair: Hair, seed: int) -> None:
    """The clumps in order, back to front; the same seed gives the same strands."""
    rng = random.Random(seed)
    for clump in clumps:
        soft = clump.melt < 1 or clump.sprout > 0
        if soft:
            canvas.saveLayer(None, None)
        _clump(canvas, clump, hair, rng)
        if soft:
            _fade(canvas, clump, clump.melt, 1.0)
            _fade(canvas, clump, clump.sprout, 0.0)
            canvas.restore()


def cast(clumps: Sequence[Clump]) -> skia.Path:
    """The outline of the shadow that the clumps throw."""
    shadow = together(*(clump.outline() for clump in clumps))
    shadow.offset(*CAST)
    return shadow


def flyaway(canvas: skia.Canvas, points: Line, hair: Hair, width: float = 2.2) -> None:
    """One loose strand."""
    canvas.drawPath(ribbon(points, width, fading), ink(hair.base, 0.8))


def _clump(canvas: skia.Canvas, clump: Clump, hair: Hair, rng: random.Random) -> None:
    outline = clump.outline()
    light, base, dark = (mix(c, hair.deep, clump.deep) for c in (hair.light, hair.base, hair.dark))
    middle = clump.flow(0.5)
    body = [mix(dark, base, 0.3), base, mix(base, light, 0.4), mix(base, dark, 0.25)]
    canvas.drawPath(outline, wash(_place(middle[0]), _place(middle[-1]), body, [0, 0.28, 0.6, 1]))
    with inside(canvas, outline):
        canvas.drawPath(_along(clump.flow(0.97), 0, 1, 18), ink(hair.deep, 0.4, blur=6))
        canvas.drawPath(_along(clump.flow(0.14), 0.1, 0.9, 10), ink(light, 0.4, blur=5))
        for _ in range(clump.strands):
            _strand(canvas, clump, (light, dark), rng)
        if clump.shine:
            _shine(canvas, clump, hair, clump.shine, rng)
        if clump.rim is not None:
            canvas.drawPath(_along(clump.flow(clump.rim), 0.06, 0.94, 6), ink(hair.shine, 0.75, 2.2, blend=SCREEN))
    canvas.drawPath(outline, ink(mix(hair.deep, hair.dark, 0.3), clump.edge, width=1.5))


def _fade(canvas: skia.Canvas, clump: Clump, start: float, end: float) -> None:
    """Let the clump vanish between two places of its length."""
    if start == end:
        return
    middle = clump.flow(0.5)
    ends = [skia.Point(*_place(middle[round(at * (POINTS - 1))])) for at in (start, end)]
    fade = skia.Paint(Shader=skia.GradientShader.MakeLinear(ends, [0x00000000, 0xFF000000]))
    fade.setBlendMode(skia.BlendMode.kDstOut)
    canvas.drawPaint(fade)


def _strand(canvas: skia.Canvas, clump: Clump, tones: tuple[str, str], rng: random.Random) -> None:
    start = rng.uniform(0, 0.4)
    end = rng.uniform(max(start + 0.3, 0.65), 1)
    tone = tones[rng.random() < 0.55]
    path = _along(clump.flow(rng.uniform(0.06, 0.94)), start, end, rng.uniform(1.2, 4.2))
    canvas.drawPath(path, ink(tone, rng.uniform(0.25, 0.6)))


def _shine(canvas: skia.Canvas, clump: Clump, hair: Hair, band: tuple[float, float], rng: random.Random) -> None:
    low, high = band
    canvas.drawPath(_along(clump.flow(0.4), low - 0.08, high + 0.08, 44), ink(hair.shine, 0.2, blur=10))
    for k in range(8):
        middle = (low + high) / 2 + rng.uniform(-0.03, 0.03)
        half = (high - low) / 2 * rng.uniform(0.45, 1.05) * (1 - abs(k - 2.5) / 9)
        path = _along(clump.flow(0.1 + 0.095 * k), middle - half, middle + half, rng.uniform(2, 6))
        canvas.drawPath(path, ink(hair.shine, rng.uniform(0.22, 0.45), blur=0.7))


def _along(flow: NDArray[np.float64], start: float, end: float, width: float) -> skia.Path:
    low, high = max(0.0, start), min(1.0, end)
    part = flow[int(low * (POINTS - 1)) : max(int(high * (POINTS - 1)), int(low * (POINTS - 1)) + 2) + 1]
    step = max(1, len(part) // 8)
    return ribbon([_place(p) for p in (*part[:-1:step], part[-1])], width, swelling, 18)


def _place(point: NDArray[np.float64]) -> Place:
    return float(point[0]), float(point[1])
