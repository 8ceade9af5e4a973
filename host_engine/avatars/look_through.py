"""The first look at every frame of a video: its faces, how light they are, and how the picture and the lips move."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.avatars.finders import Finder, Floats, Found
from host_engine.media import Picture

SMALL = 24  # pixels, width and height of the small pictures that poses are compared by
LIPS = (16, 24)  # height and width of the small pictures of mouths
OTHER = 0.25  # of the main face's area: smaller ones are posters and products
SHARED = 0.3  # of two boxes, from which on they are one face
SURE = 0.7  # score of another face that counts

Bytes = NDArray[np.uint8]
GREY = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True)
class Looked:
    """What was seen, frame by frame; where there is no face, its numbers are not numbers (nan)."""

    boxes: Floats  # (n, 4)
    points: Floats  # (n, 5, 2)
    others: NDArray[np.bool_]  # (n,): another face of some size was there as well
    light: Floats  # (n,): the mean grey of the face, 0..255
    small: Bytes  # (n, SMALL, SMALL): the whole frame, grey
    lips: Bytes  # (n, *LIPS): the mouth, grey, upright and of one size

    def part(self, first: int, end: int) -> Looked:
        """The frames from first to before end."""
        some = slice(first, end)
        whole = (self.boxes, self.points, self.others, self.light, self.small, self.lips)
        return Looked(*(each[some] for each in whole))  # type: ignore[arg-type]


def look_through(
    pictures: Iterable[Picture], finder: Finder, told: Callable[[int], None] = lambda done: None
) -> Looked:
    """Look at all pictures, (h, w, 3) RGB each; `told` hears how many are done."""
    rows: list[tuple[Floats, Floats, bool, float, Bytes, Bytes]] = []
    last: Found | None = None
    for number, picture in enumerate(pictures):
        found = finder.find(number, picture)
        main = _main(found, last)
        last = main or last
        rows.append((*_face(picture, main, found), small_of(picture), _lips(picture, main)))
        told(number + 1)
    kinds: tuple[type, ...] = (np.float32, np.float32, np.bool_, np.float32, np.uint8, np.uint8)
    empty = ((0, 4), (0, 5, 2), (0,), (0,), (0, SMALL, SMALL), (0, *LIPS))
    columns = zip(*rows, strict=True) if rows else [np.zeros(shape) for shape in empty]
    return Looked(*(np.array(column, kind) for column, kind in zip(columns, kinds, strict=True)))


def small_of(picture: Picture) -> Bytes:
    """The whole picture, (SMALL, SMALL) grey, by which the route compares poses."""
    small = cv2.resize(picture, (SMALL, SMALL), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)


def shared(a: Floats, b: Floats) -> float:
    """The common area of two boxes as a share of their area together."""
    wide, high = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    common = max(0.0, float(wide)) * max(0.0, float(high))
    return common / max(_area(a) + _area(b) - common, 1e-6)


def _area(box: Floats) -> float:
    return float((box[2] - box[0]) * (box[3] - box[1]))


def _main(found: list[Found], last: Found | None) -> Found | None:
    """The presenter: the face that lies where hers was, else the largest."""

    def weight(face: Found) -> float:
        return _area(face.box) * (1 + 3 * (shared(face.box, last.box) if last else 0))

    return max(found, key=weight, default=None)


def _face(picture: Picture, main: Found | None, found: list[Found]) -> tuple[Floats, Floats, bool, float]:
    if main is None:
        return np.full(4, np.nan, np.float32), np.full((5, 2), np.nan, np.float32), False, np.nan
    others = any(
        face is not main
        and face.score >= SURE
        and _area(face.box) >= OTHER * _area(main.box)
        and shared(face.box, main.box) < SHARED
        for face in found
    )
    x0, y0, x1, y1 = (max(0, round(float(edge))) for edge in main.box)
    face = picture[y0:y1:4, x0:x1:4]
    light = float((face.reshape(-1, 3) @ GREY).mean()) if face.size else np.nan
    return main.box, main.points, others, light


def _lips(picture: Picture, main: Found | None) -> Bytes:
    """The mouth turned upright: its corners lie at a quarter and three quarters of the width."""
    high, wide = LIPS
    if main is None:
        return np.zeros(LIPS, np.uint8)
    eyes, mouth = main.points[:2].mean(0), main.points[3:].mean(0)
    down = (mouth - eyes) / max(float(np.hypot(*(mouth - eyes))), 1e-3)
    across = np.array([down[1], -down[0]])
    unit = max(float(np.hypot(*(mouth - eyes))), 4.0) * 1.5 / wide  # pixels of the picture in one of the small one
    turn = np.column_stack((across * unit, down * unit, mouth - across * unit * wide / 2 - down * unit * high / 2))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    patch = cv2.warpAffine(picture, turn, (wide, high), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY), np.uint8)
