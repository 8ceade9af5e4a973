"""Looks after the disk under a recording: deletes what is too old, and says when the room runs short."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from pathlib import Path
from typing import NamedTuple

from host_engine.alarms import Alarms
from host_engine.outputs.disk_room import Disk, Growth, Room, enough, low
from host_engine.outputs.disk_thread import DiskThread
from host_engine.outputs.recording_path import RecordingPath
from host_engine.outputs.retention import Keep, Retention, Swept

log = logging.getLogger(__name__)


class Look(NamedTuple):
    """What a look at the disk found, after a sweep."""

    swept: Swept
    room: Room


class DiskKeeper:
    """Works on a thread of its own, so that many files to delete do not hold up the one that is being written.

    spared: the files being written. Alarm: NAME/disk-low. A disk that does not answer ends no look and hurts nobody.
    """

    def __init__(
        self,
        name: str,
        where: RecordingPath,
        keep: Keep,
        segment: float,
        alarms: Alarms,
        spared: Callable[[], Collection[Path]],
        disk: Disk,
    ) -> None:
        self.deleted = self.deleted_bytes = 0
        self.growth = Growth()
        self._name, self._where, self._keep, self._segment = name, where, keep, segment
        self._alarms, self._spared, self._disk = alarms, spared, disk
        self._retention = Retention(where, name, keep)
        self._low = False

    async def keep_looking(self, thread: DiskThread, every: float) -> None:
        """Look at once, and then every so many seconds, until cancelled."""
        while True:
            if found := await self.look(thread):
                self._warn(found)
            await asyncio.sleep(every)

    async def look(self, thread: DiskThread) -> Look | None:
        """Delete what is to be deleted, and see how much room there is; None where the disk does not answer well."""
        try:
            found = await thread.do(self._look)
        except OSError as error:
            log.debug("%s: %s", self._name, error)
            return None
        self.deleted += found.swept.files
        self.deleted_bytes += found.swept.freed
        return found

    def _look(self) -> Look:
        return Look(self._retention.sweep(self._spared), self._disk.room(self._where.folder))

    async def until_room(self, thread: DiskThread, every: float) -> None:
        """Wait until a recording that found the disk full may begin again, looking every so many seconds."""
        while True:
            found = await self.look(thread)
            if found is None or enough(found.room, self.growth.per_second):
                return
            await asyncio.sleep(every)

    async def free(self, thread: DiskThread) -> int | None:
        """Bytes that are free, for people."""
        try:
            return (await thread.do(self._disk.room, self._where.folder)).free
        except OSError:
            return None

    def _warn(self, found: Look) -> None:
        rate, limit = self.growth.per_second, self._keep.size
        # Once the recording has all that it may have, each segment makes room for the next.
        grows = float("inf") if limit is None else max(0, limit - found.swept.total) + (rate or 0) * self._segment
        trouble = low(found.room, rate, grows, self._where.folder, self._low)
        self._low = trouble is not None
        self._alarms.check(f"{self._name}/disk-low", trouble)
