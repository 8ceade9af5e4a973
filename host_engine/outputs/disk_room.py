"""How long the disk under a recording will last, at the rate at which the recording really grows."""

from __future__ import annotations

import shutil
from collections import deque
from io import FileIO
from pathlib import Path
from typing import NamedTuple

from host_engine.document.quantities import in_words

WARNED = 3600  # seconds before the disk is full
RELIEVED = 1.2  # times that: free again, not just a file less
LEAST = 10  # seconds of recording from which a rate can be told
BEGIN = 60  # seconds of recording for which a full disk must have room again
GUESS = 400_000  # bytes a second, before anything is known


class Disk:
    """What there is under a recording: it opens the files, and says how much room there is. Raises OSError."""

    def open(self, path: Path) -> FileIO:
        """A new file; FileExistsError instead of writing over another one."""
        return path.open("xb", buffering=0)

    def room(self, folder: Path) -> Room:
        """Blocks: not for the event loop."""
        usage = shutil.disk_usage(folder)
        return Room(usage.free, usage.total)


class Room(NamedTuple):
    """Bytes free for us and bytes in all, on the disk of a folder."""

    free: int
    whole: int


class Growth:
    """How fast a recording grows, measured over about its last minute."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, int]] = deque(maxlen=8)

    def note(self, seconds: float, size: int) -> None:
        """So many seconds of show have taken so many bytes, both since the start."""
        if not self._points or seconds - self._points[-1][0] >= LEAST:
            self._points.append((seconds, size))

    @property
    def per_second(self) -> float | None:
        """Bytes, or None as long as nobody can tell."""
        if len(self._points) < 2:
            return None
        (start, before), (end, after) = self._points[0], self._points[-1]
        return (after - before) / (end - start)


def enough(now: Room, rate: float | None) -> bool:
    """A recording that found the disk full may begin again."""
    return now.free >= min(BEGIN * (rate or GUESS), now.whole / 10)


def low(now: Room, rate: float | None, grows: float, folder: Path, before: bool) -> str | None:
    """What to say when the disk will be full within the hour, else None.

    grows: bytes by which the recording can still grow before its own limit makes room. before: it has been said.
    """
    if not rate or now.free >= min(WARNED * rate, grows) * (RELIEVED if before else 1):
        return None
    minutes = now.free / rate / 60
    left = f"about {minutes:.0f} minutes" if minutes >= 2 else f"about {minutes * 60:.0f} seconds"
    return (
        f"the disk of {folder} has {in_words(now.free)} free, {left} of this recording; "
        "free some space or limit this output by 'keep: {size: ...}' in the channel file"
    )
