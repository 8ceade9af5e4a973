"""The memory of one batch under way, on the host and on the card: two of them, so that copies and work overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from host_engine.media import Picture
from host_engine.neural.order import Order
from host_engine.neural.worker.byte_paste import Size
from host_engine.neural.worker.card import Card
from host_engine.neural.worker.yuv import to_i420, to_nv12

ROOM = 1 << 20  # bytes of pixels to begin with
Colour = Literal["rgb", "i420", "nv12"]


class Twin:
    """The same numbers in the host's memory and on the card; one and the same where they share it."""

    def __init__(self, card: Card, shape: Sequence[int], dtype: torch.dtype) -> None:
        self._shared = card.shared
        self.host = card.host(shape, dtype)
        self.there = self.host if card.shared else card.room(shape, dtype)
        self.view: NDArray[Any] = self.host.numpy()

    def up(self, count: int) -> None:
        """Copy the first `count` to the card."""
        if not self._shared:
            self.there[:count].copy_(self.host[:count], non_blocking=True)

    def down(self, count: int) -> None:
        """Copy the first `count` from the card."""
        if not self._shared:
            self.host[:count].copy_(self.there[:count], non_blocking=True)


class Slot:
    """Filled by the host, copied up, worked on, copied down, read by the host; then it is free again."""

    def __init__(self, card: Card, most: int, window: Sequence[int], colour: Colour = "rgb") -> None:
        self._card, self._colour = card, colour
        self.windows = Twin(card, (most, *window), torch.float16)
        self.frames = Twin(card, (most,), torch.int64)
        self.sizes = Twin(card, (most, 2), torch.float32)
        self.finite = Twin(card, (most,), torch.bool)
        self.given = Twin(card, (ROOM,), torch.uint8)  # pixels of the footage
        self.made = self._answer(ROOM)  # pixels with the lips in them
        self.count = 0
        self.canvas: Size = (0, 0)
        self.crops: list[Size] = []

    def fill(self, orders: Sequence[Order]) -> None:
        """Write the orders into the host's memory."""
        self.count = len(orders)
        self.crops = [(order.under.shape[0], order.under.shape[1]) for order in orders]
        height, width = max(each[0] for each in self.crops), max(each[1] for each in self.crops)
        self.canvas = (height + height % 2, width + width % 2)
        self._make_room(self._pixels() * 3)
        canvases = self.given.view[: self._pixels() * 3].reshape(self.count, *self.canvas, 3)
        for row, (order, (high, wide)) in enumerate(zip(orders, self.crops, strict=True)):
            self.windows.view[row] = order.window
            self.frames.view[row] = order.frame
            self.sizes.view[row] = (high, wide)
            canvases[row, :high, :wide] = order.under

    def up(self) -> None:
        for twin in (self.windows, self.frames, self.sizes):
            twin.up(self.count)
        self.given.up(self._pixels() * 3)

    def down(self) -> None:
        self.finite.down(self.count)
        self.made.down(self._made())

    def unders(self) -> torch.Tensor:
        """(count, H, W, 3) on the card: the crops of the footage, each in the corner of its canvas."""
        return self.given.there[: self._pixels() * 3].view(self.count, *self.canvas, 3)

    def write(self, pictures: torch.Tensor) -> None:
        """Take (count, H, W, 3) RGB with the lips in it, in the colours that are wanted."""
        if self.made is self.given:  # it has been laid there
            return
        made = pictures if self._colour == "rgb" else (to_i420 if self._colour == "i420" else to_nv12)(pictures)
        self.made.there[: self._made()].view(made.shape).copy_(made)

    def picture(self, row: int) -> Picture:
        """A copy of what came down, as the slot is used again: (h, w, 3) RGB, or (h * 3 // 2, w)."""
        (high, wide), (height, width) = self.crops[row], self.canvas
        each = self._made() // self.count
        flat = self.made.view[row * each : (row + 1) * each]
        if self._colour == "rgb":
            return flat.reshape(height, width, 3)[:high, :wide].copy()
        luma = flat[: height * width].reshape(height, width)[:high, :wide]
        colours = flat[height * width :]
        if self._colour == "nv12":
            return np.concatenate((luma, colours.reshape(height // 2, width)[: high // 2, :wide]))
        planes = colours.reshape(2, height // 2, width // 2)[:, : high // 2, : wide // 2]
        return np.concatenate((luma, planes.reshape(high // 2, wide)))

    def _pixels(self) -> int:
        return self.count * self.canvas[0] * self.canvas[1]

    def _made(self) -> int:
        return self._pixels() * 3 if self._colour == "rgb" else self._pixels() * 3 // 2

    def _make_room(self, needed: int) -> None:
        """Larger memory for pixels, where a batch needs it: in powers of two, so this soon happens no more."""
        if needed > len(self.given.view):
            room = 1 << (needed - 1).bit_length()
            self.given = Twin(self._card, (room,), torch.uint8)
            self.made = self._answer(room)

    def _answer(self, room: int) -> Twin:
        """Where the pictures are laid: over what was given, where that is the same memory and the same colours."""
        in_place = self._card.shared and self._colour == "rgb"
        return self.given if in_place else Twin(self._card, (room,), torch.uint8)
