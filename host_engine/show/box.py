"""A rectangle of a picture, in pixels."""

from __future__ import annotations

from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle in pixels, from the upper left corner of the picture."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        return self.x + self.w

    @property
    def bottom(self) -> int:
        return self.y + self.h

    def common(self, other: Box) -> Box | None:
        """The part that both cover, or None."""
        (x0, y0, w0, h0), (x1, y1, w1, h1) = self, other
        x, y = (x0 if x0 > x1 else x1), (y0 if y0 > y1 else y1)
        w, h = min(x0 + w0, x1 + w1) - x, min(y0 + h0, y1 + h1) - y
        return Box(x, y, w, h) if w > 0 and h > 0 else None

    def scaled(self, scale: float) -> Box:
        """The same box in a picture `scale` times as large, on even pixels."""
        x, y, right, bottom = (2 * round(v * scale / 2) for v in (self.x, self.y, self.right, self.bottom))
        return Box(x, y, right - x, bottom - y)

    def within(self, frame: Box, size: tuple[int, int]) -> Box:
        """Where the box is seen when a picture of `size` that it lies in is shown in `frame` of another picture."""
        wide, high = frame.w / size[0], frame.h / size[1]
        x, y = frame.x + round(self.x * wide), frame.y + round(self.y * high)
        return Box(x, y, round(self.w * wide), round(self.h * high))
