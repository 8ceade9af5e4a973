"""Files that are replaced whole, held by one process, or set aside under another name, never deleted."""

from __future__ import annotations

import fcntl
import logging
import os
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from host_engine.journal.trouble import Taken

log = logging.getLogger(__name__)


class Hold:
    """A file that one process at a time can hold; the system lets go of it when the process ends, however it does."""

    def __init__(self, path: Path, what: str) -> None:
        """Raises Taken with a sentence about `what`, or OSError."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            holder = self._file.read(20).strip()
            self._file.close()
            raise Taken(f"{f'process {holder}' if holder.isdigit() else 'another engine'} writes {what}") from None
        self._file.truncate(0)
        self._file.write(f"{os.getpid()}\n")
        self._file.flush()

    def release(self) -> None:
        self._file.close()


def replace(path: Path, text: str) -> None:
    """Give a file a new content in one step: a reader finds the old one or the new one whole. Raises OSError."""
    new = path.with_name(path.name + ".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def set_aside(path: Path, also: tuple[str, ...] = ()) -> Path:
    """Rename a file, and those whose names only end otherwise, so that a new one can take its place. Raises OSError."""
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    names = (path.with_name(f"{path.name}.aside-{stamp}" + (f"-{n}" if n > 1 else "")) for n in count(1))
    aside = next(name for name in names if not name.exists())
    path.rename(aside)
    for ending in also:
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + ending))
    return aside
