"""A person painted with a few shapes: enough of a face for what works on faces, with points that are known exactly."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SKIN, LIP, HAIR, SHIRT = (214, 170, 146), (172, 92, 88), (70, 48, 36), (60, 90, 140)


def painted_face(
    width: int = 360, height: int = 480, wide: int = 130, opened: float = 0.0, turned: float = 0.0
) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32]]:
    """A picture (h, w, 3) RGB, the face's box (4,) and its points (5, 2).

    `wide` is the face's width in pixels, `opened` how far the lips are apart (1: as far as they go), `turned` by how
    many of its half widths the nose is off the middle.
    """
    x, y = width / 2, height * 0.4
    tall = 1.3 * wide
    rows = np.linspace(90, 190, height, dtype=np.float32)[:, None]
    columns = 20 * np.sin(np.arange(width, dtype=np.float32) / 9)
    picture = np.dstack((rows + columns, rows + 20 + columns, rows + 40 + 0 * columns)).clip(0, 255).astype(np.uint8)
    _ellipse(picture, (x, y + 1.35 * tall), (1.0 * wide, 0.8 * tall), SHIRT)
    _ellipse(picture, (x, y - 0.12 * tall), (0.62 * wide, 0.6 * tall), HAIR)
    cv2.rectangle(picture, _at(x - 0.2 * wide, y), _at(x + 0.2 * wide, y + 0.72 * tall), SKIN, -1)
    _ellipse(picture, (x, y), (0.5 * wide, 0.5 * tall), SKIN)
    eyes = y - 0.1 * tall
    for side in (-1, 1):
        centre = (x + side * 0.19 * wide, eyes)
        _ellipse(picture, centre, (0.095 * wide, 0.042 * tall), (244, 240, 236))
        _ellipse(picture, centre, (0.04 * wide, 0.042 * tall), (62, 44, 32))
        cv2.ellipse(
            picture, _at(centre[0], centre[1] - 0.11 * tall), _size(0.11 * wide, 0.03 * tall), 0, 180, 360, HAIR, 3
        )
    nose = (x + turned * wide / 2, y + 0.1 * tall)
    _ellipse(picture, nose, (0.05 * wide, 0.03 * tall), (196, 148, 126))
    mouth = y + 0.28 * tall
    _ellipse(picture, (x, mouth), (0.17 * wide, 0.045 * tall + 0.06 * tall * opened), LIP)
    if opened:
        _ellipse(picture, (x, mouth + 0.01 * tall), (0.13 * wide, 0.07 * tall * opened), (42, 20, 20))
    else:
        cv2.line(picture, _at(x - 0.16 * wide, mouth), _at(x + 0.16 * wide, mouth), (88, 40, 40), 2, cv2.LINE_AA)
    picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), 0.8), np.uint8)
    box = np.array([x - 0.5 * wide, y - 0.5 * tall, x + 0.5 * wide, y + 0.5 * tall], np.float32)
    points = np.array(
        [
            (x - 0.19 * wide, eyes),
            (x + 0.19 * wide, eyes),
            nose,
            (x - 0.16 * wide, mouth),
            (x + 0.16 * wide, mouth),
        ],
        np.float32,
    )
    return picture, box, points


def _at(x: float, y: float) -> tuple[int, int]:
    return round(x), round(y)


def _size(x: float, y: float) -> tuple[int, int]:
    return max(1, round(x)), max(1, round(y))


def _ellipse(
    picture: NDArray[np.uint8], at: tuple[float, float], half: tuple[float, float], colour: tuple[int, int, int]
) -> None:
    cv2.ellipse(picture, _at(*at), _size(*half), 0, 0, 360, colour, -1, cv2.LINE_AA)
