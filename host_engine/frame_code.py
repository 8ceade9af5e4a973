"""A frame's number in the picture itself: a thin row of grey cells along its lower edge that outlives codecs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from host_engine.media import Picture

ACROSS = 80  # cells would fill the width: of a picture 320 pixels wide, each is 4 wide
TALL = 0.65  # of its width: what runs through a ticker there can still be read
NUMBER, CHECK = 24, 10  # bits
COUNT = 1 << NUMBER  # numbers begin again here, after 7 days of 25 frames a second
CELLS = 2 + NUMBER + CHECK  # a bright and a dark one come first, and say what bright and dark are here
LEVELS = np.array([24, 120], np.uint8)  # of brightness in limited range: greys that no eye is drawn to
GREY = 128  # no colour
LEAST = 16  # between bright and dark
CLEAR = 0.15  # of the way between bright and dark: closer to the middle than this, a cell is neither
WITHIN = np.array([0.35, 0.5, 0.65])  # where a cell is looked at: not at its edges, which run into each other
ATM = 0x633  # x^10 + x^9 + x^5 + x^4 + x + 1, of ITU-T I.610: no three wrong cells pass
SALT = 0x2A5  # so that a dark row is no number


def write(picture: Picture, n: int) -> None:
    """Write `n`, modulo `COUNT`, into a contiguous picture, (height * 3 // 2, width) I420: in place, in some 20 us."""
    height, width = len(picture) * 2 // 3, picture.shape[1]
    edges = np.rint(np.arange(CELLS + 1) * (width / ACROSS)).astype(int)
    deep = 2 * max(1, round(width * TALL / ACROSS / 2))
    picture[height - deep : height, : edges[-1]] = np.repeat(LEVELS[_cells(n % COUNT)], np.diff(edges))
    colours = picture.reshape(-1)[height * width :].reshape(2, height // 2, width // 2)
    colours[:, -(deep // 2) :, : (edges[-1] + 1) // 2] = GREY


def read(luma: NDArray[Any]) -> int | None:
    """The number in the brightness of a picture, (height, width), whatever it was scaled to from 240 pixels of width.

    None where there is no number, or none that can be trusted. All of the picture must be there, to its lower and left
    edges.
    """
    height, width = luma.shape
    cell = width / ACROSS
    down, across = (
        (height - WITHIN * TALL * cell).astype(int),
        ((np.arange(CELLS)[:, None] + WITHIN) * cell).astype(int),
    )
    if cell < 2 or down.min() < 0:
        return None
    seen = luma[down[:, None, None], across].astype(float).mean(axis=(0, 2))
    bright, dark = seen[0], seen[1]
    if bright - dark < LEAST:
        return None
    place = (seen - (bright + dark) / 2) / (bright - dark)
    if np.abs(place).min() < CLEAR:
        return None
    word = int.from_bytes(np.packbits(np.pad(place > 0, (-CELLS % 8, 0))).tobytes(), "big") & ((1 << CELLS - 2) - 1)
    n = word >> CHECK
    return n if word & ((1 << CHECK) - 1) == _check(n) else None


def behind(now: int, seen: int) -> int:
    """How many frames the picture with the code `seen` is behind frame `now`, though numbers begin again."""
    return (now - seen + COUNT // 2) % COUNT - COUNT // 2


def _cells(n: int) -> NDArray[np.uint8]:
    word = 0b10 << NUMBER + CHECK | n << CHECK | _check(n)
    return np.unpackbits(np.frombuffer(word.to_bytes((CELLS + 7) // 8, "big"), np.uint8))[-CELLS:]


def _check(n: int) -> int:
    rest = n << CHECK
    for bit in range(NUMBER + CHECK - 1, CHECK - 1, -1):
        if rest >> bit & 1:
            rest ^= ATM << bit - CHECK
    return rest ^ SALT
