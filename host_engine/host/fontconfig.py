"""Keeps what Fontconfig remarks on a system's own files out of the terminal; whatever else is written there stays."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

REMARK = b"Fontconfig warning:"  # such as of a file in Debian that is newer than the Fontconfig within skia
STDERR = 2


@contextmanager
def without_remarks() -> Iterator[None]:
    """For the moment in which fonts are looked for: skia's library writes to the process's standard error itself."""
    try:
        kept, terminal = tempfile.TemporaryFile(), os.dup(STDERR)  # noqa: SIM115
    except OSError:  # there is no standard error, or no place for a file
        yield
        return
    with kept:
        os.dup2(kept.fileno(), STDERR)
        try:
            yield
        finally:
            os.dup2(terminal, STDERR)
            kept.seek(0)
            with suppress(OSError):
                for line in kept:
                    if not line.startswith(REMARK):
                        os.write(STDERR, line)
            os.close(terminal)
