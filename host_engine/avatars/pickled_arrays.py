"""Arrays and numbers of numpy as pickles spell them, made from their bytes by us, so that numpy trusts no file."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

KINDS = {"b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"}


class Dtype:
    """The kind of an array's numbers, and the order of their bytes, which the pickle tells afterwards."""

    def __init__(self, code: str) -> None:
        self.code, self.order = code, "<"

    @property
    def numpy(self) -> np.dtype[Any]:
        return np.dtype(self.code).newbyteorder("<" if self.order == "|" else self.order)  # type: ignore[arg-type]


class Raw:
    """An array whose shape, kind and bytes the pickle tells afterwards."""

    def __init__(self) -> None:
        self._told: tuple[Any, ...] | None = None
        self._made: NDArray[Any] | None = None

    def tell(self, state: tuple[Any, ...]) -> None:
        self._told = state

    def array(self) -> NDArray[Any]:
        """The array. Raises ValueError where it was told nothing, or its bytes do not fit its shape."""
        if self._told is None:
            raise ValueError("an array without numbers")
        if self._made is None:
            _, shape, kind, fortran, raw = self._told
            self._made = array_of(raw, kind, shape, "F" if fortran else "C")
        return self._made


def fill(what: Raw | Dtype, state: tuple[Any, ...]) -> None:
    """Takes in what a pickle tells of an array (version, shape, kind, order, bytes) or of a kind (version, order)."""
    if isinstance(what, Raw):
        what.tell(state)
        return
    order = state[1]
    if order not in ("<", ">", "|", "="):
        raise ValueError(f"numbers in the order '{str(order)[:5]}'")
    what.order = order


def dtype_of(code: str, align: bool = False, copy: bool = False) -> Dtype:
    """The kind of numbers with this code, such as 'i8'. Raises ValueError for objects and whatever is no number."""
    bare = str(code).lstrip("<>|=")
    if bare not in KINDS:
        raise ValueError(f"an array of '{bare[:20]}', which are no numbers")
    return Dtype(bare)


def array_of(raw: Any, kind: Any, shape: Any, order: str) -> NDArray[Any]:
    """An array of these bytes. Raises ValueError where they do not fill the shape exactly."""
    if not isinstance(kind, Dtype) or not isinstance(raw, bytes) or not isinstance(shape, tuple):
        raise ValueError("an array that is not spelt as numpy spells it")
    sides = [side for side in shape if type(side) is int and 0 <= side <= len(raw)]
    if len(sides) != len(shape) or math.prod(sides) * kind.numpy.itemsize != len(raw):
        raise ValueError(f"an array of {len(raw)} bytes that do not fill its shape")
    made = np.frombuffer(raw, kind.numpy).reshape(sides, order="F" if order == "F" else "C")
    return made.astype(kind.numpy.newbyteorder("="))


def scalar_of(kind: Any, raw: Any) -> Any:
    """One number of numpy's, as Python's own."""
    return array_of(raw, kind, (1,), "C")[0].item()
