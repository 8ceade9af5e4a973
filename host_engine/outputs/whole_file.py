"""A file that grows while it is written and keeps only what was written whole."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable
from io import FileIO
from pathlib import Path


class WholeFile:
    """A new file for a muxer. A write that fails cuts it back to the last `settle()`, where it can still be played.

    After a failure nothing more is written and nothing more fails, so that the muxer can be closed in peace. Raises
    OSError where the disk does not take it, and where somebody deleted the file meanwhile; FileExistsError instead of
    writing over another file.
    """

    def __init__(self, path: Path, open: Callable[[Path], FileIO]) -> None:
        self.path = path
        self.whole = 0  # bytes that are surely whole
        self.broken = False
        self._file = open(path)
        self._at = 0

    def write(self, data: bytes) -> int:
        if not self.broken:
            try:
                self._write(memoryview(data))
            except OSError:
                self.broken = True
                with contextlib.suppress(OSError):
                    self._file.truncate(self.whole)
                raise
        self._at += len(data)
        return len(data)

    def _write(self, data: memoryview) -> None:
        if not os.fstat(self._file.fileno()).st_nlink:
            raise OSError(errno.ENOENT, "it was deleted while it was being written")
        while data:
            data = data[self._file.write(data) or 0 :]

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if self.broken:
            self._at = offset + (self._at if whence == os.SEEK_CUR else 0)
        else:
            self._at = self._file.seek(offset, whence)
        return self._at

    def tell(self) -> int:
        return self._at

    def settle(self) -> None:
        """What has been written up to here belongs together."""
        if not self.broken:
            self.whole = max(self.whole, self._at)

    def close(self, keep: bool = True) -> None:
        """Close the file; `keep` false removes it, as it holds nothing to be seen."""
        self._file.close()
        if not keep:
            with contextlib.suppress(OSError):
                self.path.unlink()
