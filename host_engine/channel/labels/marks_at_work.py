"""The marks of a channel at work: which content it is, and the recordings that are signed once they are closed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from host_engine.alarms import Alarms
from host_engine.channel.labels.signatures import open_identity
from host_engine.channel.outputs.outputs_at_work import Outputs
from host_engine.channel_file.config import MARKING, Channel, Recording
from host_engine.outputs.disk_thread import DiskThread
from host_engine.outputs.recorder import Recorder
from host_engine.outputs.recording_path import RecordingPath
from host_engine.outputs.retention import HEAD, mark
from host_engine.priority import stand_back
from host_engine.provenance import signing
from host_engine.provenance.apart import leave_to_sign, sign_apart
from host_engine.provenance.certificate import Identity
from host_engine.provenance.stamp import Stamp

log = logging.getLogger(__name__)

ALARM = "marks/cannot-sign"
GOODBYE = 1.0  # seconds in which such a process begins
OWN = (
    "Recordings are signed with a certificate that this channel made itself: it shows whether a file was changed, not"
    " who is behind it. 'marking.certificate' names one that others trust."
)


class Marks:
    """Signs each recording once it is closed, one after the other, and those that an earlier end left unsigned.

    A file that cannot be signed is as it was, and an alarm says why: marks/cannot-sign. Nothing here is near the air.
    """

    def __init__(
        self,
        channel: Channel,
        keys: Mapping[str, str],
        stamp: Stamp,
        alarms: Alarms,
        fact: Callable[..., object],
        outputs: Outputs,
    ) -> None:
        """`fact` takes what is to be kept in the as-run log."""
        self.signed = self.failed = 0
        self.error: str | None = None
        self._channel, self._key, self._stamp = channel, keys.get(MARKING, ""), stamp
        self._alarms, self._fact = alarms, fact
        self._began = time.time()
        self._waiting: deque[Path] = deque()
        self._wake = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._who: Identity | None = None
        for each in outputs:
            self.follow(each.name, each)
        outputs.hooks.append(self.follow)

    @property
    def jobs(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """What is to be kept running while the channel is on air."""
        return {"marks": self.run}

    def status(self) -> dict[str, Any]:
        """For /status: which content this is, and how the signing goes."""
        return {
            "content": self._stamp.id,
            "producer": self._stamp.producer,
            "source": self._stamp.source.rpartition("/")[2],
            "signs": self._channel.marking.sign,
            "certificate": self._who and {"holder": self._who.holder, "self_made": self._who.own},
            "signed": self.signed,
            "waiting": len(self._waiting),
            "failed": self.failed,
            "error": self.error,
        }

    def follow(self, name: str, output: object | None) -> None:
        """Hear from a recording what it has closed: for `Outputs.hooks`."""
        if isinstance(output, Recorder):
            output.closed = self.closed

    def closed(self, path: Path) -> None:
        """A recording is complete. From any thread."""
        if self._channel.marking.sign and signing.can_sign(path):
            self._waiting.append(path)
            if self._loop is not None:
                with suppress(RuntimeError):  # the loop has ended: `end` finds it
                    self._loop.call_soon_threadsafe(self._wake.set)

    async def run(self) -> None:
        """Sign what there is to be signed, until cancelled."""
        self._loop, thread, stamp = asyncio.get_running_loop(), DiskThread("signing"), self._stamp
        said = f"All that leaves says that an AI made it: content {stamp.id} of {stamp.producer}."
        self._fact("marks", said, content=stamp.id, producer=stamp.producer)
        try:
            await thread.do(stand_back)
            if self._channel.marking.sign:
                await thread.do(self._prepare)
            while True:
                while self._waiting:
                    await thread.do(self._sign, self._waiting.popleft())
                self._wake.clear()
                if not self._waiting:
                    await self._wake.wait()
        finally:
            thread.end()

    async def end(self) -> None:
        """Have the last files signed by a process that outlives this one; if that is ended too, the next start does."""
        if self._waiting:
            thread = DiskThread("signing")
            await asyncio.wait({thread.do(self._leave)}, timeout=GOODBYE)
            thread.end()

    def _leave(self) -> None:
        files = list(self._waiting)
        try:
            leave_to_sign(files, self._identity(), self._channel.marking.timestamps)
        except (OSError, ValueError) as error:
            log.warning("%s: not signed: %s", ", ".join(map(str, files)), error)

    def _identity(self) -> Identity:
        """Looked at anew for each file, so that a certificate can be renewed on air. Raises ValueError or OSError."""
        self._who = open_identity(self._channel, self._key, datetime.now(UTC))
        return self._who

    def _prepare(self) -> None:
        """Open the certificate, and look for files that an earlier end left unsigned."""
        recordings = [each for each in self._channel.outputs if isinstance(each, Recording)]
        try:
            if self._identity().own and recordings:
                log.info(OWN)
        except (OSError, ValueError) as error:
            self._alarms.sound(ALARM, f"recordings are not signed: {error}")
        for each in recordings:
            if signing.can_sign(each.path):
                with suppress(OSError):  # the recorder tells of a folder that is not there
                    self._waiting.extend(self._left(each))

    def _left(self, recording: Recording) -> list[Path]:
        folder = None if recording.path.is_absolute() else self._channel.path(Path())
        found = []
        for entry in RecordingPath(self._channel.path(recording.path), folder).own():
            path = Path(entry.path)
            _clear(path)
            with suppress(OSError):  # it was too old or too much
                changed = entry.stat().st_mtime
                if changed < self._began and _is_own(path, recording.name) and not signing.signed(path):
                    found.append((changed, path))
        return [path for _, path in sorted(found)]

    def _sign(self, path: Path) -> None:
        if not path.exists():  # too old or too much by now
            return
        error: str | None
        try:
            error = sign_apart(path, self._identity(), self._channel.marking.timestamps)
        except (OSError, ValueError) as trouble:
            error = str(trouble)
        if error is None:
            self._alarms.clear(ALARM)
            log.info("%s is signed", path)
            self.signed, self.error = self.signed + 1, None
        elif path.exists():
            _clear(path)
            said = f"{path} is not signed: {error}"
            self._alarms.sound(ALARM, f"{said}; it bears its marks, and is tried again at the next start")
            self.failed, self.error = self.failed + 1, said


def _clear(path: Path) -> None:
    """Remove what a process that signed left behind when it was killed."""
    with suppress(OSError):
        for begun in signing.parts(path):
            begun.unlink(missing_ok=True)


def _is_own(path: Path, name: str) -> bool:
    """Whether a file is of that recording, and bears marks."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    return mark(name).encode() in head and b"AIGC" in head
