"""Reads a label back from a picture that left: is each part of it there, in its colours, and can it be read."""

from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.labelling.reference import BARE, INK, Field, Reference, softened
from host_engine.labelling.view import View
from host_engine.show.scene import Box, contrast

FLAT = 3.0  # levels: what differs less among itself shows no words
WRITTEN = 0.5  # share of a pixel from which on it says something of the ink's brightness

Colour = tuple[float, float, float]  # Y, U, V


class Reading(NamedTuple):
    """What was found at one place of a picture.

    place: of the whole label; likeness: correlation of the words with what they have to look like, -1 to 1; whole:
    share of the label's parts that look as they have to; worst: how far the one that does the least is off, as a share
    of the step from ground to ink; drawn: that step itself, as a share of what it has to be; shift: between the colours
    of the ground and what they have to be, (luma, chroma) in levels; ink_shift: of the ink's colours; contrast: as of
    WCAG 2.2 between the two as they were measured; letters: height of the words in pixels.
    """

    place: Box
    likeness: float
    whole: float
    worst: float
    drawn: float
    shift: tuple[float, float]
    ink_shift: float
    contrast: float
    letters: int


def read(view: View, of: Reference, x: int, y: int, near: int = 2) -> Reading | None:
    """Read the label whose upper left corner is within `near` pixels of x, y; None where it would not be in the
    picture."""
    found = _aligned(view, of, x, y, near)
    if found is None:
        return None
    x, y, patch = found
    fill, colour, parts = _colours(view, of, x, y, patch), _ink(view, of, x, y, patch), _cells(of, patch)
    step = colour[0] - fill[0]
    return Reading(
        Box(x, y, *of.size),
        likeness(patch, of.luma),
        sum(each <= PART for each in parts) / len(parts),
        max(parts),
        step / of.step,
        (fill[0] - of.fill[0], float(np.hypot(fill[1] - of.fill[1], fill[2] - of.fill[2]))),
        float(np.hypot(colour[1] - of.colour[1], colour[2] - of.colour[2])),
        contrast(_hexed(colour), _hexed(fill)),
        of.letters,
    )


PART = 0.20  # of the step from ground to ink: by so much a part of the label may differ in the mean


def likeness(patch: Field, luma: Field) -> float:
    """The correlation of two fields, -1 to 1; 0 where one of them shows nothing."""
    a, b = patch - patch.mean(), luma - luma.mean()
    spread = float(a.std() * b.std())
    if a.std() < FLAT or spread <= 0:
        return 0.0
    return float((a * b).mean()) / spread


def _aligned(view: View, of: Reference, x: int, y: int, near: int) -> tuple[int, int, Field] | None:
    """Where within `near` pixels the words are the most like themselves, and the brightness there, softened."""
    wide, high = view.size
    left, top = x + of.core.x, y + of.core.y
    x0, y0 = max(left - near, 0), max(top - near, 0)
    x1, y1 = min(left + of.core.w + near, wide), min(top + of.core.h + near, high)
    if x1 - x0 < of.core.w or y1 - y0 < of.core.h:
        return None
    region = softened(view.luma[y0:y1, x0:x1])
    dx = dy = 0
    if region.shape != of.luma.shape:
        match = cv2.matchTemplate(region, of.luma, cv2.TM_CCOEFF_NORMED)
        _, _, _, (dx, dy) = cv2.minMaxLoc(np.nan_to_num(match, nan=-1.0, posinf=-1.0, neginf=-1.0))
    patch = region[dy : dy + of.core.h, dx : dx + of.core.w]
    return x0 + dx - of.core.x, y0 + dy - of.core.y, patch


def _cells(of: Reference, patch: Field) -> list[float]:
    """By how much each part differs from what it has to look like, as a share of the step from ground to ink."""
    off = np.abs(patch - of.luma) / max(abs(of.step), 1.0)
    return [float(off[cell.y : cell.bottom, cell.x : cell.right].mean()) for cell in of.cells]


def _colours(view: View, of: Reference, x: int, y: int, patch: Field) -> Colour:
    """The colours of the ground between and around the letters."""
    return (_fit(of.ink, patch)[0], *_chroma(view, of, x, y, of.ink < BARE))


def _ink(view: View, of: Reference, x: int, y: int, patch: Field) -> Colour:
    """The colours of the letters."""
    ground, step = _fit(of.ink, patch)
    return (ground + step, *_chroma(view, of, x, y, of.ink > INK))


def _fit(ink: Field, patch: Field) -> tuple[float, float]:
    """Brightness of the ground, and the step from there to the ink: medians, which what covers a part cannot pull."""
    share = softened(ink)
    ground = float(np.median(patch[share < BARE]))
    written = share > min(WRITTEN, 0.6 * float(share.max()))
    return ground, float(np.median((patch[written] - ground) / share[written]))


def _chroma(view: View, of: Reference, x: int, y: int, where: NDArray[np.bool_]) -> tuple[float, float]:
    """U and V there, each in the middle of what is found; those of grey where the place is too small for a colour."""
    rows, columns = np.nonzero(where)
    rows, columns = (rows + y + of.core.y) // 2, (columns + x + of.core.x) // 2
    if not len(rows):
        return 128.0, 128.0
    rows, columns = np.minimum(rows, view.blue.shape[0] - 1), np.minimum(columns, view.blue.shape[1] - 1)
    return float(np.median(view.blue[rows, columns])), float(np.median(view.red[rows, columns]))


def _hexed(colour: Colour) -> str:
    """Y, U and V in limited range of BT.601 as #rrggbb."""
    y, u, v = 1.164 * (colour[0] - 16), colour[1] - 128, colour[2] - 128
    rgb = y + 1.596 * v, y - 0.392 * u - 0.813 * v, y + 2.017 * u
    return "#" + "".join(f"{min(255, max(0, round(each))):02x}" for each in rgb)
