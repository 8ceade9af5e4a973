"""Product pictures and logos, decoded and fitted without trust in what is in the file."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.show.pictures import check_picture

KEPT = 0.85  # the least share of a picture's width or height that is left when it is cropped


def photo(path: Path, width: int, height: int) -> NDArray[np.uint8]:
    """The picture filling `width` x `height`, RGBA with premultiplied alpha.

    It is cropped a little where its shape differs a little, else its edges are drawn out softly.
    Raises ValueError with a sentence when it is missing, too large or no picture.
    """
    picture = _decoded(path)
    shape = picture.shape[1] / picture.shape[0] / (width / height)
    return (_filled if min(shape, 1 / shape) >= KEPT else _extended)(picture, width, height)


def emblem(path: Path, width: int, height: int) -> NDArray[np.uint8]:
    """All of the picture but its clear edges, as large as fits `width` x `height`, premultiplied RGBA.

    Raises ValueError as `photo` does.
    """
    picture = _trimmed(_decoded(path))
    scale = min(width / picture.shape[1], height / picture.shape[0])
    return _resized(picture, max(round(picture.shape[1] * scale), 1), max(round(picture.shape[0] * scale), 1))


def _decoded(path: Path) -> NDArray[np.uint8]:
    check_picture(path)
    picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_UNCHANGED)
    if picture is None:
        raise ValueError(f"{path}: the picture is damaged")
    if picture.dtype == np.uint16:
        picture = (picture // 256).astype(np.uint8)
    channels = 1 if picture.ndim == 2 else picture.shape[2]
    to = {1: cv2.COLOR_GRAY2RGBA, 3: cv2.COLOR_BGR2RGBA, 4: cv2.COLOR_BGRA2RGBA}.get(channels)
    if picture.dtype != np.uint8 or to is None:
        raise ValueError(f"{path}: pictures of this kind are not shown; save it as PNG or JPEG in 8 bits")
    rgba = np.asarray(cv2.cvtColor(picture, to), np.uint8)
    if channels == 4:
        rgba[..., :3] = cv2.multiply(rgba[..., :3], cv2.merge([rgba[..., 3]] * 3), scale=1 / 255)
    return rgba


def _trimmed(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Without the rows and columns around it in which nothing is seen."""
    rows, columns = (np.flatnonzero((picture[..., 3] > 8).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return picture
    return picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _filled(picture: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    high, wide = picture.shape[:2]
    scale = max(width / wide, height / high)
    w, h = min(round(width / scale), wide), min(round(height / scale), high)
    x, y = (wide - w) // 2, (high - h) // 2
    return _resized(picture[y : y + max(h, 1), x : x + max(w, 1)], width, height)


def _extended(picture: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """All of the picture in the middle; what is beside it is made of its own blurred edges, without a seam."""
    scale = min(width / picture.shape[1], height / picture.shape[0])
    w, h = max(round(picture.shape[1] * scale), 1), max(round(picture.shape[0] * scale), 1)
    x, y = (width - w) // 2, (height - h) // 2
    wide = np.pad(_resized(picture, w, h), ((y, height - h - y), (x, width - w - x), (0, 0)), "edge")
    soft = cv2.GaussianBlur(wide, (0, 0), max(min(width, height) / 14, 1.0), borderType=cv2.BORDER_REPLICATE)
    across, down = _ramp(width, w, x), _ramp(height, h, y)
    share = (across[None, :] * down[:, None])[..., None]
    return np.asarray(wide * share + soft * (1 - share), np.uint8)


def _ramp(whole: int, part: int, start: int) -> NDArray[np.float32]:
    """1 within the part of a line, falling to 0 at its ends over a tenth of it; 1 everywhere where the part is all."""
    if part >= whole:
        return np.ones(whole, np.float32)
    place = np.arange(whole) + 0.5 - start
    inside = np.minimum(place, part - place) / max(part * 0.1, 1.0)
    return np.asarray(np.clip(inside, 0, 1), np.float32)


def _resized(picture: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    smaller = width < picture.shape[1]
    how = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (width, height), interpolation=how), np.uint8)
