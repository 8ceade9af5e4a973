"""What takes long to draw or to compose, kept on disk, so that a channel that starts anew is on air at once."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import threading
import time
import zipfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import cv2
import numpy as np
import skia
from numpy.typing import NDArray

log = logging.getLogger(__name__)

LIMIT = 256 * 2**20  # bytes
ABANDONED = 3600.0  # seconds after which a half-written file is nobody's
BROKEN = (OSError, ValueError, KeyError, IndexError, TypeError, EOFError, NotImplementedError, zipfile.BadZipFile)

T = TypeVar("T")
Arrays = Mapping[str, NDArray[Any]]


class Form(NamedTuple):
    """How something is taken apart into arrays, and put together again: `unpack(pack(x))` is like x."""

    pack: Callable[[Any], Arrays]
    unpack: Callable[[Arrays], Any]


PICTURE = Form(lambda picture: {"picture": picture}, lambda arrays: arrays["picture"])


class Kept:
    """A folder of one .npz for each thing; never more than `limit` bytes, the least used is removed first.

    A thing is found under what it was made from and the code that made it: another version draws anew. No trouble with
    the disk is ever raised: it is logged, and the thing is made anew. Without a folder everything is. Safe to call
    from any thread.
    """

    def __init__(self, folder: Path | None = None, limit: int = LIMIT) -> None:
        self._folder, self._limit = folder, limit

    def made(self, of: Sequence[Any], code: Path, make: Callable[[], T], form: Form = PICTURE) -> T:
        """What `make` makes of `of`, plain values; `code` is the module, or the folder of modules, that makes it."""
        if self._folder is None:
            return make()
        key = json.dumps([*of, _mark(code), skia.__version__, cv2.__version__, np.__version__])
        path = self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:40]}.npz"
        try:
            with np.load(path, allow_pickle=False) as file:
                found: T = form.unpack({name: file[name] for name in file.files})
            os.utime(path)
            return found
        except FileNotFoundError:
            pass
        except BROKEN as error:
            log.warning("what was kept in %s is unreadable and is made anew: %s", path, error)
        thing = make()
        self._keep(path, form.pack(thing))
        return thing

    def _keep(self, path: Path, arrays: Arrays) -> None:
        # A name of its own for each writer: two threads, or two channels, may share the folder.
        part = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                named: Any = dict(arrays)  # its types take the names for its own options
                np.savez(file, **named)
            part.replace(path)
            with contextlib.suppress(FileNotFoundError):  # another channel clears at the same time
                self._clear(path.parent)
        except OSError as error:
            log.warning("%s could not be kept: %s", path, error)
            with contextlib.suppress(OSError):
                part.unlink()

    def _clear(self, folder: Path) -> None:
        """Make room: the latest stay."""
        for part in folder.glob("*.part"):
            if time.time() - part.stat().st_mtime > ABANDONED:
                part.unlink(missing_ok=True)
        size = 0
        for modified, path in sorted(((path.stat().st_mtime, path) for path in folder.glob("*.npz")), reverse=True):
            size += path.stat().st_size
            if size > self._limit:
                log.info("%s, last used %s, makes room", path, time.ctime(modified))
                path.unlink(missing_ok=True)


@cache
def _mark(code: Path) -> str:
    """A mark of the code that makes something."""
    files = sorted(code.glob("*.py")) if code.is_dir() else [code]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
