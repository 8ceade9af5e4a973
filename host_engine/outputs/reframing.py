"""A picture in another size: all of it is seen, and what is left at its sides is filled with a blur of itself."""

from __future__ import annotations

import cv2
import numpy as np

from host_engine.media import Picture, planes

BLURRED = 24  # pixels of the narrower side from which the blur is enlarged
SHADE = 0.55  # its brightness: the eye stays in the middle
EVERY = 5  # pictures between two blurs


class Reframing:
    """Turns I420 pictures of one size into those of another. Belongs to one thread; the AI label is never cut off.

    Nothing is cropped: a platform's own crop would take the label with it, so it is the whole picture that is fitted.
    """

    def __init__(self, size: tuple[int, int], to: tuple[int, int]) -> None:
        """Width and height, even in both."""
        (width, height), (wide, high) = size, to
        scale = min(wide / width, high / height)
        self._size, self._to = size, to
        self._fitted = min(wide, round(width * scale / 2) * 2), min(high, round(height * scale / 2) * 2)
        self._left, self._top = (wide - self._fitted[0]) // 4 * 2, (high - self._fitted[1]) // 4 * 2
        self._method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        self._out = np.full((high * 3 // 2, wide), 128, np.uint8)
        self._since = EVERY

    @property
    def place(self) -> tuple[int, int, int, int]:
        """Where in the new picture the whole of the other one is seen: left, top, width, height."""
        return self._left, self._top, *self._fitted

    def __call__(self, picture: Picture) -> Picture:
        """(height * 3 // 2, width) I420 in the new size; overwritten by the next call."""
        if self._size == self._to:
            return picture
        filled = self._fitted == self._to
        self._since += 1
        blurred = not filled and self._since >= EVERY
        if blurred:
            self._since = 0
        for number, (source, out) in enumerate(zip(planes(picture), planes(self._out), strict=True)):
            part = 2 if number else 1
            if blurred:
                self._blur(source, out, SHADE if not number else 1.0)
            width, height = self._fitted[0] // part, self._fitted[1] // part
            x, y = self._left // part, self._top // part
            inside = out[y : y + height, x : x + width]
            inside[:] = cv2.resize(source, (width, height), interpolation=self._method)
        return self._out

    def _blur(self, source: Picture, out: Picture, shade: float) -> None:
        """Fill a plane with the middle of the other one, enlarged until nothing can be told apart."""
        high, wide = out.shape
        height, width = source.shape
        share = min(width / wide, height / high)
        w, h = round(wide * share), round(high * share)
        x, y = (width - w) // 2, (height - h) // 2
        few = max(1, round(BLURRED * wide / min(wide, high))), max(1, round(BLURRED * high / min(wide, high)))
        small = cv2.resize(source[y : y + h, x : x + w], few, interpolation=cv2.INTER_AREA)
        small = cv2.convertScaleAbs(cv2.GaussianBlur(small, (0, 0), 2.0), alpha=shade, beta=16 * (1 - shade))
        out[:] = cv2.resize(small, (wide, high), interpolation=cv2.INTER_LINEAR)
