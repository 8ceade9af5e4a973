"""One process a channel: a locked file, which the kernel gives back however the process ends."""

from __future__ import annotations

import fcntl
import logging
import os
from pathlib import Path

log = logging.getLogger(__name__)


class Claimed(OSError):
    """Another process has the channel on air; the text says which, and what to do."""


def claim(path: Path, channel: str) -> None:
    """Claim the channel called `channel` for the rest of this process. Raises Claimed.

    Where the file cannot be made or locked at all, as on some network disks, that is said and nothing claimed.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        log.warning("%s cannot be written (%s), so a second start of '%s' is not noticed", path, error, channel)
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        other = os.read(file, 20).decode(errors="replace").strip() or "unknown"
        os.close(file)
        what = f"the channel '{channel}' is on air already, as process {other}, which holds {path}"
        raise Claimed(f"{what}; end that first, or give this channel a name of its own") from error
    except OSError as error:
        log.warning("%s cannot be locked (%s), so a second start of '%s' is not noticed", path, error, channel)
        return
    os.ftruncate(file, 0)
    os.write(file, f"{os.getpid()}\n".encode())
