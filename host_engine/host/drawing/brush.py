"""The strokes everything is painted with: curves through points, tapering ribbons, washes, shades inside a shape."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import skia
from numpy.typing import NDArray

from host_engine.host.artwork import Rgb

Place = tuple[float, float]
Line = Sequence[Place]
Profile = Callable[[NDArray[np.float64]], NDArray[np.float64]]

MULTIPLY = skia.BlendMode.kMultiply
SCREEN = skia.BlendMode.kScreen


def rgb(colour: str) -> Rgb:
    """The red, green and blue (0..255) of "#rrggbb"."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(a: str, b: str, share: float) -> str:
    """The colour `share` (0..1) of the way from a to b."""
    return "#" + "".join(f"{round(p + (q - p) * share):02x}" for p, q in zip(rgb(a), rgb(b), strict=True))


def mirrored(points: Line) -> list[Place]:
    """The same points on the other side of the y axis."""
    return [(-x, y) for x, y in points]


def trace(points: Line, count: int) -> NDArray[np.float64]:
    """`count` places along the smooth open curve through the points: (count, 2)."""
    known = np.asarray(points, np.float64)
    padded = np.vstack([2 * known[0] - known[1], known, 2 * known[-1] - known[-2]])
    along = np.linspace(0, len(known) - 1, count)
    left = np.minimum(along.astype(int), len(known) - 2)
    t = (along - left)[:, None]
    a, b, c, d = (padded[left + k] for k in range(4))
    curved: NDArray[np.float64] = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    return curved


def curve(points: Line, closed: bool = True) -> skia.Path:
    """A smooth path through the points; a point given twice in a row is a corner."""
    path = skia.Path()
    path.moveTo(*points[0])
    count = len(points)
    for i in range(count if closed else count - 1):
        before, a, b, after = (_at(points, i + k, closed) for k in (-1, 0, 1, 2))
        if a == b:
            continue
        path.cubicTo(
            a[0] + (b[0] - before[0]) / 6, a[1] + (b[1] - before[1]) / 6,
            b[0] - (after[0] - a[0]) / 6, b[1] - (after[1] - a[1]) / 6, b[0], b[1],
        )  # fmt: skip
    if closed:
        path.close()
    return path


def _at(points: Line, index: int, closed: bool) -> Place:
    return points[index % len(points)] if closed else points[min(max(index, 0), len(points) - 1)]


def polygon(places: NDArray[np.float64] | Line) -> skia.Path:
    """The closed path with straight sides through the places."""
    path = skia.Path()
    path.addPoly([skia.Point(float(x), float(y)) for x, y in places], True)
    return path


def swelling(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Thin at both ends, full in the middle."""
    return np.sin(np.pi * u) ** 0.7


def fading(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Full soon after the start, running out to a point."""
    return np.minimum(1, u / 0.12) ** 0.6 * (1 - u) ** 0.7


def even(u: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same width all along."""
    return np.ones_like(u)


def ribbon(points: Line, width: float, profile: Profile = swelling, count: int = 26) -> skia.Path:
    """A stroke along the smooth curve through the points, as wide as the profile (0..1 along it) times the width."""
    spine = trace(points, count)
    along = np.gradient(spine, axis=0)
    along /= np.hypot(along[:, :1], along[:, 1:]) + 1e-9
    across = np.stack([-along[:, 1], along[:, 0]], 1)
    half = (profile(np.linspace(0, 1, count)) * width / 2)[:, None]
    return polygon(np.vstack([spine + across * half, (spine - across * half)[::-1]]))


def limb(start: Place, end: Place, width_start: float, width_end: float) -> skia.Path:
    """A tapering piece with round ends: a finger, a forearm."""
    angle = math.atan2(end[1] - start[1], end[0] - start[0])
    places: list[Place] = []
    for (x, y), width, turn in ((start, width_start, math.pi / 2), (end, width_end, -math.pi / 2)):
        for step in np.linspace(0, math.pi, 14):
            at = angle + turn + step
            places.append((x + math.cos(at) * width / 2, y + math.sin(at) * width / 2))
    return polygon(places)


def together(*paths: skia.Path) -> skia.Path:
    """The outline around all the paths."""
    whole = paths[0]
    for path in paths[1:]:
        whole = skia.Op(whole, path, skia.PathOp.kUnion_PathOp)
    return whole


def ink(
    colour: str, alpha: float = 1.0, blur: float = 0.0, width: float = 0.0, blend: skia.BlendMode | None = None
) -> skia.Paint:
    """A paint of one colour: filled, or a line where a width is given."""
    paint = skia.Paint(AntiAlias=True, Color=skia.Color(*rgb(colour), round(255 * alpha)))
    if blur:
        paint.setMaskFilter(skia.MaskFilter.MakeBlur(skia.kNormal_BlurStyle, blur))
    if width:
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(width)
        paint.setStrokeCap(skia.Paint.kRound_Cap)
        paint.setStrokeJoin(skia.Paint.kRound_Join)
    if blend is not None:
        paint.setBlendMode(blend)
    return paint


def wash(start: Place, end: Place, colours: Sequence[str], stops: Sequence[float] | None = None) -> skia.Paint:
    """A paint that runs through the colours from start to end."""
    shader = skia.GradientShader.MakeLinear(
        [skia.Point(*start), skia.Point(*end)], [skia.Color(*rgb(c)) for c in colours], stops
    )
    return skia.Paint(AntiAlias=True, Shader=shader)


def glow(centre: Place, radius: float, colour: str, alpha: float) -> skia.Paint:
    """A paint that is strongest in the centre and gone at the radius."""
    near, far = skia.Color(*rgb(colour), round(255 * alpha)), skia.Color(*rgb(colour), 0)
    shader = skia.GradientShader.MakeRadial(skia.Point(*centre), radius, [near, far])
    return skia.Paint(AntiAlias=True, Shader=shader)


def ball(centre: Place, radius: float, colours: Sequence[str], stops: Sequence[float] | None = None) -> skia.Paint:
    """A paint that runs through the colours from the centre outwards."""
    shader = skia.GradientShader.MakeRadial(skia.Point(*centre), radius, [skia.Color(*rgb(c)) for c in colours], stops)
    return skia.Paint(AntiAlias=True, Shader=shader)


@contextmanager
def inside(canvas: skia.Canvas, path: skia.Path) -> Iterator[skia.Canvas]:
    """Paint only inside the path."""
    canvas.save()
    canvas.clipPath(path, skia.ClipOp.kIntersect, True)
    try:
        yield canvas
    finally:
        canvas.restore()


@contextmanager
def moved(canvas: skia.Canvas, to: Place, turn: float = 0, mirror: bool = False, scale: float = 1) -> Iterator[None]:
    """Paint in the frame of a part: its origin at `to`, turned by degrees (clockwise), mirrored first if asked."""
    canvas.save()
    canvas.translate(*to)
    canvas.rotate(turn)
    canvas.scale(-scale if mirror else scale, scale)
    try:
        yield
    finally:
        canvas.restore()
