"""Memory that a channel and the shared worker both see: it has no name, and is gone when both are."""

from __future__ import annotations

import fcntl
import mmap
import os
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from host_engine.neural.worker.wire import WireError

SEALS = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
ROW = 64  # bytes to which places in a pool are rounded up


def make(size: int) -> int:
    """The descriptor of new memory of `size` bytes that nobody can make smaller while the other reads it."""
    descriptor = os.memfd_create("host-engine lips", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        os.ftruncate(descriptor, size)
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, SEALS)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def seen(descriptor: int, size: int) -> NDArray[np.uint8]:
    """The memory as bytes, for as long as the array lives. Closes the descriptor.

    Raises WireError for memory that is smaller than `size`, or that could become so: reading it would end the process.
    """
    try:
        if fcntl.fcntl(descriptor, fcntl.F_GET_SEALS) & fcntl.F_SEAL_SHRINK == 0:
            raise WireError("the memory could be made smaller; it must be sealed")
        if not 0 < size <= os.fstat(descriptor).st_size:
            raise WireError(f"the memory is smaller than {size} bytes")
        return np.frombuffer(mmap.mmap(descriptor, size), np.uint8)
    except OSError as error:
        raise WireError(f"what came is not shared memory: {error.strerror}") from error
    finally:
        os.close(descriptor)


def share(arrays: Sequence[NDArray[Any]]) -> int:
    """The descriptor of memory that holds the arrays one after the other."""
    size = sum(each.nbytes for each in arrays)
    descriptor = make(size)
    place = seen(os.dup(descriptor), size)
    at = 0
    for each in arrays:
        place[at : at + each.nbytes] = np.ascontiguousarray(each).reshape(-1).view(np.uint8)
        at += each.nbytes
    return descriptor


class Pool:
    """Places of one size in shared memory, each for one order: its window, then its crop, then its picture.

    Safe from any thread.
    """

    def __init__(self, place: int, count: int) -> None:
        self.place = -(-place // ROW) * ROW
        self.bytes = self.place * count
        self.descriptor = make(self.bytes)
        self.memory = seen(os.dup(self.descriptor), self.bytes)
        self._free = list(range(0, self.bytes, self.place))
        self._lock = threading.Lock()

    def take(self) -> int | None:
        """Where a free place begins; None where all are in use."""
        with self._lock:
            return self._free.pop() if self._free else None

    def give(self, at: int) -> None:
        with self._lock:
            self._free.append(at)

    def close(self) -> None:
        """Let the descriptor go; the memory stays as long as somebody sees it."""
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)
