"""What is made to stay: the collector need not look through it again and again while the show goes on."""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from host_engine.show.script import Show

AT_ONCE = 100  # products
_lock = threading.Lock()
_within = 0


@contextmanager
def long_lived(set_aside: bool = True) -> Iterator[None]:
    """What is made within lives long. A catalog of 10 000 products is some 200 000 objects: going through them holds
    all threads for more than a tenth of a second, several times while it is read.

    `set_aside`: afterwards it is left alone for good, as all is that a channel begins with; it goes when nobody refers
    to it any more.
    """
    global _within
    with _lock:
        _within += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _within -= 1
            if set_aside:
                gc.freeze()
            if _within == 0:
                gc.enable()


def let_go(shows: list[Show]) -> None:
    """Let shows go that nobody else holds, product by product: 10 000 at once would hold all threads for a frame. On a
    thread; the list is emptied."""
    products = [product for show in shows for product in show.catalog.products]
    shows.clear()
    while products:
        del products[-AT_ONCE:]
        time.sleep(0.001)
