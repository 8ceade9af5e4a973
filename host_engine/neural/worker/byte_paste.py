"""The network's faces put back into the footage on a processor: with OpenCV, on bytes, in memory that is used again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from host_engine.media import Picture

KEPT = 16  # sizes of crops, and masks of such sizes, that are kept

Size = tuple[int, int]  # height, width of a crop
Rows = tuple[int, int]  # of a mask: the first that shows something, the first after them that does not
Key = TypeVar("Key")
Value = TypeVar("Value")


class Seen(NamedTuple):
    """How much of the face is seen in each pixel of a crop, and how much of the footage; three times the same."""

    face: Picture  # (h, w, 3)
    ground: Picture


class _Scratch(NamedTuple):
    """Memory for one size of crop: allocating and first touching it took longer than the work."""

    resized: NDArray[np.float32]  # (h, w, 3)
    face: Picture
    shown: Picture
    kept: Picture


class BytePaste:
    """The same as `paste`, within 2/255 and several times as quick here. For one thread."""

    def __init__(self, side: int) -> None:
        self._side = side
        self._face = np.empty((side, side, 3), np.float32)
        self._scratch: dict[Size, _Scratch] = {}
        self._seen: dict[tuple[int, Size], Seen] = {}

    def __call__(
        self,
        faces: torch.Tensor,
        masks: torch.Tensor,
        unders: torch.Tensor,
        sizes: Sequence[Size],
        rows: Sequence[Rows],
        still: Sequence[int | None],
    ) -> None:
        """Change `unders` (b, H, W, 3), crops in the upper left corners; faces (b, 3, side, side) in 0..1.

        rows: between which rows each mask has something to show; the others stay as they are. still: a number for each
        mask that will be the same whenever the number is, None for one that may change.
        """
        values = faces.float().numpy()
        for face, mask, picture, size, shown, number in zip(
            values, masks.numpy(), unders.numpy(), sizes, rows, still, strict=True
        ):
            if shown[0] < shown[1]:
                seen = _seen(mask, size) if number is None else self._still(number, mask, size)
                self._lay(face, seen, picture[: size[0], : size[1]], self._reached(shown, size[0]))

    def forget(self) -> None:
        """The numbers of masks stand for others from now on."""
        self._seen.clear()

    def _lay(self, face: NDArray[np.float32], seen: Seen, ground: Picture, part: slice) -> None:
        height, width = ground.shape[:2]
        scratch = _kept(self._scratch, (height, width)) or _put(self._scratch, (height, width), _made(height, width))
        cv2.resize(self._interleaved(face), (width, height), dst=scratch.resized, interpolation=cv2.INTER_LINEAR)
        cv2.convertScaleAbs(scratch.resized[part], dst=scratch.face[part], alpha=255)
        cv2.multiply(scratch.face[part], seen.face[part], dst=scratch.shown[part], scale=1 / 255)
        cv2.multiply(ground[part], seen.ground[part], dst=scratch.kept[part], scale=1 / 255)
        cv2.add(scratch.shown[part], scratch.kept[part], dst=ground[part])

    def _reached(self, rows: Rows, height: int) -> slice:
        """The rows of a crop that the rows of a mask reach: one further on each side, where it is resized."""
        first = max(0, (rows[0] - 1) * height // self._side)
        return slice(first, min(height, (rows[1] + 1) * height // self._side + 1))

    def _still(self, number: int, mask: Picture, size: Size) -> Seen:
        key = number, size
        return _kept(self._seen, key) or _put(self._seen, key, _seen(mask, size))

    def _interleaved(self, face: NDArray[np.float32]) -> NDArray[np.float32]:
        """(side, side, 3) of (3, side, side), which may be so already, seen the other way."""
        if not face.flags.c_contiguous:
            return np.ascontiguousarray(face.transpose(1, 2, 0))
        cv2.merge(list(face), dst=self._face)
        return self._face


def _seen(mask: Picture, size: Size) -> Seen:
    resized = cv2.resize(mask, (size[1], size[0]), interpolation=cv2.INTER_LINEAR)
    face = np.asarray(cv2.cvtColor(resized, cv2.COLOR_GRAY2RGB), np.uint8)
    return Seen(face, np.asarray(cv2.bitwise_not(face), np.uint8))


def _made(height: int, width: int) -> _Scratch:
    first, second, third = (np.empty((height, width, 3), np.uint8) for _ in range(3))
    return _Scratch(np.empty((height, width, 3), np.float32), first, second, third)


def _kept(store: dict[Key, Value], key: Key) -> Value | None:
    """The value, which becomes the last to be dropped."""
    value = store.pop(key, None)
    if value is not None:
        store[key] = value
    return value


def _put(store: dict[Key, Value], key: Key, value: Value) -> Value:
    if len(store) >= KEPT:
        del store[next(iter(store))]
    store[key] = value
    return value
