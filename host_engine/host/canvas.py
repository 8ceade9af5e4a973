"""Pictures laid over pictures: sprites, and a canvas that redraws and converts only what has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np
import skia
from numpy.typing import NDArray

from host_engine.media import Picture, planes
from host_engine.show.scene import Box


class Sprite:
    """A picture with transparency, kept ready to be laid over another: result = colour + keep * ground."""

    def __init__(self, rgba: NDArray[np.uint8], x: int, y: int) -> None:
        """`rgba` (h, w, 4) with premultiplied alpha; its upper left corner stands at x, y of the picture."""
        self.box = Box(x, y, rgba.shape[1], rgba.shape[0])
        self.colour = np.ascontiguousarray(rgba[..., :3])
        self.keep = np.repeat(255 - rgba[..., 3:], 3, axis=2)

    @classmethod
    def of(cls, colour: Picture, keep: Picture, x: int, y: int) -> Sprite:
        """A sprite of both parts as they are, (h, w, 3) each; nothing is copied."""
        sprite = cls.__new__(cls)
        sprite.box = Box(x, y, colour.shape[1], colour.shape[0])
        sprite.colour, sprite.keep = colour, keep
        return sprite

    def window(self, x: int, at: Box) -> Sprite:
        """The part `at.w` pixels wide that begins at column `x`, standing at `at`; nothing is copied."""
        return Sprite.of(self.colour[:, x : x + at.w], self.keep[:, x : x + at.w], at.x, at.y)

    def patched(self, patches: Iterable[tuple[Sprite, Box]]) -> Sprite:
        """A copy in which each place is taken from another sprite of the same box."""
        made = Sprite.of(self.colour.copy(), self.keep.copy(), self.box.x, self.box.y)
        for other, place in patches:
            part = (
                slice(place.y - self.box.y, place.bottom - self.box.y),
                slice(place.x - self.box.x, place.right - self.box.x),
            )
            made.colour[part], made.keep[part] = other.colour[part], other.keep[part]
        return made

    def faded(self, amount: float) -> tuple[Picture, Picture]:
        """Colour and keep at `amount` of its opacity, 0..1."""
        if amount >= 1:
            return self.colour, self.keep
        return (
            np.asarray(cv2.convertScaleAbs(self.colour, alpha=amount), np.uint8),
            np.asarray(cv2.convertScaleAbs(self.keep, alpha=amount, beta=255 * (1 - amount)), np.uint8),
        )


class Placed(NamedTuple):
    """A sprite as it is seen in one frame: moved by (dx, dy) pixels and faded to 0..1. Equal means nothing changed."""

    sprite: Sprite
    dx: int = 0
    dy: int = 0
    fade: float = 1.0

    @property
    def box(self) -> Box:
        box = self.sprite.box
        return Box(box.x + self.dx, box.y + self.dy, box.w, box.h)


def paint(box: Box, draw: Callable[[skia.Canvas], None]) -> Sprite:
    """What `draw` paints within `box`, in the coordinates of the whole picture."""
    rgba = np.zeros((max(box.h, 1), max(box.w, 1), 4), np.uint8)
    info = skia.ImageInfo.Make(rgba.shape[1], rgba.shape[0], skia.kRGBA_8888_ColorType, skia.kPremul_AlphaType)
    surface = skia.Surface.MakeRasterDirect(info, rgba)
    canvas = surface.getCanvas()
    canvas.translate(-box.x, -box.y)
    draw(canvas)
    surface.flushAndSubmit()
    return Sprite(rgba, box.x, box.y)


def lay(picture: Picture, placed: Placed, seen: Box, within: Box) -> None:
    """Lay the part `seen` of a sprite over an RGB picture, which is that of the box `within`."""
    box = placed.box
    ground = picture[seen.y - within.y : seen.bottom - within.y, seen.x - within.x : seen.right - within.x]
    rows, columns = slice(seen.y - box.y, seen.bottom - box.y), slice(seen.x - box.x, seen.right - box.x)
    colour, keep = placed.sprite.faded(placed.fade)
    cv2.multiply(ground, keep[rows, columns], dst=ground, scale=1 / 255)
    cv2.add(ground, colour[rows, columns], dst=ground)


class Canvas:
    """A picture kept in I420; each frame only what differs from the frame before is redone.

    `ground` is what lies below everything: whoever draws in it says where.
    """

    def __init__(self, still: Picture) -> None:
        """`still` (h, w, 3) RGB, even in both, is the ground to begin with."""
        self.height, self.width = still.shape[:2]
        self.ground = still.copy()
        self._i420 = _converted(still)
        self._before: set[Placed] = set()

    def show(self, items: Sequence[Placed], drawn: Iterable[Box] = ()) -> Picture:
        """The I420 picture with `items` laid over the ground in order; the next call changes it in place.

        `drawn` is where the ground has changed since the last call.
        """
        now = set(items)
        changed = [placed.box for placed in now ^ self._before]
        self._before = now
        boxes = [(placed, placed.box) for placed in items]
        for region in disjoint(map(self._even, [*drawn, *changed])):
            over = [(placed, seen) for placed, box in boxes if placed.fade > 0 and (seen := box.common(region))]
            part = self.ground[_slice(region)]
            if over:
                part = part.copy()
            for placed, seen in over:
                lay(part, placed, seen, region)
            self._convert(part, region)
        return self._i420

    def _even(self, box: Box) -> Box:
        """The least box with even edges around what is seen of `box`."""
        x, y = max(box.x, 0) // 2 * 2, max(box.y, 0) // 2 * 2
        right, bottom = min(box.right + 1, self.width) // 2 * 2, min(box.bottom + 1, self.height) // 2 * 2
        return Box(x, y, max(right - x, 0), max(bottom - y, 0))

    def _convert(self, rgb: Picture, box: Box) -> None:
        """Takes over the picture of a box."""
        part = _converted(rgb)
        for to, of, halves in zip(planes(self._i420), planes(part), (1, 2, 2), strict=True):
            y, x = box.y // halves, box.x // halves
            to[y : y + box.h // halves, x : x + box.w // halves] = of


def _converted(rgb: Picture) -> Picture:
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420), np.uint8)


def _slice(box: Box) -> tuple[slice, slice]:
    return slice(box.y, box.bottom), slice(box.x, box.right)


def disjoint(boxes: Iterable[Box]) -> Iterator[Box]:
    """Boxes that together cover the same pixels, each pixel once."""
    covered: list[Box] = []
    for box in boxes:
        left = [box] if box.w > 0 and box.h > 0 else []
        for other in covered:
            left = [piece for each in left for piece in _without(each, other)]
        covered += left
        yield from left


def _without(box: Box, hole: Box) -> list[Box]:
    """`box` less `hole`, as up to four boxes."""
    common = box.common(hole)
    if common is None:
        return [box]
    pieces = [
        Box(box.x, box.y, box.w, common.y - box.y),
        Box(box.x, common.bottom, box.w, box.bottom - common.bottom),
        Box(box.x, common.y, common.x - box.x, common.h),
        Box(common.right, common.y, box.right - common.right, common.h),
    ]
    return [each for each in pieces if each.w > 0 and each.h > 0]
