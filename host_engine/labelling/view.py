"""A picture that left, as it was decoded: its brightness, and its colours at half the size."""

from __future__ import annotations

from typing import Any, NamedTuple

import av
import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.uint8]

BLACK = 24  # a picture of which nothing is brighter shows nothing: limited range begins at 16, and codecs add some
SHOWN = 0.0005  # share of its pixels that may be


class View(NamedTuple):
    """luma (h, w); blue and red (h / 2, w / 2), in limited range as of BT.601."""

    luma: Plane
    blue: Plane
    red: Plane

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.luma.shape[1], self.luma.shape[0]

    @property
    def black(self) -> bool:
        """Whether nothing at all can be seen."""
        return bool(np.count_nonzero(self.luma > BLACK) <= SHOWN * self.luma.size)

    def mirrored(self) -> View:
        """The same, with left and right changed."""
        return View(*(np.ascontiguousarray(plane[:, ::-1]) for plane in self))


def view_of(picture: Plane) -> View:
    """A picture in I420 (h * 3 // 2, w), or in RGB (h, w, 3); an odd edge of it is cut off.

    Raises ValueError, with a sentence, for what is neither.
    """
    if picture.ndim == 3 and picture.shape[2] == 3 and min(picture.shape[:2]) >= 2:
        even = picture[: picture.shape[0] // 2 * 2, : picture.shape[1] // 2 * 2]
        return view_of(np.asarray(cv2.cvtColor(np.ascontiguousarray(even), cv2.COLOR_RGB2YUV_I420), np.uint8))
    if picture.ndim != 2 or picture.shape[0] % 3 or picture.shape[1] % 2 or min(picture.shape) < 3:
        raise ValueError(f"an array of {picture.shape} is no picture, neither I420 (h * 3 // 2, w) nor RGB (h, w, 3)")
    height, width = picture.shape[0] * 2 // 3, picture.shape[1]
    flat, size = np.ascontiguousarray(picture).reshape(-1), height * width
    half = (height // 2, width // 2)
    blue, red = (flat[start : start + size // 4].reshape(half) for start in (size, size * 5 // 4))
    return View(flat[:size].reshape(height, width), blue, red)


def view_of_frame(frame: av.VideoFrame) -> View:
    """A picture that a decoder gave out; the planes are copies."""
    if frame.format.name != "yuv420p":
        return view_of(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8))
    luma, blue, red = frame.planes
    halves = frame.width // 2, frame.height // 2
    return View(_plane(luma, frame.width, frame.height), _plane(blue, *halves), _plane(red, *halves))


def _plane(plane: Any, width: int, height: int) -> Plane:
    whole = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return np.ascontiguousarray(whole[:height, :width])
