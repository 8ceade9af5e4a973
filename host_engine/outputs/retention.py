"""How long a recording is kept: its own old files are deleted, by age and by what all of them take."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from host_engine.outputs.recording_path import RecordingPath

log = logging.getLogger(__name__)

HEAD = 1 << 16  # bytes in which the mark stands: a signature may stand before it


def mark(name: str) -> str:
    """What is written into every file of the recording `name`, and nowhere else."""
    return f"Recorded by host_engine as '{name}'."


@dataclass(frozen=True)
class Keep:
    """At most so many days, and so many bytes in all; None is without a limit."""

    days: float | None = None
    size: int | None = None


class Swept(NamedTuple):
    """What a sweep deleted, and what lies there now."""

    files: int
    freed: int  # bytes
    total: int  # bytes of all files of this recording


class _File(NamedTuple):
    written: float  # when, in seconds since 1970
    path: Path
    size: int


class Retention:
    """Deletes only files that have a name of this recording *and* its mark inside, and never one that is spared.

    So neither a camera's files with the same kind of name nor another recording's are ever touched. Blocks: not for the
    event loop. now: seconds since 1970.
    """

    def __init__(self, where: RecordingPath, name: str, keep: Keep, now: Callable[[], float] = time.time) -> None:
        self._where, self._name, self._keep, self._now = where, name, keep, now
        self._marked: dict[Path, bool] = {}

    def sweep(self, spared: Callable[[], Collection[Path]] = tuple) -> Swept:
        """Delete what is too old or too much, oldest first. `spared` is asked before each. Raises OSError."""
        files = self._files()
        total = sum(file.size for file in files)
        deleted = freed = 0
        for file in files:
            why = self._why(file, total - freed)
            if why and file.path not in spared() and self._delete(file, why):
                deleted += 1
                freed += file.size
        return Swept(deleted, freed, total - freed)

    def _files(self) -> list[_File]:
        """This recording's files, oldest first."""
        found, known = [], self._marked
        self._marked = {}
        for entry in self._where.own():
            path = Path(entry.path)
            try:
                about = entry.stat(follow_symlinks=False)
                own = known[path] if known.get(path) else self._is_marked(path)
            except OSError:  # it went away meanwhile, or is somebody else's
                continue
            self._marked[path] = own
            if own:
                found.append(_File(about.st_mtime, path, about.st_size))
        return sorted(found)

    def _is_marked(self, path: Path) -> bool:
        with path.open("rb") as file:
            return mark(self._name).encode() in file.read(HEAD)

    def _why(self, file: _File, total: int) -> str | None:
        if self._keep.days is not None and self._now() - file.written > self._keep.days * 86_400:
            return f"it is older than {self._keep.days:g} days"
        if self._keep.size is not None and total > self._keep.size:
            return "the recording has reached the size that it may keep"
        return None

    def _delete(self, file: _File, why: str) -> bool:
        try:
            os.unlink(file.path)
        except OSError as error:
            log.warning("%s could not be deleted though %s: %s", file.path, why, error.strerror)
            return False
        log.info("%s was deleted: %s", file.path, why)
        self._where.emptied(file.path)
        return True
