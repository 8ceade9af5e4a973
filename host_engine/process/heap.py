"""The heap of the process: glibc's malloc told to share its arenas and to give back what was freed.

By itself it makes up to eight arenas for each core and lets none of them shrink while anything lies at its end: a
channel with its sixteen threads then holds some 100 MB that nobody uses, after an hour more than that.
"""

from __future__ import annotations

import asyncio
import ctypes
import os

ARENA_MAX, MMAP_THRESHOLD, TRIM_THRESHOLD = -8, -3, -1  # as malloc.h numbers them
ARENAS = 2
LARGE = 4 << 20  # bytes: a block from this size on goes back to the system when it is freed
KEPT = 8 << 20  # bytes that may lie free at the end of the heap
PAUSE = 30.0  # seconds between two times that all free pages are given back, which takes some 4 ms


def tidy() -> bool:
    """Set it up, before threads are started; what the environment says (MALLOC_ARENA_MAX and the like) stays.

    False where there is no glibc; nothing is done there.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is None:
        return False
    wanted = {
        "MALLOC_ARENA_MAX": (ARENA_MAX, ARENAS),
        "MALLOC_MMAP_THRESHOLD_": (MMAP_THRESHOLD, LARGE),
        "MALLOC_TRIM_THRESHOLD_": (TRIM_THRESHOLD, KEPT),
    }
    return all([set_option(*option) == 1 for name, option in wanted.items() if name not in os.environ])


async def keep_tidy() -> None:
    """Give the free pages between what is in use back every half minute, on a thread, until cancelled.

    What frames and captions leave behind is small holes all over the heap, which malloc by itself never gives back.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    while trim is not None:
        await asyncio.sleep(PAUSE)
        await asyncio.to_thread(trim, 0)
