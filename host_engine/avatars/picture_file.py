"""A picture from a file, upright and RGB, without trust in how large it says it is."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from host_engine.avatars.source import FootageError
from host_engine.media import Picture

LARGEST = 64_000_000  # bytes
LONGEST = 16_000  # pixels a side
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"


def read_picture(path: Path) -> Picture:
    """The picture (h, w, 3) of a PNG or JPEG file, turned as its camera says. Raises FootageError with a sentence."""
    try:
        if (size := path.stat().st_size) > LARGEST:
            raise FootageError(f"{path}: the picture has {size / 1e6:.0f} MB; at most {LARGEST / 1e6:.0f} MB are read")
        source = path.read_bytes()
    except OSError as error:
        raise FootageError(f"{path}: the picture cannot be read: {error.strerror or error}") from None
    if not source.startswith((PNG, JPEG)):
        raise FootageError(f"{path}: this is no picture in PNG or JPEG; save it as one of them")
    width, height = _size(source)
    if max(width, height) > LONGEST:
        raise FootageError(f"{path}: the picture has {width}x{height} pixels; at most {LONGEST} a side are read")
    try:
        picture = cv2.imdecode(np.frombuffer(source, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        picture = None
    if picture is None:
        raise FootageError(f"{path}: the picture is damaged")
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)


def _size(source: bytes) -> tuple[int, int]:
    """Width and height as the file tells them; a JPEG's from a copy an eighth as large, which costs little."""
    if source.startswith(PNG):
        return int.from_bytes(source[16:20], "big"), int.from_bytes(source[20:24], "big")
    try:
        small = cv2.imdecode(np.frombuffer(source, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_8)
    except cv2.error:
        small = None
    return (0, 0) if small is None else (small.shape[1] * 8, small.shape[0] * 8)
