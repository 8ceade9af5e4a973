"""A face as two sheets, one with the upper lip and one with the lower lip and the jaw, each moved smoothly."""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np

from host_engine.host.lip_lines import POWER, LipLines
from host_engine.host.mouth_place import Floats, MouthPlace
from host_engine.media import Picture

JAW = 0.72  # the chin's share in the way of the lower lip
REACH = 2.5  # v; how far the motion reaches to the sides
NECK = 1.0  # v; below the chin everything comes to rest within this
FOLD = 1.8  # times as long as the way itself is the room in which motion fades: with 1.5 what is below would fold
NODES = 6  # of the mesh in a unit
MARGIN = 0.09  # of the picture: along its edges nothing moves
TABLE = 1024

_T = np.linspace(-1, 1, TABLE, dtype=np.float32)
_ARCH = np.maximum(1 - _T * _T, 0) ** POWER
_SLOPE = np.gradient(_ARCH, _T).astype(np.float32)

Part = tuple[int, int, int, int]  # x0, y0, x1, y1


class Lips(NamedTuple):
    """Where the lips go: their inner edges at the middle, seen from the corners, and these, in v; and how wide."""

    upper: float
    lower: float
    corner: float = 0.0
    wide: float = 1.0


def move(under: Picture, out: Picture, place: MouthPlace, own: LipLines, lips: Lips) -> None:
    """Writes into `out` what of `under` moves, where its own lips go to `lips`; both are (h, w, 3)."""
    x0, y0, x1, y1 = _reach(place, under.shape)
    if x1 - x0 < 4 or y1 - y0 < 4:
        return
    first, last = (min(max(row, y0), y1) for row in _line(place, lips))
    upward, downward = _mesh(under, place, own, lips, (x0, y0, x1, y1))
    above, below = (x0, y0, x1, last), (x0, first, x1, y1)
    upper, lower = _seen(under, upward, place, above), _seen(under, downward, place, below)
    out[y0:first, x0:x1] = upper[: first - y0]
    out[last:y1, x0:x1] = lower[last - first :]
    if last > first:
        share = _below(place, lips, (x0, first, x1, last))
        out[first:last, x0:x1] = cv2.blendLinear(lower[: last - first], upper[first - y0 :], share, 1 - share)


def curve(t: Floats) -> tuple[Floats, Floats]:
    """The arch of the lips from corner to corner, t from -1 to 1, and its slope."""
    at = ((np.clip(t, -1, 1) + 1) * ((TABLE - 1) / 2)).astype(np.int32)
    return _ARCH[at], _SLOPE[at]


def _reach(place: MouthPlace, shape: tuple[int, ...]) -> Part:
    """The part of the picture that may move."""
    side = REACH * place.unit / place.half
    ends = [place.pixel(u, v) for u in (-side, side) for v in (-place.nose, place.chin + 2 * NECK)]
    across, down = zip(*ends, strict=True)
    return (
        max(1, int(min(across))),
        max(1, int(min(down))),
        min(shape[1] - 1, int(max(across)) + 1),
        min(shape[0] - 1, int(max(down)) + 1),
    )


def _line(place: MouthPlace, lips: Lips) -> tuple[int, int]:
    """The rows in which the sheets meet, first and the one after the last."""
    side = REACH * place.unit / place.half
    middle = (0.0, lips.corner + (lips.upper + lips.lower) / 2)
    down = [place.pixel(u, v)[1] for u, v in ((-side, lips.corner), (side, lips.corner), middle)]
    return int(min(down)) - 2, int(max(down)) + 3


def _below(place: MouthPlace, lips: Lips, part: Part) -> Floats:
    """The lower sheet's share: 0 above the middle between the lips, 1 below it."""
    u, v = place.uv(*_pixels(part))
    arch, _ = curve(u / np.float32(lips.wide))
    middle = np.float32(lips.corner) + np.float32((lips.upper + lips.lower) / 2) * arch
    return np.asarray(np.clip((v - middle) * np.float32(place.unit) + np.float32(0.5), 0, 1), np.float32)


def _pixels(part: Part) -> tuple[Floats, Floats]:
    x0, y0, x1, y1 = part
    return np.arange(x0, x1, dtype=np.float32), np.arange(y0, y1, dtype=np.float32)[:, None]


class _Nodes(NamedTuple):
    """Where (rows, columns, 2) the middles of cells of so many pixels come from; the first begins at x, y."""

    places: Floats
    cell: int
    x: int
    y: int


