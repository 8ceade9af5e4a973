"""The warped mouth: the lips and the jaw of a picture moved by the numbers of a mouth's shape, without any network.

The upper lip and the lower lip with the jaw are each moved as one smooth sheet; where they part, the inside of the
mouth is painted. All lengths are in the mouth's own units (`mouth_place`).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from host_engine.host.lip_lines import LipLines, lip_lines
from host_engine.host.mouth_inside import Gap, colours_of, paint
from host_engine.host.mouth_place import Floats, MouthPlace, place_of
from host_engine.host.mouth_sheets import Lips, curve, move
from host_engine.media import REST, MouthShape, Picture

OPEN = 0.86  # v; how far the lips part at an opening of 1
RISES = 0.16  # the upper lip's share in that
MEET = 0.3  # of an opening of the footage: where its lips meet when they shut, seen from the upper one
CORNER = 0.22  # the corners' share in the opening
LIP = 0.6  # v; that the lower lip needs
SOFT = 0.05  # v; the edges of the lips


def warp(under: Picture, points: NDArray[np.floating], box: NDArray[np.floating], shape: MouthShape) -> Picture:
    """The picture (h, w, 3) RGB with its mouth in this shape; points (5, 2) and box (4,) in its pixels.

    At `REST` the picture stays as it is, as it does where the points are no face's. Its edges are never changed.
    """
    out = under.copy()
    place, shape = place_of(points, box, (under.shape[0], under.shape[1])), _held(shape)
    told = _told(shape)
    if place is None or (told == 0 and shape.smile == REST.smile):
        return out
    place, own = lip_lines(under, place)
    seam = own.upper + MEET * (own.lower - own.upper)
    lips = _lips(shape, own, seam, told, place.floor)
    move(under, out, place, own, lips)
    if (lips.lower - lips.upper) * place.unit * told > 0.3:
        _open(out, place, lips, told, lambda gap: paint(gap, colours_of(under, place, own.lower), shape, seam))
    return out


def _held(shape: MouthShape) -> MouthShape:
    """The shape within what a mouth can do; `REST` where it is not numbers."""
    if not np.isfinite(shape).all():
        return REST
    least, most = MouthShape(0, -1, 0, 0, 0, 0), MouthShape(1, 1, 1, 1, 1, 1)
    return MouthShape(*(min(max(value, low), high) for value, low, high in zip(shape, least, most, strict=True)))


def _told(shape: MouthShape) -> float:
    """How much the shape says of the lips, 0 (nothing: they are at rest, the footage's own stay) .. 1."""
    away = (
        abs(shape.open) / 0.05,
        abs(shape.wide - REST.wide) / 0.15,
        shape.round / 0.1,
        abs(shape.teeth - REST.teeth) / 0.3,
        abs(shape.tongue - REST.tongue) / 0.35,
    )
    return min(max(away), 1.0)


def _lips(shape: MouthShape, own: LipLines, seam: float, told: float, floor: float) -> Lips:
    """Where the lips go; the lower one stays off the picture's lower edge, at `floor`."""
    gap = min(OPEN * shape.open, max(floor - LIP - seam, 0.0))
    corner = CORNER * gap
    wide = 1 + 0.1 * (shape.wide - REST.wide) - 0.26 * shape.round - 0.06 * shape.open
    lifted = 0.05 * max(shape.wide, 0.0) * min(shape.open * 5, 1.0)
    upper, lower = seam - RISES * gap - lifted - corner, seam + (1 - RISES) * gap - corner
    smiled = 0.06 * (shape.smile - REST.smile)
    return Lips(
        own.upper + (upper - own.upper) * told + smiled,
        own.lower + (lower - own.lower) * told + smiled,
        corner * told - smiled,
        1 + (wide - 1) * told,
    )


def _open(out: Picture, place: MouthPlace, lips: Lips, told: float, inside: Callable[[Gap], Floats]) -> None:
    """Paints what is seen between the lips."""
    x0, y0, x1, y1 = _opening(place, lips, out.shape)
    u, v = place.uv(np.arange(x0, x1, dtype=np.float32), np.arange(y0, y1, dtype=np.float32)[:, None])
    t = u / np.float32(lips.wide)
    arch, slope = curve(t)
    unit, steep = np.float32(place.unit), np.float32(place.unit / (place.half * lips.wide))
    corner, upper, lower = (np.float32(edge) for edge in (lips.corner, lips.upper, lips.lower))
    below = (v - corner - upper * arch) * (unit / np.sqrt(1 + (slope * (upper * steep)) ** 2))
    above = (corner + lower * arch - v) * (unit / np.sqrt(1 + (slope * (lower * steep)) ** 2))
    soft = np.float32(max(SOFT * place.unit, 1.0))
    share = np.clip(np.minimum(below, above) / soft + np.float32(0.5), 0, 1) * (np.abs(t) < 1) * np.float32(told)
    painted = inside(Gap(t, v, u * np.float32(place.half / place.unit), below, above, place.unit))
    part = out[y0:y1, x0:x1]
    part[:] = np.clip(part + (painted - part) * share[..., None] + np.float32(0.5), 0, 255).astype(np.uint8)


def _opening(place: MouthPlace, lips: Lips, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """The pixels about the opening: x0, y0, x1, y1."""
    heights = lips.corner, lips.corner + lips.upper, lips.corner + lips.lower
    ends = [place.pixel(u, v) for u in (-lips.wide, lips.wide) for v in heights]
    across, down = zip(*ends, strict=True)
    x0, y0 = max(0, int(min(across)) - 2), max(0, int(min(down)) - 2)
    return x0, y0, max(x0, min(shape[1], int(max(across)) + 3)), max(y0, min(shape[0], int(max(down)) + 3))
