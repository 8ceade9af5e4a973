"""Large catalogs are read in a process of their own: to read 10 000 products takes a second of the interpreter, which
the tick would share, and to take over what was read a tenth of that, in small pieces.

`python -m host_engine.swap.apart FOLDER KEPT SCENES` writes pickles to its standard output; nothing but this module
starts it, and nothing else that is unpickled comes from anywhere.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from host_engine.document import Problem
from host_engine.priority import gently
from host_engine.show.catalog import FILE as CATALOG
from host_engine.show.change import whole
from host_engine.show.script import Show, examine_show

LARGE = 300_000  # bytes of a catalog's file, from which on it is read apart
AT_ONCE = 50  # products in a piece: less than a millisecond
BACKGROUND = 10  # as `nice` counts


class Child:
    """The process that reads, once there is one. It can be ended from any thread, also before it has begun."""

    def __init__(self) -> None:
        self._lock, self._over = threading.Lock(), False
        self._process: subprocess.Popen[bytes] | None = None

    def begun(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._process = process
            if self._over:
                process.kill()

    def end(self) -> None:
        """Nobody wants any more what it reads."""
        with self._lock:
            self._over = True
            if self._process is not None:
                self._process.kill()


def examine(
    folder: Path, scenes: Collection[str] | None, kept: Path, child: Child | None = None
) -> tuple[Show | None, list[Problem]]:
    """As `examine_show`; in a process of its own where the catalog is large. Blocks. Raises OSError where that process
    does not come to its end."""
    if not _large(kept):
        return examine_show(folder, scenes, kept)
    command = [sys.executable, "-m", "host_engine.swap.apart", str(folder.absolute()), str(kept.absolute())]
    known = json.dumps(None if scenes is None else sorted(scenes))
    with subprocess.Popen([*command, known], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as process:
        stream = process.stdout
        assert stream
        if child is not None:
            child.begun(process)
        try:
            return _taken_over(iter(lambda: pickle.load(stream), None))
        except (EOFError, pickle.UnpicklingError, AttributeError, ImportError) as error:
            process.kill()
            raise OSError(f"the process that reads it ended too soon ({error or type(error).__name__})") from error


def _taken_over(pieces: Iterator[Any]) -> tuple[Show | None, list[Problem]]:
    show, problems = next(pieces)
    if show is None:
        return None, problems
    products = [product for piece in gently(pieces) for product in piece]
    return whole(show, products), problems


def _pieces(folder: Path, kept: Path, scenes: Collection[str] | None) -> Iterator[Any]:
    """The show without its products, then these, some at a time; None ends it."""
    show, problems = examine_show(folder, scenes, kept)
    if show is None:
        yield None, problems
        return
    yield whole(show, ()), problems
    products = show.catalog.products
    yield from (products[at : at + AT_ONCE] for at in range(0, len(products), AT_ONCE))
    yield None


def _large(kept: Path) -> bool:
    try:
        return (kept / CATALOG).stat().st_size >= LARGE
    except OSError:
        return False


def main(folder: str, kept: str, scenes: str) -> None:
    """Read, and write what was read to the standard output."""
    os.nice(BACKGROUND)
    out = sys.stdout.buffer
    try:
        for piece in _pieces(Path(folder), Path(kept), json.loads(scenes)):
            pickle.dump(piece, out, pickle.HIGHEST_PROTOCOL)
        out.flush()
    except BrokenPipeError:  # the channel has ended meanwhile, and nothing that is left is to be written at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main(*sys.argv[1:])
