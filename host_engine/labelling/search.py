"""Looks for a label all over a picture: as a whole, at other sizes, mirrored, or only a part of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import cv2
import numpy as np

from host_engine.labelling.reading import FLAT
from host_engine.labelling.reference import Field, Reference, softened
from host_engine.labelling.view import View
from host_engine.show.scene import Box

FOUND = 0.75  # correlation from which on the place is looked at more closely
COARSE = 14  # pixels: to such a height of the label a picture is made smaller for the search
AROUND = 6  # pixels around a place that was found in a smaller picture
SCALES = tuple(0.25 * 1.12**n for n in range(18))  # 0.25 to 1.7


class Spot(NamedTuple):
    """Where a label may be: its upper left corner, and how much it is like itself there."""

    x: int
    y: int
    likeness: float


class Piece(NamedTuple):
    """A part of a label that is seen, and where: `side` is the part that is left of it."""

    side: str
    spot: Spot


def spots(view: View, of: Reference, most: int = 2) -> list[Spot]:
    """The places where a label of this size might be, the most likely first."""
    return list(_spots(view, of.luma, of, (of.core.x, of.core.y), most))


def anywhere(view: View, sizes: Iterable[Reference]) -> Iterator[tuple[Reference, Spot]]:
    """A label of one of these sizes, wherever it is: the most likely place and size first."""
    found = [(of, spot) for of in sizes for spot in spots(view, of, 1)]
    yield from sorted(found, key=lambda pair: -pair[1].likeness)[:3]


def piece(view: View, of: Reference) -> Piece | None:
    """A half of the words, where only that is left of the label."""
    middle, core = of.core.w // 2, of.core
    halves = {"left": of.luma[:, :middle], "right": of.luma[:, middle:]}
    best: Piece | None = None
    for side, luma in halves.items():
        at = core.x + (0 if side == "left" else middle), core.y
        whole = np.ascontiguousarray(luma)
        for coarse in _spots(view, whole, of, at, 1):
            spot = _refined(view, whole, at, coarse)
            if spot and (best is None or spot.likeness > best.spot.likeness):
                best = Piece(side, spot)
    return best


def _refined(view: View, luma: Field, at: tuple[int, int], near: Spot) -> Spot | None:
    """The same place, found to the pixel; None where it reaches out of the picture or shows nothing."""
    high, wide = luma.shape
    x, y = max(0, near.x + at[0] - AROUND), max(0, near.y + at[1] - AROUND)
    region = softened(view.luma[y : y + high + 2 * AROUND, x : x + wide + 2 * AROUND])
    if region.shape[0] < high or region.shape[1] < wide:
        return None
    match = np.nan_to_num(cv2.matchTemplate(region, luma, cv2.TM_CCOEFF_NORMED), nan=-1.0, posinf=-1.0, neginf=-1.0)
    _, likeness, _, (dx, dy) = cv2.minMaxLoc(match)
    if region[dy : dy + high, dx : dx + wide].std() < FLAT:
        return None
    return Spot(x + dx - at[0], y + dy - at[1], float(likeness))


def outside(view: View, of: Reference, spot: Spot) -> bool:
    """Whether the words of a label that stands there reach out of the picture."""
    core = Box(spot.x + of.core.x, spot.y + of.core.y, of.core.w, of.core.h)
    return core.x < 0 or core.y < 0 or core.right > view.size[0] or core.bottom > view.size[1]


def _spots(view: View, luma: Field, of: Reference, at: tuple[int, int], most: int) -> Iterator[Spot]:
    """Where the field is found; `at` is its place within the label."""
    shrink = max(1.0, of.size[1] / COARSE)
    small, wanted = _shrunk(view.luma, shrink), _shrunk(luma, shrink)
    if wanted.shape[0] > small.shape[0] or wanted.shape[1] > small.shape[1] or min(wanted.shape) < 3:
        return
    match = np.nan_to_num(cv2.matchTemplate(small, wanted, cv2.TM_CCOEFF_NORMED), nan=-1.0, posinf=-1.0, neginf=-1.0)
    for _ in range(most):
        _, likeness, _, (x, y) = cv2.minMaxLoc(match)
        if likeness < FOUND - 0.2:
            return
        yield Spot(round(x * shrink) - at[0], round(y * shrink) - at[1], float(likeness))
        high, wide = wanted.shape
        match[max(0, y - high) : y + high, max(0, x - wide) : x + wide] = -1.0


def _shrunk(field: np.ndarray[tuple[int, ...], np.dtype[np.generic]], by: float) -> Field:
    if by <= 1:
        return field.astype(np.float32)
    size = max(1, round(field.shape[1] / by)), max(1, round(field.shape[0] / by))
    return np.asarray(cv2.resize(field.astype(np.float32), size, interpolation=cv2.INTER_AREA), np.float32)
