"""What prepares the show stands back for what is on air: less of the processors, and of the interpreter."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

BACKGROUND = 10  # as `nice` counts: a thread of the usual 0 gets nine times as much where both want a processor
AT_ONCE = 0.002  # seconds that something long is worked at before the others have their turn
REST = 1.0  # of the time worked: whoever wants the interpreter waits for who has it, however little that one claims

T = TypeVar("T")
_thread = threading.local()


def stand_back() -> None:
    """From now on the calling thread works when the picture, the sound and the loop leave it time.

    Processors are claimed less only where priorities belong to single threads, on Linux.
    """
    _thread.back = True
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BACKGROUND)


def gently(things: Iterable[T]) -> Iterator[T]:
    """The same things; on a thread that stands back with a rest after each few of them. For loops over whole catalogs:
    a frame takes and gives back the interpreter some fifty times, and waits each time for whoever computes in it."""
    if not getattr(_thread, "back", False):
        yield from things
        return
    began = time.perf_counter()
    for thing in things:
        yield thing
        if (worked := time.perf_counter() - began) > AT_ONCE:
            time.sleep(min(REST * worked, 0.05))
            began = time.perf_counter()
