"""A single portrait that can become a host: the picture, the face in it, and what would be wrong with it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from host_engine.avatars.finders import Finder, Floats, Found
from host_engine.avatars.picture_file import read_picture
from host_engine.avatars.source import FootageError
from host_engine.media import Picture

LONGEST = 1920  # pixels of the longer side that are kept
SMALLEST = 80.0  # pixels of a face's width
OTHER = 0.25  # of the main face's area: smaller ones are posters
TURNED = 20.0  # degrees
TILTED = 20.0
ROOM = 0.04  # of the face's height that must be free around its box
NOSE = 0.42  # how far the tip of the nose stands before the eyes and the mouth, in distances of the eyes
ORDER = "right eye, left eye, nose, right and left corner of the mouth, as the person has them"


@dataclass(frozen=True)
class Portrait:
    """A picture (h, w, 3) RGB of even size with one face: box (4,) and points (5, 2) in its pixels."""

    picture: Picture
    box: Floats
    points: Floats

    @property
    def wide(self) -> float:
        """Of the face, in pixels."""
        return float(self.box[2] - self.box[0])

    @property
    def tall(self) -> float:
        """Of the face, in pixels, from the forehead to the chin."""
        return float(self.box[3] - self.box[1])


def read_portrait(
    path: Path, finder: Finder | None, points: Floats | None = None, size: tuple[int, int] | None = None
) -> Portrait:
    """The portrait in a picture file. Raises FootageError with all that is wrong, a sentence a line.

    The face is found by `finder`, or lies where `points` (5, 2), in pixels of the file's upright picture, say. The
    picture is cut to `size` (width, height), both even, where one is given.
    """
    whole = read_picture(path)
    scale = min(1.0, LONGEST / max(whole.shape[:2]))
    height, width = (round(side * scale) // 2 * 2 for side in whole.shape[:2])
    if scale < 1:
        whole = np.asarray(cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    picture = np.ascontiguousarray(whole[:height, :width])
    if points is not None:
        found = [Found(box_around(points * np.float32(scale)), points * np.float32(scale))]
    elif finder is not None:
        found = finder.find(0, picture)
    else:
        raise FootageError(f"{path}: to find the face give --detector (YuNet's file), or its five --points: {ORDER}")
    main = max(found, key=lambda face: _area(face.box), default=None)
    if main is None:
        raise FootageError(
            f"{path}: no face is found in it; take one that shows the face from the front, or give its --points"
        )
    if problems := list(_problems(picture, main, found)):
        raise FootageError("\n".join(f"{path}: {problem}" for problem in problems))
    portrait = Portrait(picture, main.box.astype(np.float32), main.points.astype(np.float32))
    return portrait if size is None else framed(portrait, size)


def framed(portrait: Portrait, size: tuple[int, int]) -> Portrait:
    """The part of a portrait that fills `size` (width, height): the face in the middle, a third from the top."""
    height, width = portrait.picture.shape[:2]
    scale = max(size[0] / width, size[1] / height)
    whole = (max(size[0], round(width * scale)), max(size[1], round(height * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    picture = cv2.resize(portrait.picture, whole, interpolation=how)
    x, y = (portrait.box[:2] + portrait.box[2:]) / 2 * scale
    left = min(max(0, round(float(x) - size[0] / 2)), whole[0] - size[0])
    top = min(max(0, round(float(y) - size[1] / 3)), whole[1] - size[1])
    corner = np.array([left, top], np.float32)
    part = np.ascontiguousarray(picture[top : top + size[1], left : left + size[0]], np.uint8)
    scaled = np.float32(scale)
    return Portrait(part, portrait.box * scaled - np.tile(corner, 2), portrait.points * scaled - corner)


def points_of(text: str) -> Floats:
    """The points of "x,y x,y x,y x,y x,y". Raises FootageError with a sentence."""
    try:
        points = np.array([[float(part) for part in pair.split(",")] for pair in text.split()], np.float32)
    except ValueError:
        points = np.empty(0, np.float32)
    if points.shape != (5, 2) or not np.isfinite(points).all():
        raise FootageError(f"--points takes five places, such as '310,402 452,400 ...': {ORDER}")
    return points


def box_around(points: Floats) -> Floats:
    """The box that YuNet would draw about a face with these points, seen from the front."""
    eyes, mouth = points[:2].mean(0), points[3:].mean(0)
    tall = float(np.hypot(*(mouth - eyes))) / 0.355
    wide = max(float(np.hypot(*(points[1] - points[0]))) / 0.38, 0.6 * tall)
    middle = 0.5 * (eyes + mouth)
    top = middle[1] - 0.6 * tall
    return np.array([middle[0] - wide / 2, top, middle[0] + wide / 2, top + tall], np.float32)


def turn_of(points: Floats) -> float:
    """By how many degrees the head is turned to the viewer's right, from how far the nose is off the middle.

    The tip of the nose stands `NOSE` distances of the eyes before the line from between the eyes to the mouth; a turn
    shortens the distance of the eyes by its cosine and shifts the tip by its sine.
    """
    eyes, mouth = points[:2].mean(0), points[3:].mean(0)
    down = mouth - eyes
    tall = max(float(np.hypot(*down)), 1e-3)
    off = points[2] - eyes
    aside = float(off[0] * down[1] - off[1] * down[0]) / tall
    apart = max(float(np.hypot(*(points[1] - points[0]))), 1e-3)
    return math.degrees(math.atan(aside / apart / NOSE))


def _problems(picture: Picture, main: Found, found: list[Found]) -> Iterator[str]:
    height, width = picture.shape[:2]
    x0, y0, x1, y1 = (float(edge) for edge in main.box)
    others = sum(_area(face.box) >= OTHER * _area(main.box) for face in found) - 1
    if others:
        yield f"{others + 1} faces are found in it; cut the picture so that only the host's is there"
    if not np.isfinite(main.points).all() or main.points[3:, 1].mean() <= main.points[:2, 1].mean():
        yield f"the points are no face's: give {ORDER}"
        return
    if x1 - x0 < SMALLEST:
        yield f"the face is too small ({x1 - x0:.0f} pixels wide; at least {SMALLEST:.0f} are needed)"
    room = ROOM * (y1 - y0)
    cut = [side for side, free in (("above", y0), ("on the left", x0), ("on the right", width - x1)) if free < room]
    if height - y1 < 2 * room:
        cut.append("below")
    if cut:
        yield f"the head is cut off {' and '.join(cut)}; take a picture with some room around the whole head"
    if abs(turn := turn_of(main.points)) > TURNED:
        yield f"the face is turned away by about {abs(turn):.0f} degrees; at most {TURNED:.0f} can be warped"
    across = main.points[1] - main.points[0]
    if abs(tilt := math.degrees(math.atan2(float(across[1]), float(across[0])))) > TILTED:
        yield f"the head is tilted by {abs(tilt):.0f} degrees; turn the picture upright, or take another"


def _area(box: Floats) -> float:
    return float((box[2] - box[0]) * (box[3] - box[1]))
