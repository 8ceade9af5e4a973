"""An operator's camera: its pictures, made ready for the picture of the channel off the loop, the newest first."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor

import av
import numpy as np

from host_engine.host.fitting import covering
from host_engine.media import Picture

log = logging.getLogger(__name__)

FRESH = 1.0  # seconds after which a picture counts as frozen
LARGEST = 2048 * 1152  # pixels of a camera; decoding more would take the processor from the show


class TooLarge(ValueError):
    """A camera with more pixels than are decoded; the sentence is for the operator."""


class Camera:
    """On the event loop; pictures are fitted on a thread, one at a time: those that come meanwhile are left out.

    `picture` is the newest, and None once it has not changed for `FRESH` seconds: then the host is seen again.
    """

    def __init__(self, size: tuple[int, int], threads: Executor, clock: Callable[[], float]) -> None:
        """`size`: width and height of the box in which it is seen."""
        self._size, self._threads, self._clock = size, threads, clock
        self._picture: Picture | None = None
        self._at = float("-inf")
        self._busy = False
        self.seen = self.left_out = 0

    @property
    def picture(self) -> Picture | None:
        """(h, w, 3) RGB at the size of the box; nobody writes to it."""
        return self._picture if self._clock() - self._at <= FRESH else None

    def push(self, frame: av.VideoFrame) -> None:
        """A picture has come. Raises TooLarge."""
        if frame.width * frame.height > LARGEST:
            raise TooLarge(
                f"The camera sends {frame.width}x{frame.height} pixels; at most {LARGEST} are taken, as in 1920x1080."
            )
        if self._busy:
            self.left_out += 1
            return
        self._busy = True
        made = asyncio.get_running_loop().run_in_executor(self._threads, fitted, frame, self._size)
        made.add_done_callback(self._made)

    def _made(self, made: asyncio.Future[Picture]) -> None:
        self._busy = False
        if made.cancelled():
            return
        if error := made.exception():
            log.warning("A picture of an operator's camera is left out: %s", error)
            return
        self._picture, self._at = made.result(), self._clock()
        self.seen += 1


def fitted(frame: av.VideoFrame, size: tuple[int, int]) -> Picture:
    """The picture of a camera (h, w, 3) RGB, filling a box of that size."""
    return covering(np.asarray(frame.to_ndarray(format="rgb24"), np.uint8), *size)
