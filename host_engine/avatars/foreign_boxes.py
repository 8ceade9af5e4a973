"""The faces in other programs' avatar folders: four numbers in one of two orders, and the points they stand for."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.avatars.finders import TYPICAL
from host_engine.avatars.source import FootageError
from host_engine.media import Picture

CORNERS = (0, 1, 2, 3)  # x0, y0, x1, y1: MuseTalk
SIDES = (2, 0, 3, 1)  # y0, y1, x0, x1: LiveTalking's wav2lip; where in the four the x0, y0, x1, y1 are
ORDERS = {"musetalk": (CORNERS, SIDES), "wav2lip": (SIDES, CORNERS)}  # the usual one first
LEAST = 16  # pixels of a face
LONGEST_GAP = 12  # frames without a face that are bridged
SHAPE = (0.45, 2.2)  # width by height of what can be a face
COMPARED = 48  # pixels a side at which a crop is compared

# MuseTalk's box reaches from its jaw line's outermost points and the chin as far up as the middle of the nose's bridge
# is above the chin, twice: its eyes lie higher in it than in a detector's box.
MUSETALK = np.array([(0.29, 0.275), (0.71, 0.275), (0.5, 0.56), (0.32, 0.75), (0.68, 0.75)], np.float32)

Boxes = NDArray[np.float64]
Sample = tuple[int, Picture, Picture]


def boxes_of(numbers: Boxes, size: tuple[int, int], layout: str, samples: list[Sample]) -> tuple[Boxes, list[str]]:
    """The numbers (n, 4) as x0, y0, x1, y1, and what was found. Raises FootageError with a sentence.

    `samples` are pictures with their number and the face cut out of them: where both orders give boxes in a picture of
    `size` (width, height), they tell which is meant.
    """
    bridged, notes = _bridged(numbers)
    fitting = [order for order in ORDERS[layout] if _fits(bridged[:, order], size)]
    if not fitting:
        raise FootageError(
            f"the boxes of coords.pkl, such as {_told(numbers[0])}, do not lie in pictures of {size[0]}x{size[1]};"
            " they are of other pictures"
        )
    if len(fitting) > 1 and samples:
        fitting.sort(key=lambda order: _unlike(bridged[:, order], samples))
    if fitting[0] != ORDERS[layout][0]:
        usual = "x0, y0, x1, y1" if fitting[0] == CORNERS else "y0, y1, x0, x1"
        notes.append(f"its boxes are in the order {usual}, which is not usual for its kind")
    return np.clip(bridged[:, fitting[0]], 0, (*size, *size)), notes


def faces_in(boxes: Boxes, layout: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Boxes (n, 4) as a detector draws them and points (n, 5, 2) of another program's boxes.

    The points are those of a typical face seen from the front: exact ones need a detector.
    """
    held = np.asarray(boxes, np.float64)
    corner, side = held[:, None, :2], held[:, None, 2:] - held[:, None, :2]
    if layout != "musetalk":
        return held.astype(np.float32), (corner + TYPICAL * side).astype(np.float32)
    points = corner + MUSETALK * side
    eyes, mouth = points[:, :2].mean(1), points[:, 3:].mean(1)
    tall = (mouth - eyes)[:, 1] / (TYPICAL[3, 1] - TYPICAL[0, 1])
    wide = (points[:, 1] - points[:, 0])[:, 0] / (TYPICAL[1, 0] - TYPICAL[0, 0])
    top = eyes[:, 1] - TYPICAL[0, 1] * tall
    found = np.stack((eyes[:, 0] - wide / 2, top, eyes[:, 0] + wide / 2, top + tall), 1)
    return found.astype(np.float32), points.astype(np.float32)


def _bridged(numbers: Boxes) -> tuple[Boxes, list[str]]:
    """With the frames in which no face was found (four zeros) on the way between their neighbours."""
    empty = ~numbers.any(1)
    if not empty.any():
        return numbers, []
    there = np.flatnonzero(~empty)
    gaps = np.diff(np.r_[-1, there, len(numbers)]) - 1
    if not len(there) or gaps.max() > LONGEST_GAP:
        raise FootageError(
            f"coords.pkl has no face for {empty.sum()} of its {len(numbers)} frames; make the avatar from its video,"
            " without the part where no face is seen"
        )
    every = np.arange(len(numbers))
    bridged = np.stack([np.interp(every, there, column[there]) for column in numbers.T], 1)
    return bridged, [f"in {empty.sum()} frames no face had been found; it is taken to be between its neighbours"]


def _fits(boxes: Boxes, size: tuple[int, int]) -> bool:
    """Whether nearly all boxes are of a face's shape and lie in the picture, give or take what detectors add."""
    x0, y0, x1, y1 = boxes.T
    wide, high = x1 - x0, y1 - y0
    slack = 0.25 * np.maximum(wide, high)
    inside = (x0 >= -slack) & (y0 >= -slack) & (x1 <= size[0] + slack) & (y1 <= size[1] + slack)
    face = (wide >= LEAST) & (high >= LEAST)
    shape = wide / np.maximum(high, 1)
    return bool((inside & face & (shape > SHAPE[0]) & (shape < SHAPE[1])).mean() > 0.98)


def _unlike(boxes: Boxes, samples: list[Sample]) -> float:
    """How different the pictures inside the boxes are from the faces that were cut out, mean over the samples."""
    found = []
    for number, picture, face in samples:
        x0, y0, x1, y1 = (max(0, int(edge)) for edge in boxes[number])
        inside = picture[y0:y1, x0:x1]
        if not inside.size:
            return float("inf")
        one, other = (
            cv2.resize(each, (COMPARED, COMPARED), interpolation=cv2.INTER_AREA).astype(np.float32)
            for each in (inside, face)
        )
        found.append(float(np.abs(one - other).mean()))
    return float(np.mean(found))


def _told(box: Boxes) -> str:
    return ", ".join(f"{value:g}" for value in box)
