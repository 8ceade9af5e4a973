"""The running channel as a recording: segments on a disk that may be slow, full or gone, and nobody else notices."""

from __future__ import annotations

import asyncio
import errno
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from host_engine.alarms import Alarms
from host_engine.document.quantities import in_words
from host_engine.media import Format
from host_engine.outputs.disk_keeper import DiskKeeper
from host_engine.outputs.disk_room import Disk
from host_engine.outputs.disk_thread import DiskThread
from host_engine.outputs.fanout import Fanout, Reader
from host_engine.outputs.file_writer import CannotWrite, FileWriter
from host_engine.outputs.recording_path import RecordingPath
from host_engine.outputs.retention import Keep, mark
from host_engine.outputs.segments import Segments

__all__ = ["Keep", "Patience", "Recorder"]

log = logging.getLogger(__name__)

QUEUE = 250  # units: ten seconds of a disk that does nothing
FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class Patience:
    """How long a recording waits, in seconds."""

    slow: float = 5.0  # for a disk that takes nothing, before it is said
    look: float = 10.0  # between two looks at the room and at what is too old
    pause: float = 1.0  # after a failure; after each further one twice as long
    longest: float = 30.0
    room: float = 2.0  # between two looks whether a full disk has room again
    goodbye: float = 1.5  # for the end of the file


