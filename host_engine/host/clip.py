"""A product video as frames of the show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import cv2
import numpy as np

from host_engine.media import Picture


def frames_of(path: Path, size: tuple[int, int], fps: int) -> Iterator[Picture]:
    """The frames of the video at `fps`, each (h, w, 3) RGB, fitted into `size` = (w, h) with its shape kept.

    Each is held until the next is due, or left out, as the video's own rate asks. Raises av.FFmpegError when it
    cannot be read.
    """
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "NONE"
        n = 0
        shown: Picture | None = None
        for frame in container.decode(stream):
            while shown is not None and n / fps < (frame.time or 0.0):
                yield shown
                n += 1
            shown = _fit(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8), size)
        if shown is not None:
            yield shown


def _fit(picture: Picture, size: tuple[int, int]) -> Picture:
    height, width = picture.shape[:2]
    scale = min(size[0] / width, size[1] / height)
    small = cv2.resize(picture, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA)
    out = np.zeros((size[1], size[0], 3), np.uint8)
    y, x = (size[1] - small.shape[0]) // 2, (size[0] - small.shape[1]) // 2
    out[y : y + small.shape[0], x : x + small.shape[1]] = small
    return out
