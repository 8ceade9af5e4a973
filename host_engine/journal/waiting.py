"""Entries that wait until the database takes them: in a file, and where that cannot be written, in memory."""

from __future__ import annotations

import json
import logging
import os
from collections import deque
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from host_engine.journal.files import set_aside
from host_engine.journal.row import Entry, checked, compact

log = logging.getLogger(__name__)

LARGEST = 256_000_000  # bytes of the file: about a month of show
MOST = 20_000  # entries in memory: about a day of show


class Waiting:
    """First in, first out, across restarts. What finds no room is counted in `lost`.

    `next(most)` shows the oldest entries, `done()` takes away those last shown. Until `open(path)` all is in memory.
    """

    def __init__(self, largest: int = LARGEST, most: int = MOST) -> None:
        self.lost = 0
        self._largest, self._most = largest, most
        self._path: Path | None = None
        self._memory: deque[Entry] = deque()  # younger than what is in the file
        self._in_file = 0  # lines not yet taken
        self._offset = 0  # where they begin
        self._shown: tuple[int, int] = (0, 0)  # lines and bytes, or entries of the memory and 0
        self._bad = 0  # lines of the file that are no entries

    def __len__(self) -> int:
        return self._in_file + len(self._memory)

    def open(self, path: Path) -> None:
        """Take up what an earlier process left in the file. Raises OSError."""
        with path.open("a+b") as file:
            if file.tell() and not _ends_a_line(file.fileno(), file.tell()):
                file.write(b"\n")
            file.seek(0)
            self._in_file = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
        self._path, self._offset = path, 0
        self._save()

    def add(self, entries: Sequence[Entry]) -> None:
        """Never raises."""
        room = max(0, self._most - len(self._memory))
        if len(entries) > room:
            self._save()
            room = max(0, self._most - len(self._memory))
        self._memory.extend(entries[:room])
        self.lost += len(entries) - min(room, len(entries))
        self._save()

    def next(self, most: int) -> list[Entry]:
        """The oldest entries. Raises OSError."""
        if not self._in_file or self._path is None:
            found = list(islice(self._memory, most))
            self._shown = (len(found), 0)
            return found
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                lines = list(islice(file, min(most, self._in_file)))
        except FileNotFoundError:  # somebody took it away, and what was in it
            self._path.touch()
            lines = []
        self._shown = (len(lines) or self._in_file, sum(map(len, lines)))
        return [entry for line in lines if (entry := self._entry(line))]

    def done(self) -> None:
        """What `next` showed is in the database. Raises OSError."""
        count, size = self._shown
        self._shown = (0, 0)
        if not self._in_file or self._path is None:
            for _ in range(count):
                self._memory.popleft()
            return
        self._in_file -= count
        self._offset += size
        if not self._in_file:
            self._offset = 0
            if self._bad:
                aside = set_aside(self._path)
                log.warning("%d rows that waited in %s were no rows; see %s", self._bad, self._path, aside.name)
                self._bad = 0
            else:
                os.truncate(self._path, 0)

    def skip_through(self, id: str) -> None:
        """Take away the oldest entries up to that one, if it is here: they are in the database. Never raises."""
        if ids := [n for n, entry in enumerate(self._memory) if entry["id"] == id]:
            for _ in range(ids[-1] + 1):
                self._memory.popleft()
        if not self._in_file or self._path is None or not id:
            return
        wanted, lines, at = f'"id":{json.dumps(id, ensure_ascii=False)}'.encode(), 0, self._offset
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                for lines, line in enumerate(file, 1):
                    at += len(line)
                    if wanted in line:
                        self._shown = (lines, at - self._offset)
                        self.done()
                        return
        except OSError as error:
            log.warning("%s cannot be read: %s", self._path, error)

    def _entry(self, line: bytes) -> Entry | None:
        if not line.strip():
            return None
        try:
            return checked(json.loads(line))
        except (ValueError, RecursionError):
            self._bad += 1
            return None

    def _save(self) -> None:
        """Move what is in memory to the end of the file, if that takes it."""
        if self._path is None or not self._memory:
            return
        lines = "".join(compact(entry) + "\n" for entry in self._memory).encode()
        try:
            _append(self._path, lines, self._largest)
        except OSError:
            return  # it stays in memory; the alarm of the database tells enough
        self._in_file += len(self._memory)
        self._memory.clear()


def _append(path: Path, data: bytes, largest: int) -> None:
    """All of it or nothing. Raises OSError."""
    with path.open("ab", buffering=0) as file:
        size = file.tell()
        if size + len(data) > largest:
            raise OSError(f"{path} would become larger than {largest} bytes")
        try:
            if file.write(data) != len(data):
                raise OSError(f"{path}: the disk is full")
            os.fsync(file.fileno())
        except OSError:
            file.truncate(size)
            raise


def _ends_a_line(file: int, size: int) -> bool:
    return os.pread(file, 1, size - 1) == b"\n"
