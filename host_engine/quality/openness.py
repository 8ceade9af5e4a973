"""How open a person's mouth is, frame by frame, from the pixels of its surroundings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.avatars.finders import Floats
from host_engine.host.mouth_place import MouthPlace, place_of
from host_engine.media import Picture
from host_engine.quality.offset import Curve

COLUMNS, ROWS = 48, 96
WIDE, ABOVE, BELOW = 1.2, 0.8, 1.6  # of the mouth's own units: what is looked at to both sides, above and below it
LOW, HIGH = 20, 84  # rows in which lips can be
LEFT, RIGHT = COLUMNS // 3, 2 * COLUMNS // 3  # the middle of the mouth
ROW = (ABOVE + BELOW) / ROWS  # of a unit
FULL = 0.86  # of a unit: how far the lips of a mouth that is wide open are apart
LINE = 0.05  # of a unit: less is the noise of a camera
PARTED = 0.05  # of a unit: where so much of the inside is seen the lips are apart
SHADE = 0.55  # of the usual light: what is darker belongs to the mouth, whatever its colour
PALE = 0.006  # of redness: teeth are that much less red than skin

Bytes = NDArray[np.uint8]


class Usual(NamedTuple):
    """What a mouth looks like as a rule: by this the opening is told from lips and skin."""

    light: float  # grey level of the skin
    skin: float  # redness: the red of a colour as a share of the whole
    lip: float
    shut: float  # units: how tall lips that touch are together
    seam: float  # of the usual light: how dark it is between them


def mouth(frame: Picture, box: Floats, points: Floats) -> Picture | None:
    """(96, 48, 3): the surroundings of a face's mouth, upright and always of one size in the face; None for no face.

    For a frame (h, w, 3) RGB, a box (4,) and points (5, 2) whose path was smoothed, so that a detector's noise moves
    nothing.
    """
    place = place_of(points, box, (frame.shape[0], frame.shape[1]))
    return _patch(frame, place) if place is not None else None


def usual(mouths: Sequence[Picture | None], at_rest: bool = False) -> Usual:
    """Of mouths, as `mouth` gives them, that are shut now and then; or, `at_rest`, always."""
    seen = [each for each in mouths if each is not None]
    if not seen:
        return Usual(1, 0, 1, 0, 1)
    light, red = _looks(np.stack(seen))
    grey, skin = float(np.median(light)), float(np.median(red))
    lip = max(float(np.percentile(red[:, LOW:HIGH, LEFT:RIGHT], 97)), skin + 2 * PALE)
    known = Usual(max(grey, 1.0), skin, lip, 0.0, 1.0)
    share = light[:, LOW:HIGH, LEFT:RIGHT] / known.light
    darkest, tall = share.min(1).mean(1), _tall(share, red[:, LOW:HIGH, LEFT:RIGHT], known)
    seam, shut = (50, 50) if at_rest else (80, 5)
    return known._replace(shut=float(np.percentile(tall, shut)), seam=float(np.percentile(darkest, seam)))


def openness(mouths: Sequence[Picture | None], known: Usual | None = None) -> Curve:
    """How open the mouth is in each frame, 0 shut .. 1 wide open; where none is seen what is around goes on.

    By how much of what lies between the lips is seen: the dark, or teeth, which are paler than skin; and, where any of
    it is seen, by how much taller the mouth is than lips that touch.
    """
    there = [k for k, each in enumerate(mouths) if each is not None]
    if not there:
        return np.zeros(len(mouths))
    known = known or usual(mouths)
    light, red = (
        part[:, LOW:HIGH, LEFT:RIGHT] for part in _looks(np.stack([each for each in mouths if each is not None]))
    )
    share = light / known.light
    inside = _inside(share, red, known)
    gaps = inside + np.maximum(_tall(share, red, known) - known.shut, 0) * np.clip(inside / PARTED, 0, 1)
    opening: Curve = np.clip((np.interp(np.arange(len(mouths)), there, gaps) - LINE) / FULL, 0, None)
    return opening


def _patch(frame: Picture, place: MouthPlace) -> Picture:
    across, down = 2 * WIDE * place.unit / COLUMNS, ROW * place.unit
    left, top = -WIDE * place.unit, -ABOVE * place.unit
    x, y = place.x + left * place.cos - top * place.sin, place.y + left * place.sin + top * place.cos
    to = np.array([[place.cos * across, -place.sin * down, x], [place.sin * across, place.cos * down, y]])
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    seen = cv2.warpAffine(frame, to, (COLUMNS, ROWS), flags=how, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, np.uint8)


def _looks(mouths: Bytes) -> tuple[Floats, Floats]:
    """Light in grey levels and redness in 0..1 of each pixel, (n, rows, columns), softened."""
    soft = np.stack([cv2.GaussianBlur(each.astype(np.float32), (0, 0), 1.0) for each in mouths])
    return soft @ np.array([0.3, 0.59, 0.11], np.float32), soft[..., 0] / np.maximum(soft.sum(-1), 1)


def _tall(share: Floats, red: Floats, known: Usual) -> Curve:
    """How tall the mouth is with its lips, in units: from the first to the last of what is as red as lips, or dark."""
    middle, width = (known.skin + known.lip) / 2, known.lip - known.skin
    part = np.maximum(np.clip(2 * (red - middle) / width + 0.5, 0, 1), np.clip((SHADE - share) / 0.1, 0, 1))
    above, below = (1 - np.maximum.accumulate(each, 1) for each in (part, part[:, ::-1]))
    tall: Curve = np.clip(part.shape[1] - above.sum(1) - below.sum(1), 0, None).mean(1) * ROW
    return tall


def _inside(share: Floats, red: Floats, known: Usual) -> Curve:
    """How much of the inside is seen between the lips, in units of height."""
    width = known.lip - known.skin
    lips = np.clip(2 * (red - known.skin - 0.4 * width) / width + 0.5, 0, 1)
    between = np.minimum(np.maximum.accumulate(lips, 1), np.maximum.accumulate(lips[:, ::-1], 1)[:, ::-1])
    teeth = np.clip((known.skin - PALE - red) / 0.015, 0, 1) * between
    dark = np.clip((0.88 * known.seam - share) / (0.15 * known.seam), 0, 1)
    inside: Curve = np.maximum(teeth, dark).sum(1).mean(1) * ROW
    return inside
