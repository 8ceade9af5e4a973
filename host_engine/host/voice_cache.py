"""Speech kept on disk, so that a line said before is there at once, after a restart too."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import threading
import zipfile
from functools import cache
from pathlib import Path

import numpy as np

from host_engine.media import Phoneme, Samples, Speech, Word

log = logging.getLogger(__name__)

LIMIT = 512 * 2**20  # bytes
_ENOUGH = 0.9  # of the limit remains after a clearing, so that not every line clears


class VoiceCache:
    """A folder of one .npz for each (voice, settings, text); never more than `limit` bytes, least used removed first.

    No trouble with the disk is ever raised: it is logged, and the speech is made anew.
    """

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self._folder = folder
        self._limit = limit
        self.hits = self.misses = 0  # since the start
        self._lock = threading.Lock()
        self._size = sum(size for _, size, _ in self._files())

    def get(self, voice: str, settings: str, text: str) -> Speech | None:
        """The speech kept under this key, or None; a file that cannot be read counts as not there."""
        kept = self._read(voice, settings, text)
        with self._lock:
            if kept is None:
                self.misses += 1
            else:
                self.hits += 1
        return kept

    def _read(self, voice: str, settings: str, text: str) -> Speech | None:
        path = self._path(voice, settings, text)
        try:
            with np.load(path, allow_pickle=False) as kept:
                about = json.loads(kept["about"].tobytes())
                samples = decoded(kept["samples"])
            os.utime(path)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as problem:
            log.warning("The kept speech %s is unreadable and will be made anew: %s", path, problem)
            return None
        words = tuple(Word(*w) for w in about["words"])
        return Speech(about["text"], samples, words, tuple(Phoneme(*p) for p in about["phonemes"]), about["voice"])

    def put(self, voice: str, settings: str, text: str, speech: Speech) -> None:
        """Keep speech under this key."""
        path = self._path(voice, settings, text)
        about = {"text": speech.text, "voice": speech.voice, "words": speech.words, "phonemes": speech.phonemes}
        # A name of its own for each writer: two threads, or two channels, may share the folder.
        part = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                text_bytes = np.frombuffer(json.dumps(about).encode(), np.uint8)
                np.savez(file, samples=encoded(speech.samples), about=text_bytes)
            part.replace(path)
            with self._lock:
                self._size += path.stat().st_size
                if self._size > self._limit:
                    self._clear()
        except OSError as problem:
            log.warning("The speech could not be kept in %s: %s", self._folder, problem)
            with contextlib.suppress(OSError):
                part.unlink()

    def _path(self, voice: str, settings: str, text: str) -> Path:
        key = json.dumps([_code(), voice, settings, text])
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}.npz"

    def _files(self) -> list[tuple[float, int, Path]]:
        """(last use, size, path) of every file kept."""
        found = []
        for path in self._folder.glob("*.npz"):
            try:
                stat = path.stat()
            except OSError:  # removed meanwhile
                continue
            found.append((stat.st_mtime, stat.st_size, path))
        return found

    def _clear(self) -> None:
        files = sorted(self._files())
        self._size = sum(size for _, size, _ in files)
        for _, size, path in files:
            if self._size <= self._limit * _ENOUGH:
                break
            path.unlink(missing_ok=True)
            self._size -= size


def encoded(samples: Samples) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """Samples as 16 bits: half the room, and 40 dB below what a viewer's codec leaves."""
    return np.rint(np.clip(samples, -1, 1) * 32767).astype(np.int16)


def decoded(samples: np.ndarray[tuple[int], np.dtype[np.int16]]) -> Samples:
    """Samples from 16 bits; decoded(encoded(x)) changes nothing the second time."""
    if samples.dtype != np.int16 or samples.ndim != 1:
        raise ValueError("the samples are not 16 bit mono")
    return samples.astype(np.float32) / np.float32(32767)


@cache
def _code() -> str:
    """A mark of the code that makes speech: what another version kept is not taken."""
    folder = Path(__file__).parent
    files = [folder / "loudness.py", *sorted((folder / "voices").glob("*.py"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
