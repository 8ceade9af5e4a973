"""A small file of what holds until somebody orders otherwise, so that a restart goes on with it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import threading
from collections.abc import Mapping
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

LARGEST = 4_000_000  # bytes of a file
PATIENCE = 0.5  # seconds that an order waits for its disk


class KeptFile:
    """Written beside the loop, in one step, and in the order in which it was handed over: the last is what stays. The
    owner alone may read it. A disk that fails or hangs costs what it would have kept, and nothing else.
    """

    def __init__(self, path: Path, threads: Executor) -> None:
        """`threads`: where it is written, and nothing else that must not wait for a disk."""
        self.path, self._threads = path, threads
        self._lock = threading.Lock()
        self._asked, self._done = 0, 0
        self._last: Future[None] | None = None

    def read(self) -> dict[str, Any]:
        """What was kept; nothing where there is nothing. What cannot be read is told, and set aside. Blocks."""
        try:
            if self.path.stat().st_size > LARGEST:
                raise ValueError("it is too large")
            fields = json.loads(self.path.read_text("utf-8"))
            if not isinstance(fields, dict):
                raise ValueError("it is no object of JSON")
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            log.warning("%s cannot be read and is not used: %s", self.path, error)
            self._set_aside()
            return {}
        return fields

    def write(self, fields: Mapping[str, Any]) -> None:
        """Keep this instead of what was kept; comes back at once. On one thread."""
        self._asked += 1
        self._last = self._threads.submit(self._write, self._asked, json.dumps(fields))

    async def written(self) -> None:
        """Come back when it is on the disk, or the disk takes too long."""
        if self._last is not None:
            await asyncio.wait([asyncio.wrap_future(self._last)], timeout=PATIENCE)

    def _write(self, number: int, text: str) -> None:
        with self._lock:
            if number <= self._done or number < self._asked:  # a newer one is on its way
                return
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                beside = self.path.with_name(f"{self.path.name}.new")
                with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                    file.write(text)
                beside.replace(self.path)
                self._done = number
            except OSError as error:
                log.warning("What was ordered cannot be kept for a restart: %s: %s", self.path, error)

    def _set_aside(self) -> None:
        try:
            self.path.replace(self.path.with_name(f"{self.path.name}.unreadable"))
        except OSError as error:
            log.warning("%s cannot be set aside: %s", self.path, error)
