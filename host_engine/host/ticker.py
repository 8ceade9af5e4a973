"""The ticker: the shop's offers and policies, running from right to left without an end."""

from __future__ import annotations

from collections.abc import Sequence

import skia

from host_engine.host import text
from host_engine.host.canvas import Sprite, paint
from host_engine.host.overlay import Look, colour, filled
from host_engine.show.scene import Box

LONGEST = 20_000  # pixels of one turn


class Ticker:
    """Moves a whole number of pixels each frame, so that the letters neither shimmer nor stutter."""

    def __init__(self, box: Box, items: Sequence[str], look: Look, step: int) -> None:
        """`step` is in pixels a frame. Without items nothing is shown."""
        self.box, self.step = box, step
        self._size, self._gap = box.h * 0.42, box.h * 1.2
        said = [" ".join(item.split()) for item in items if item.strip()]
        places, self._turn = self._places(said)
        self._strip = self._painted(places, look) if places else None

    def at(self, n: int) -> Sprite | None:
        """The ticker in frame `n`."""
        if self._strip is None:
            return None
        return self._strip.window(n * self.step % self._turn, self.box)

    def _places(self, items: Sequence[str]) -> tuple[list[tuple[float, str]], int]:
        """Where each item begins within one turn, which is at least as wide as the box, and how wide the turn is."""
        places: list[tuple[float, str]] = []
        x = 0.0
        while items and x < self.box.w:
            for item in items:
                width = text.measure(item, self._size, "semibold")
                if x + width < LONGEST or not places:
                    places.append((x, item))
                    x += width + self._gap
        return places, max(min(round(x), LONGEST), 1)

    def _painted(self, places: Sequence[tuple[float, str]], look: Look) -> Sprite:
        """One turn, and so much of the next that any window of the box's width lies within it."""
        whole = Box(0, 0, self._turn + self.box.w, self.box.h)
        again = [(x + self._turn, item) for x, item in places if x < self.box.w]

        def draw(canvas: skia.Canvas) -> None:
            canvas.drawRect(skia.Rect.MakeWH(whole.w, whole.h), filled(look.theme.shade, 0.92))
            top = (whole.h - self._size * text.LINE) / 2
            for x, item in [*places, *again]:
                canvas.drawCircle(x + self._gap * 0.5, whole.h / 2, whole.h * 0.075, filled(look.theme.accent))
                text.draw_line(canvas, item, x + self._gap, top, self._size, "semibold", colour("#ffffff", 0.94))

        return paint(whole, draw)