def _seen(picture: Picture, nodes: _Nodes, place: MouthPlace, part: Part) -> Picture:
    """A part of the picture as the mesh moves it."""
    x0, y0, x1, y1 = part
    if y1 <= y0:
        return np.empty((0, x1 - x0, 3), np.uint8)
    cell = nodes.cell
    first, last = (y0 - nodes.y) // cell - 1, -((nodes.y - y1) // cell) + 1
    rows = nodes.places[first:last]
    dense = cv2.resize(rows, (rows.shape[1] * cell, len(rows) * cell), interpolation=cv2.INTER_LINEAR)
    left, top = x0 - nodes.x, y0 - nodes.y - first * cell
    places = dense[top : top + y1 - y0, left : left + x1 - x0]
    remap: Any = cv2.remap  # its types do not know that one map may hold both coordinates
    return np.asarray(remap(picture, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _mesh(under: Picture, place: MouthPlace, own: LipLines, lips: Lips, part: Part) -> tuple[_Nodes, _Nodes]:
    """Where the upper lip's sheet and the lower lip's come from; a cell and more around the part is told as well."""
    x0, y0, x1, y1 = part
    cell = max(2, int(place.unit / NODES))
    left, top = x0 - 2 * cell, y0 - 2 * cell
    columns, rows = (x1 - left) // cell + 3, (y1 - top) // cell + 3
    x = np.arange(columns, dtype=np.float32) * cell + ((cell - 1) / 2 + left)
    y = np.arange(rows, dtype=np.float32)[:, None] * cell + ((cell - 1) / 2 + top)
    across, upward, downward = _ways(place, own, lips, *place.uv(x, y))
    still = _still(x, under.shape[1]) * _still(y, under.shape[0])
    sheets = []
    for way in (upward, downward):
        places = np.empty((rows, columns, 2), np.float32)
        places[..., 0] = x + (place.cos * across - place.sin * way) * still
        places[..., 1] = y + (place.sin * across + place.cos * way) * still
        sheets.append(_Nodes(places, cell, left, top))
    return sheets[0], sheets[1]


def _ways(place: MouthPlace, own: LipLines, lips: Lips, u: Floats, v: Floats) -> tuple[Floats, Floats, Floats]:
    """How far away is what a place shows, in pixels: across, and down for the upper and the lower lip's sheet."""
    t = np.abs(u) / np.float32(lips.wide)
    arch = np.maximum(1 - t * t, 0) ** np.float32(POWER)
    corner = lips.corner * (1 - _smooth((t - 1) / 1.2))
    upper, lower = corner + lips.upper * arch, corner + lips.lower * arch
    above, below = upper - v, v - lower
    near = (1 - _smooth(above / (0.9 * place.nose))) * (1 - _smooth(below / (0.8 * place.chin)))
    across = u * ((1 / lips.wide - 1) * (1 - _smooth((t - 1) / 1.3)) * near * place.half)
    raised = (upper - own.upper * arch) * (1 - _smooth(above / (0.85 * place.nose)))
    drop, rest = _jaw(place, JAW * (lips.lower + lips.corner - own.lower))
    aside = np.abs(u) * np.float32(place.half / (place.unit * REACH))
    jaw = drop * np.maximum(1 - aside * aside, 0) ** 2
    bony = _smooth(below / (0.5 * place.chin))
    dropped = (lower - own.lower * arch) * (1 - bony) + jaw * bony
    dropped *= 1 - _smooth((v - rest[0]) / (rest[1] - rest[0]))
    return across, -raised * np.float32(place.unit), -dropped * np.float32(place.unit)


def _jaw(place: MouthPlace, drop: float) -> tuple[float, tuple[float, float]]:
    """How far the chin goes down, and between which heights below it everything comes to rest; nothing may fold.

    Where the picture ends near the chin the chin stays and only the lip goes down.
    """
    end = min(place.chin + NECK + max(drop, 0.0), place.floor)
    drop = min(drop, max(end - 0.5, 0.0) / FOLD)
    start = min(place.chin + max(drop, 0.0), end - FOLD * abs(drop))
    return drop, (start, max(end, start + 0.05))


def _still(at: Floats, length: int) -> Floats:
    """0 at the picture's edges, 1 from its margin on inwards."""
    edge = np.minimum(at, length - 1 - at) - 1
    return _smooth(edge / max(MARGIN * length, 1.0))


def _smooth(value: Floats) -> Floats:
    """0 up to 0, 1 from 1 on, smooth between."""
    held = np.clip(value, 0, 1)
    return np.asarray(held * held * (3 - 2 * held), np.float32)
