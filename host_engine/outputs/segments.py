"""A running stream -> files of a bounded length that follow each other without a gap."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from host_engine.media import Format, Unit
from host_engine.outputs import h264
from host_engine.outputs.file_writer import LONG_JUMP, CannotWrite, FileWriter

LATE_SOUND = 25  # units after a cut in which the sound of before may still come


class Segments:
    """Cuts at key frames: after `seconds`, where SPS or PPS change, and after a long jump of the frame number.

    Each picture and each packet of sound is in exactly one file. The sound of an instant becomes ready a little after
    its picture, so a file stays open for the few units that still bring some. Blocks: not for the event loop.

    open: makes the next file; told whether it goes on where another one ends. closed: told of each that is complete.
    """

    def __init__(
        self,
        format: Format,
        seconds: float,
        open: Callable[[bool], FileWriter],
        closed: Callable[[Path], None] = lambda path: None,
    ) -> None:
        self.count = 0
        self._format, self._open, self._tell = format, open, closed
        self._length = seconds * format.fps
        self._file: FileWriter | None = None
        self._ending: FileWriter | None = None  # its pictures are complete, its sound is not
        self._closed = 0  # bytes
        self._start = self._last = 0
        self._parameters: tuple[bytes, ...] = ()
        self._jumped = False

    @property
    def paths(self) -> set[Path]:
        """The files that are being written."""
        return {file.path for file in (self._file, self._ending) if file}

    @property
    def size(self) -> int:
        """Bytes written, in all files."""
        return self._closed + sum(file.size for file in (self._file, self._ending) if file)

    def write(self, unit: Unit) -> None:
        """Append one unit, to a new file where it is time; those before the first key frame are left out.

        Raises CannotWrite, after which `close` leaves files that play.
        """
        self._jumped |= unit.n - self._last > LONG_JUMP * self._format.fps
        if self._cuts(unit):
            self._cut(unit)
        self._last = unit.n
        if self._file is None:
            return
        self._file.write_picture(unit)
        if self._ending:
            self._ending.write_sound(unit)
        self._file.write_sound(unit)
        if self._ending and self._complete(unit):
            self._close_ending()

    def _cuts(self, unit: Unit) -> bool:
        if not unit.key:
            return False
        parameters = h264.split(bytes(unit.video)).parameters
        if not parameters:  # nobody could begin here
            return False
        changed, self._parameters = parameters != self._parameters, parameters
        return changed or self._file is None or self._jumped or unit.n - self._start >= self._length

    def _cut(self, unit: Unit) -> None:
        self._close_ending()
        self._ending, self._file = self._file, None
        after = self._ending is not None and not self._jumped
        if self._ending and after:
            self._ending.end_at(unit.n)
        else:
            self._close_ending()
        self._file = self._open(after)
        self._start, self._jumped = unit.n, False
        self.count += 1

    def _complete(self, unit: Unit) -> bool:
        """No more sound from before the cut will come."""
        cut = self._start * self._format.samples
        return unit.n - self._start > LATE_SOUND or any((sound.pts or 0) >= cut for sound in unit.aac)

    def _close_ending(self) -> None:
        if self._ending:
            file, self._ending = self._ending, None
            self._finish(file)

    def _finish(self, file: FileWriter) -> None:
        try:
            file.close()
        finally:
            self._closed += file.size
        if file.plays:
            self._tell(file.path)

    def close(self) -> None:
        """Finish what is open. Raises CannotWrite, after all of it was tried."""
        files = [file for file in (self._ending, self._file) if file]
        self._ending = self._file = None
        failed = None
        for file in files:
            try:
                self._finish(file)
            except CannotWrite as error:
                failed = error
        if failed:
            raise failed
