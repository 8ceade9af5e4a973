"""What the face is painted with: arrays of numpy on a processor, of torch (`torch_plates`) on any device."""

from __future__ import annotations

from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

Paint = Any  # an array of one medium; slices, arithmetic, abs() and .clip(low, high) are alike in all


class Medium(Protocol):
    """The few things that the arrays of different libraries do not have in common."""

    def array(self, values: NDArray[np.float32]) -> Paint:
        """The values as an array of this medium."""
        ...

    def minimum(self, one: Paint, other: Paint) -> Paint:
        """The smaller value of the two, everywhere."""
        ...

    def sample(self, pictures: Paint, places: Paint) -> Paint:
        """Pictures (n, 4, h, w) as seen at places (n, rows, columns, 2), x and y in their pixels.

        Comes back as (n, 4, rows, columns). The middle of the first pixel is at 0.5; outside there is nothing.
        """
        ...


class Numpy:
    """Arrays of numpy."""

    def array(self, values: NDArray[np.float32]) -> Paint:
        return np.ascontiguousarray(values, np.float32)

    def minimum(self, one: Paint, other: Paint) -> Paint:
        return np.minimum(one, other)

    def sample(self, pictures: Paint, places: Paint) -> Paint:
        seen = []
        for picture, place in zip(pictures, places, strict=True):
            remap: Any = cv2.remap  # its types do not know that one map may hold both coordinates
            pixels = np.ascontiguousarray(picture.transpose(1, 2, 0))
            seen.append(remap(pixels, place - np.float32(0.5), None, cv2.INTER_LINEAR).transpose(2, 0, 1))
        return np.stack(seen)


NUMPY = Numpy()


def mixed(one: Paint, other: Paint, share: Paint) -> Paint:
    """Where `share` is 0 the one, where it is 1 the other."""
    return one + (other - one) * share
