"""What a label looks like where nothing is wrong with it: drawn for itself, to compare pictures that left with."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.host.label import LabelLook
from host_engine.host.overlay import chip
from host_engine.labelling.view import View, view_of
from host_engine.show.scene import Box

Field = NDArray[np.float32]

INK, BARE = 0.8, 0.03  # shares of a pixel that are written on, from which on it shows the colour of ink, or of ground
SEEN = 0.3  # the same, from which on a row or column belongs to the words
AROUND = 0.14  # of the label's height: ground above and below the words that has to be seen as well
CELL = 0.45  # the same: width of a part that is looked at for itself, about a letter
ROWS = 2  # of such parts
ENDS = 0.3  # the same: what its round ends take


class Reference(NamedTuple):
    """A label of w x h pixels. Fields are those of `core`, the words and the ground around them.

    The ground beside the words is part of it: the same words elsewhere, as in a ticker, are no label.
    luma: brightness, softened; ink: share of each pixel that is written on; fill and colour: Y, U, V of ground and ink;
    cells: parts of the core; letters: height of the words in pixels.
    """

    size: tuple[int, int]
    core: Box
    luma: Field
    ink: Field
    fill: tuple[float, float, float]
    colour: tuple[float, float, float]
    cells: tuple[Box, ...]
    letters: int

    @property
    def step(self) -> float:
        """Between ground and ink, in levels of brightness; negative where the ink is the darker."""
        return self.colour[0] - self.fill[0]


@lru_cache(maxsize=128)
def reference(words: str, ink: str, fill: str, native: tuple[int, int], size: tuple[int, int]) -> Reference | None:
    """The label drawn at `native` pixels, as it is in a picture where it has `size`, even in both; None where no word
    of it can be seen."""
    drawn = chip(Box(0, 0, *native), words, ink, fill)
    bare = np.full((native[1], native[0], 3), [int(fill[i : i + 2], 16) for i in (1, 3, 5)], np.uint8)
    rgb = cv2.add(drawn.colour, cv2.multiply(bare, drawn.keep, scale=1 / 255))
    written = chip(Box(0, 0, *native), words, "#ffffff", "#000000").colour[..., 0].astype(np.float32) / 255
    whole = view_of(np.asarray(_resized(rgb, size), np.uint8))
    return _reference(whole, _resized(written, size))


def reference_of(look: LabelLook, scale: float | tuple[float, float] = 1.0) -> Reference | None:
    """The label of a scene in a picture `scale` times as large (across, down)."""
    x, y = (scale, scale) if isinstance(scale, float) else scale
    size = max(8, 2 * round(look.box.w * x / 2)), max(6, 2 * round(look.box.h * y / 2))
    return reference(look.words, look.ink, look.fill, (look.box.w, look.box.h), size)


def softened(luma: NDArray[np.uint8] | Field) -> Field:
    """As the eye takes it: single pixels that a codec spoilt matter less."""
    return np.asarray(cv2.GaussianBlur(luma.astype(np.float32), (3, 3), 0.8), np.float32)


def _reference(whole: View, written: Field) -> Reference | None:
    high, wide = written.shape
    rows, columns = (np.flatnonzero(written.max(axis=axis) > SEEN) for axis in (1, 0))
    if not len(rows) or not len(columns):
        return None
    around, ends = AROUND * high, round(ENDS * high)
    x0, x1 = min(ends, columns[0]), max(wide - ends, columns[-1] + 1)
    y0, y1 = max(round(0.06 * high), rows[0] - round(around)), min(round(0.94 * high), rows[-1] + 1 + round(around))
    core = Box(int(x0), int(y0), int(x1 - x0), int(y1 - y0))
    if core.w < 6 or core.h < 4:
        return None
    ink = np.ascontiguousarray(written[y0:y1, x0:x1])
    luma = softened(whole.luma)[y0:y1, x0:x1]
    size = whole.size
    fill, colour = (_colours(whole, mask) for mask in (written < BARE, written > INK))
    if fill is None or colour is None:
        return None
    letters = int(rows[-1] - rows[0] + 1)
    return Reference(size, core, np.ascontiguousarray(luma), ink, fill, colour, _cells(core, high), letters)


def _colours(whole: View, mask: NDArray[np.bool_]) -> tuple[float, float, float] | None:
    """Y, U and V where the mask is, inside the label's round ends."""
    wide, high = whole.size
    ends = round(ENDS * high)
    inside = np.zeros((high, wide), np.bool_)
    inside[round(0.1 * high) : round(0.9 * high), ends : wide - ends] = True
    there = mask & inside
    if not there.any():
        return None
    halves = there[::2, ::2]
    blue, red = (float(np.median(each[halves])) if halves.any() else 128.0 for each in (whole.blue, whole.red))
    return float(np.median(whole.luma[there])), blue, red


def _cells(core: Box, high: int) -> tuple[Box, ...]:
    """The core in parts, each about as wide as a letter and half as high; coordinates within the core."""
    count = max(2, round(core.w / (CELL * high)))
    across = [round(i * core.w / count) for i in range(count + 1)]
    down = [round(i * core.h / ROWS) for i in range(ROWS + 1)]
    return tuple(Box(x0, y0, x1 - x0, y1 - y0) for y0, y1 in pairwise(down) for x0, x1 in pairwise(across))


def _resized(field: NDArray[np.generic], size: tuple[int, int]) -> Field:
    if (field.shape[1], field.shape[0]) == size:
        return field.astype(np.float32)
    shrunk = size[0] < field.shape[1]
    way = cv2.INTER_AREA if shrunk else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(field.astype(np.float32), size, interpolation=way), np.float32)
