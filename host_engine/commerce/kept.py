"""What commerce remembers over a restart, in a small file of this machine: what was taken, and how new it was."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from host_engine.priority import stand_back

log = logging.getLogger(__name__)

PERIOD = 1.0  # seconds that a power cut may cost
GOODBYE = 0.5  # seconds for the last rows
MOST = 100_000  # rows of a kind that are read at the start
TABLE = (
    "CREATE TABLE IF NOT EXISTS kept (kind TEXT, key TEXT, value TEXT, at REAL, PRIMARY KEY (kind, key)) WITHOUT ROWID"
)

Row = tuple[str, str, str | None]


class Kept:
    """`put` is called on the event loop and never waits; `run` writes once a second, on a thread that stands back.

    A file that cannot be read or written costs the memory over a restart, and nothing else; it is told once.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: dict[tuple[str, str], str | None] = {}
        self._told = False

    def load(self) -> dict[str, dict[str, Any]]:
        """What was kept: kind -> key -> value, oldest first. Blocks; for the start. A broken file is set aside."""
        try:
            return self._read()
        except (sqlite3.DatabaseError, ValueError, OSError) as problem:
            log.warning("%s cannot be read, and what the shop told before is forgotten: %s", self._path, problem)
        try:
            self._path.replace(self._path.with_suffix(".damaged"))
        except OSError:
            log.warning("%s cannot be set aside", self._path)
        return {}

    def put(self, kind: str, key: str, value: Any) -> None:
        """Keep a plain value; None forgets it."""
        self._waiting[kind, key] = None if value is None else json.dumps(value)

    async def run(self) -> None:
        """Write what comes, until cancelled; then the rest, if the disk takes it at once."""
        thread, loop = ThreadPoolExecutor(1, "commerce", stand_back), asyncio.get_running_loop()
        try:
            while True:
                await asyncio.sleep(PERIOD)
                if self._waiting:
                    await loop.run_in_executor(thread, self.write, self._taken())
        finally:
            if self._waiting:
                await asyncio.wait({loop.run_in_executor(thread, self.write, self._taken())}, timeout=GOODBYE)
            thread.shutdown(wait=False)

    def write(self, rows: list[Row]) -> None:
        """Write some rows; blocks."""
        try:
            with self._open() as file:
                kept = [(*row, time.time()) for row in rows if row[2] is not None]
                file.executemany("INSERT OR REPLACE INTO kept (kind, key, value, at) VALUES (?, ?, ?, ?)", kept)
                gone = [row[:2] for row in rows if row[2] is None]
                file.executemany("DELETE FROM kept WHERE kind = ? AND key = ?", gone)
            file.close()
            self._told = False
        except (sqlite3.Error, OSError) as problem:
            if not self._told:
                log.warning("%s cannot be written; the shop's events are remembered until a restart: %s",
                            self._path, problem)  # fmt: skip
            self._told = True

    def _taken(self) -> list[Row]:
        rows = [(kind, key, value) for (kind, key), value in self._waiting.items()]
        self._waiting.clear()
        return rows

    def _read(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        with self._open() as file:
            for kind, key, value in self._rows(file):
                found.setdefault(kind, {})[key] = json.loads(value)
        file.close()
        return found

    def _rows(self, file: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
        for (kind,) in file.execute("SELECT DISTINCT kind FROM kept").fetchall():
            newest = "SELECT kind, key, value FROM kept WHERE kind = ? ORDER BY at DESC LIMIT ?"
            yield from reversed(file.execute(newest, (kind, MOST)).fetchall())
            old = "DELETE FROM kept WHERE kind = ? AND at < (SELECT min(at) FROM (SELECT at FROM kept WHERE kind = ?"
            file.execute(old + " ORDER BY at DESC LIMIT ?))", (kind, kind, MOST))

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = sqlite3.connect(self._path, timeout=5.0)
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("PRAGMA synchronous=NORMAL")
        file.execute(TABLE)
        return file
