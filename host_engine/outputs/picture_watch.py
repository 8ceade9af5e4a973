"""Whether the pictures that were encoded still move: key frames, decoded and compared small."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import av
import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.video.codeccontext import VideoCodecContext

LARGEST = 1 << 24  # pixels of a picture: more, from whomever it comes, would only take memory
SCALE = 8  # pixels of the picture in one that is compared: what coding alone changes is averaged away
# Levels of 255, and the share of pixels that must differ by more. Of the same picture, encoded twice, 0.1 % do at 500
# kbit/s and none at 1200, at 720p; of the demo host at rest 1.8 % or more in one of any three seconds.
STEP = 10
SHARE = 0.003

Region = tuple[int, int, int, int]  # left, top, width, height


class Place(NamedTuple):
    """A part of the picture, in pixels, and what in it does not count."""

    box: Region = (0, 0, 1 << 16, 1 << 16)
    without: tuple[Region, ...] = ()


class PictureWatch:
    """Tells whether a key frame differs from the one before it. Belongs to one thread.

    where: the place in which something always moves, such as the host's, or None where nothing has to. A ticker or
    captions that run on while the host stands still are thus no sign of life. By default: the whole picture.
    """

    def __init__(self, where: Callable[[], Place | None] | None = None) -> None:
        self._where = where or Place
        self._decoder = decoder()
        self._place: Place | None = None
        self._before: NDArray[np.int16] | None = None

    def moved(self, key: av.Packet[Any]) -> bool:
        """Whether this picture differs from the last one; True where there is nothing to compare it with.

        A packet that cannot be decoded counts as moved: what is unknown is no alarm.
        """
        place = self._where()
        small = _small(self._decoder, key, place) if place else None
        before, self._before = self._before if place == self._place else None, small
        self._place = place
        if before is None or small is None or before.shape != small.shape:
            return True
        changed = np.count_nonzero(np.abs(small - before) > STEP)
        return bool(changed >= max(2, round(SHARE * small.size)))


def decoder() -> VideoCodecContext:
    """A decoder of H.264 that gives each picture at once, on the calling thread."""
    made = av.CodecContext.create("h264", "r")
    made.thread_count = 1
    made.flags |= 1 << 19  # AV_CODEC_FLAG_LOW_DELAY
    made.options = {"max_pixels": str(LARGEST)}
    return made


def luma(of: VideoCodecContext, picture: bytes) -> NDArray[np.uint8] | None:
    """The brightness of a picture in Annex B, (height, width); None where it cannot be decoded."""
    try:
        frames = of.decode(av.Packet(picture))
    except av.FFmpegError:
        return None
    if not frames:
        return None
    plane = frames[-1].planes[0]
    seen = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return seen[: frames[-1].height, : frames[-1].width]


def _small(of: VideoCodecContext, key: av.Packet[Any], place: Place) -> NDArray[np.int16] | None:
    """The brightness of the place, at an eighth of its size; 0 for what does not count."""
    picture = luma(of, bytes(key))
    if picture is None:
        return None
    left, top, width, height = place.box
    part = picture[top : top + height, left : left + width]
    if min(part.shape) < SCALE:
        return None
    size = part.shape[1] // SCALE, part.shape[0] // SCALE
    small = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
    for x, y, w, h in place.without:
        (x0, x1), (y0, y1) = _inside(x - left, w), _inside(y - top, h)
        small[y0:y1, x0:x1] = 0
    return np.asarray(small, np.int16)


def _inside(start: int, length: int) -> tuple[int, int]:
    """The small pixels of which some of these are a part, and one more on each side for what coding smears."""
    return max(0, start // SCALE - 1), max(0, -(-(start + length) // SCALE) + 1)
