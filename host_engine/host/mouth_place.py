"""Where the mouth of a face lies in a picture: its axes, its size, and the room around it, from five points."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

LIPS = 0.37  # half the width of a usual mouth, in distances from the eyes to the mouth
CHIN = 0.56  # from the mouth to the chin, in the same, where no box tells it
LEAST_FLOOR = 0.7  # units from the mouth to the picture's lower edge: the lower lip must be in it
LEAST_TALL = 8.0  # pixels from the eyes to the mouth: in a smaller face no lips are seen


class MouthPlace(NamedTuple):
    """The mouth's own coordinates: u across, 1 at the corners as they are; v down, in units of a usual half mouth."""

    x: float  # the middle of the line between the corners, in pixels
    y: float
    cos: float  # the direction of that line, to the viewer's right
    sin: float
    half: float  # pixels from the middle to a corner
    unit: float  # pixels; hardly changes with what the mouth does
    nose: float  # units from the line up to the tip of the nose
    chin: float  # units from the line down to the chin
    floor: float  # units from the line down to the lower edge of the picture
    eyes: tuple[tuple[float, float], tuple[float, float]]  # pixels

    def uv(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """The mouth's coordinates of pixels."""
        across, down = x - np.float32(self.x), y - np.float32(self.y)
        u = across * np.float32(self.cos / self.half) + down * np.float32(self.sin / self.half)
        v = down * np.float32(self.cos / self.unit) - across * np.float32(self.sin / self.unit)
        return u, v

    def pixel(self, u: float, v: float) -> tuple[float, float]:
        """The pixel at coordinates of the mouth."""
        across, down = u * self.half, v * self.unit
        return self.x + across * self.cos - down * self.sin, self.y + across * self.sin + down * self.cos


def place_of(points: NDArray[np.floating], box: NDArray[np.floating], size: tuple[int, int]) -> MouthPlace | None:
    """The mouth of a face with these points (5, 2) and this box (4,) in a picture of size (height, width).

    None where the points are no face's: not numbers, upside down, out of proportion, or the mouth outside the picture.
    """
    at = np.asarray(points, np.float64)
    if at.shape != (5, 2) or not np.isfinite(at).all():
        return None
    eyes, mouth = (at[0] + at[1]) / 2, (at[3] + at[4]) / 2
    across, axis = at[4] - at[3], mouth - eyes
    half, tall = math.hypot(*across) / 2, math.hypot(*axis)
    if tall < LEAST_TALL or not 0.1 < half / tall < 1:
        return None
    cos, sin = across / (2 * half)
    usual = LIPS * tall
    upright = float(axis @ (-sin, cos)) > 0.7 * tall
    inside = 0 < mouth[0] < size[1] - 1 and 0 < mouth[1] < size[0] - 1
    if not upright or not inside:
        return None
    unit = math.sqrt(usual * min(max(half, 0.7 * usual), 1.3 * usual))
    nose = min(max(float((mouth - at[2]) @ (-sin, cos)), 0.25 * tall), 0.6 * tall)
    chin = _chin(float(mouth[1]), np.asarray(box, np.float64), float(cos), tall)
    floor = (size[0] - 2 - float(mouth[1])) / (max(float(cos), 0.5) * unit)
    if floor < LEAST_FLOOR:
        return None
    left, right = ((float(x), float(y)) for x, y in at[:2])
    return MouthPlace(
        float(mouth[0]),
        float(mouth[1]),
        float(cos),
        float(sin),
        half,
        unit,
        nose / unit,
        chin / unit,
        floor,
        (left, right),
    )


def _chin(mouth: float, box: NDArray[np.float64], cos: float, tall: float) -> float:
    """Pixels from the mouth down to the chin: to the box's lower edge, as far as faces have it there."""
    if box.shape != (4,) or not np.isfinite(box).all() or cos < 0.7:
        return CHIN * tall
    return min(max((float(box[3]) - mouth) / cos, 0.48 * tall), 0.8 * tall)
