"""A disk that is full or slow while a plan says so."""

from __future__ import annotations

import errno
from collections.abc import Callable
from io import FileIO
from pathlib import Path
from typing import Any, Protocol

from host_engine.chaos.at_work import AtWork
from host_engine.chaos.plan import Disk


class Opens(Protocol):
    """`room` gives a named tuple with the bytes that are `free`."""

    @property
    def open(self) -> Callable[[Path], FileIO]: ...
    @property
    def room(self) -> Callable[[Path], Any]: ...


class BrokenDisk:
    """Takes what the real disk takes, but for the fault at work. What is written is really on the disk."""

    def __init__(self, name: str, real: Opens, faults: AtWork) -> None:
        self._name, self._real, self._faults = name, real, faults

    def open(self, path: Path) -> FileIO:
        self.strike()
        opened = self._real.open(path)
        opened.close()
        return BrokenFile(path, self.strike)

    def room(self, folder: Path) -> Any:
        fault, room = self._faults.of(Disk, self._name), self._real.room(folder)
        return room._replace(free=0) if fault and fault.how == "full" else room

    def strike(self) -> None:
        """Before anything is written. Raises OSError as a full disk does."""
        fault = self._faults.of(Disk, self._name)
        if fault and fault.how == "full":
            raise OSError(errno.ENOSPC, "No space left on device (chaos)")
        if fault and fault.how == "slow":
            self._faults.sleep(fault.ms / 1000)


class BrokenFile(FileIO):
    """A new file on a broken disk."""

    def __init__(self, path: Path, strike: Callable[[], None]) -> None:
        super().__init__(path, "wb")
        self._strike = strike

    def write(self, data: Any) -> int:
        self._strike()
        return super().write(data)