class Recorder:
    """Files that play even if the engine dies or the disk fills up; all work on the disk is done on threads of its own.

    path: may hold {date} and {time}, those of a segment's first picture; folder: see `RecordingPath`. segment: seconds.
    state: "waiting", "recording", "full" (goes on by itself once there is room), "failing" (cannot write, is tried
    again) or "stuck" (the disk does not answer). `file` is what is being written. A disk that is too slow loses units
    up to the next key frame, counted in `dropped`. Alarms: NAME/disk-low, NAME/disk-full, NAME/cannot-write.
    """

    def __init__(
        self,
        path: Path,
        fanout: Fanout,
        format: Format,
        name: str = "recording",
        *,
        folder: Path | None = None,
        segment: float = 900.0,
        keep: Keep | None = None,
        alarms: Alarms | None = None,
        now: Callable[[], datetime] = datetime.now,
        patience: Patience | None = None,
        disk: Disk | None = None,
    ) -> None:
        self.name = name
        self.state = "waiting"
        self.error: str | None = None
        self.file: Path | None = None
        self.segments = self.bytes = 0  # written since the start
        self.closed: Callable[[Path], None] = lambda path: None  # told of each complete file, on a thread of the disk
        self._fanout, self._format, self._segment, self._now = fanout, format, segment, now
        self._where = RecordingPath(path, folder)
        self._alarms = alarms or Alarms()
        self._patience = patience or Patience()
        self._disk = disk or Disk()
        self._keeper = DiskKeeper(
            name, self._where, keep or Keep(), segment, self._alarms, self._open_files, self._disk
        )
        self._reader: Reader | None = None
        self._written: Segments | None = None
        self._dropped = self._units = 0
        self._troubled = False

    @property
    def dropped(self) -> int:
        """Units lost because the disk was too slow."""
        return self._dropped + (self._reader.dropped if self._reader else 0)

    def report(self) -> dict[str, Any]:
        """What there is to know about the files, for the status."""
        return {
            "file": str(self.file) if self.file else None,
            "segments": self.segments,
            "bytes": self.bytes,
            "deleted": self._keeper.deleted,
            "deleted_bytes": self._keeper.deleted_bytes,
        }

    async def run(self) -> None:
        """Record until cancelled. A disk that does not take it is said, and tried again for ever."""
        writes, house = DiskThread(f"{self.name} writes"), DiskThread(f"{self.name} keeps house")
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._keeper.keep_looking(house, self._patience.look))
                tasks.create_task(self._record_for_ever(writes, house))
        finally:
            self.state = "waiting"
            writes.end()
            house.end()

    async def _record_for_ever(self, writes: DiskThread, house: DiskThread) -> None:
        pause = self._patience.pause
        while True:
            before = self.bytes
            try:
                await self._record(writes)
            except OSError as error:
                progress = self.bytes > before
                if await self._goes_on(error, progress, house):
                    continue
                pause = self._patience.pause if progress else min(self._patience.longest, pause * 2)
                await self._tell(error, house)
                await asyncio.sleep(pause)
                if _errno(error) == errno.ENOSPC:
                    await self._keeper.until_room(house, self._patience.room)

    async def _record(self, writes: DiskThread) -> None:
        written = self._written = Segments(self._format, self._segment, self._open, lambda path: self.closed(path))
        base = self.segments, self.bytes
        try:
            with self._fanout.reader(self.name, QUEUE) as self._reader:
                if not self._troubled:
                    self.state = "recording"
                while True:
                    unit = await self._reader.get()
                    await self._in_time(writes.do(written.write, unit))
                    self._reader.left(unit)
                    self._note(written, base)
        finally:
            if self._reader:
                self._dropped, self._reader = self.dropped, None
            closing = writes.do(written.close)
            await asyncio.wait({closing}, timeout=self._patience.goodbye)
            if closing.done() and (failed := closing.exception()):
                log.debug("the end of a segment was lost: %s", failed)
            self.bytes = base[1] + written.size

    async def _in_time(self, write: asyncio.Future[None]) -> None:
        """Wait for the disk, and say so when it takes long."""
        late = asyncio.get_running_loop().call_later(self._patience.slow, self._stuck)
        try:
            await write
        finally:
            late.cancel()

    def _stuck(self) -> None:
        where = self.file or self._where.folder
        self.error = f"the disk has not answered for {self._patience.slow:g} s while {where} was written"
        self.state, self._troubled = "stuck", True
        self._alarms.sound(f"{self.name}/cannot-write", f"{self.error}; what waits too long is lost")

    def _note(self, written: Segments, base: tuple[int, int]) -> None:
        """What has been written by now; trouble is over as soon as something new is on the disk."""
        self._units += 1
        self.segments, self.bytes = base[0] + written.count, base[1] + written.size
        self._keeper.growth.note(self._units / self._format.fps, self.bytes)
        if self._troubled and written.size:
            self._troubled, self.state, self.error = False, "recording", None
            self._alarms.clear(f"{self.name}/disk-full")
            self._alarms.clear(f"{self.name}/cannot-write")

    def _open(self, after: bool) -> FileWriter:
        """The next file, on the disk's thread; what waits in the queue is younger than its first picture."""
        behind = self._reader.depth / self._format.fps if self._reader else 0
        when = self._now() - timedelta(seconds=behind)
        tags = {
            "title": f"{self.name} {when:%Y-%m-%d %H:%M:%S}",
            "comment": mark(self.name),
            "creation_time": when.astimezone(UTC).isoformat(),
        }
        try:
            path = self._where.free(when)
        except OSError as error:
            raise CannotWrite(Path(error.filename or self._where.folder), error) from error
        file = FileWriter(path, self._format, live=True, after=after, tags=tags, disk=self._disk)
        self.file = path
        return file

    def _open_files(self) -> set[Path]:
        return self._written.paths if self._written else set()

    async def _goes_on(self, error: OSError, progress: bool, house: DiskThread) -> bool:
        """A new file may do at once: old ones made room, or it was only this one that could not grow or was deleted."""
        if _errno(error) in FULL:
            found = await self._keeper.look(house)
            return bool(found and found.swept.files)
        if progress:
            log.warning("%s: %s; going on in a new file", self.name, error)
        return progress

    async def _tell(self, error: OSError, house: DiskThread) -> None:
        full = _errno(error) in FULL
        free = await self._keeper.free(house)
        room = "" if free is None else f", {in_words(free)} free"
        what = (
            "free some space there or limit this output by 'keep: {size: ...}' in the channel file"
            if full
            else "see that its folder exists, is on a disk that is there, and may be written"
        )
        self.state, self.error, self._troubled = "full" if full else "failing", f"{error}{room}", True
        self._alarms.clear(f"{self.name}/{'cannot-write' if full else 'disk-full'}")
        self._alarms.sound(
            f"{self.name}/{'disk-full' if full else 'cannot-write'}",
            f"{self.error}; {what}: the recording goes on by itself then",
        )


def _errno(error: OSError) -> int | None:
    return error.why if isinstance(error, CannotWrite) else error.errno
