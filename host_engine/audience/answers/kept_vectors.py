"""Vectors of the catalog's texts, computed once and kept in a file: a start and a swap compute only what is new."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Protocol

import numpy as np

from host_engine.audience.meaning import SIZE, Vectors

log = logging.getLogger(__name__)

MOST = 50_000  # vectors that are kept, 40 MB; then the file begins anew
BATCH = 8  # texts computed at once: some tens of milliseconds in which nothing else of this thread is done
LONGEST_REST = 0.5  # seconds after a batch
_STACKS = 500
_FILE = "minilm-l6-v2.vectors"
_RECORD = np.dtype([("key", "S32"), ("vector", np.float16, (SIZE,))])


class Understands(Protocol):
    """What gives texts their vectors."""

    def vectors(self, texts: Sequence[str]) -> Vectors: ...


class KeptVectors:
    """Knows the vectors of texts. A file that is damaged costs their computing anew, nothing else. Any thread."""

    def __init__(self, meaning: Understands, folder: Path | None) -> None:
        """`folder`: where the file lies; None keeps nothing beyond this process."""
        self._meaning = meaning
        self._path = folder / _FILE if folder else None
        self._lock = threading.Lock()
        self._stacks: dict[tuple[str, ...], Vectors] = {}  # of what was asked for together
        self._known: dict[bytes, np.ndarray[tuple[int], np.dtype[np.float16]]] = {}
        if self._path:
            self._read(self._path)

    def __len__(self) -> int:
        return len(self._known)

    def known(self, texts: Sequence[str]) -> Vectors:
        """(n, 384) of those texts that are known, at once; unknown ones are left out."""
        whole = tuple(texts)
        with self._lock:
            if (stack := self._stacks.get(whole)) is not None:
                return stack
            found = [self._known[key] for key in map(_key, texts) if key in self._known]
            stack = np.stack(found).astype(np.float32) if found else np.zeros((0, SIZE), np.float32)
            if found and len(found) == len(whole):
                if len(self._stacks) >= _STACKS:
                    self._stacks.clear()
                self._stacks[whole] = stack
        return stack

    def knows_all(self, texts: Sequence[str]) -> bool:
        with self._lock:
            return all(_key(text) in self._known for text in texts)

    def learn(self, texts: Sequence[str], go_on: Callable[[], bool] = lambda: True) -> None:
        """Compute what is missing, some at a time, while `go_on()` says so. Raises MeaningError."""
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if _key(text) not in self._known]
        for first in range(0, len(missing), BATCH):
            if not go_on():
                return
            batch = missing[first : first + BATCH]
            began = time.monotonic()
            self._add(batch, self._meaning.vectors(batch))
            time.sleep(min(LONGEST_REST, time.monotonic() - began))  # half a processor: the show has just begun

    def _add(self, texts: list[str], vectors: Vectors) -> None:
        records = np.zeros(len(texts), _RECORD)
        records["key"] = [_key(text) for text in texts]
        records["vector"] = vectors
        with self._lock:
            fresh = len(self._known) + len(texts) > MOST
            if fresh:
                self._known.clear()
                self._stacks.clear()
            for text, record in zip(texts, records, strict=True):
                self._known[_key(text)] = record["vector"]
        if self._path:
            self._write(self._path, records.tobytes(), fresh)

    def _read(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                data = file.read(MOST * _RECORD.itemsize)
        except FileNotFoundError:
            return
        except OSError as wrong:
            log.warning("%s cannot be read (%s); the meanings of the catalog's texts are computed anew", path, wrong)
            return
        records = np.frombuffer(data[: len(data) // _RECORD.itemsize * _RECORD.itemsize], _RECORD)
        with np.errstate(all="ignore"):
            lengths = np.linalg.norm(records["vector"].astype(np.float32), axis=1)
        for record, length in zip(records, lengths, strict=True):
            if 0.98 < length < 1.02:
                self._known[bytes(record["key"])] = record["vector"]

    def _write(self, path: Path, data: bytes, fresh: bool) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            try:
                size = 0 if fresh else os.fstat(handle).st_size
                os.ftruncate(handle, size // _RECORD.itemsize * _RECORD.itemsize)  # a torn record is dropped
                os.write(handle, data)
            finally:
                os.close(handle)
        except OSError as wrong:
            log.warning("%s cannot be written (%s); at the next start this is computed again", path, wrong)
            self._path = None


def _key(text: str) -> bytes:
    """Hexadecimal, so that no key ends in a zero byte, which numpy would cut off."""
    return blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest().encode()
