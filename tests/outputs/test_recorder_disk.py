"""A real, small disk under a running recorder: it fills up, is freed, goes away, and the show never notices."""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from flashes import SMALL, encoded, moved, pictures
from until import until

from host_engine.alarms import Alarms
from host_engine.outputs.fanout import Fanout, Reader
from host_engine.outputs.recorder import Keep, Patience, Recorder

SHOW = encoded(range(100))
QUICK = Patience(look=0.05, pause=0.02, longest=0.1, room=0.02)
SIZE = 300_000  # bytes: about a minute of the little show


def mount(*arguments: str) -> None:
    done = subprocess.run(["mount", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"this test mounts a small disk and must be root for it: {done.stderr}")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of that size."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount("-t", "tmpfs", "-o", f"size={SIZE}", "none", str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)


class Show:
    """A running show: numbers go on from where they were, and another reader counts what it gets."""

    def __init__(self) -> None:
        self.fanout = Fanout()
        self.n = self.seen = 0

    @asynccontextmanager
    async def on_air(self, recorder: Recorder) -> AsyncIterator[None]:
        """As long as the block lasts; at its end every unit must have reached the other reader."""
        with self.fanout.reader("other", 10) as other:
            recording = asyncio.ensure_future(recorder.run())
            sending = asyncio.ensure_future(self._send())
            watching = asyncio.ensure_future(self._watch(other))
            try:
                yield
            finally:
                for task in (sending, recording, watching):
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await task
        assert other.dropped == 0
        assert self.n - self.seen <= 10

    async def _send(self) -> None:
        while True:
            self.fanout.send(moved(SHOW[self.n % 100], self.n // 100 * 100))
            self.n += 1
            await asyncio.sleep(0)
            while any(reader.depth > 5 for reader in self.fanout.readers):  # faster than real time, not than the disk
                await asyncio.sleep(0.001)

    async def _watch(self, other: Reader) -> None:
        while True:
            assert (await other.get()).n == self.seen
            self.seen += 1


def shown(files: Path) -> list[int]:
    """The pictures in each file, oldest first: all of them can be decoded."""
    found = sorted(files.rglob("*.mp4"), key=lambda file: file.stat().st_mtime)
    return [len(pictures(file)) for file in found]


def names(alarms: Alarms) -> set[str]:
    return {alarm.name for alarm in alarms.raised}


async def test_a_full_disk_stops_the_recording_alone_and_it_goes_on_when_there_is_room(disk: Path) -> None:
    alarms, show = Alarms(), Show()
    (disk / "other.bin").write_bytes(b"\1" * 150_000)
    recorder = Recorder(disk / "a.mp4", show.fanout, SMALL, "archive", segment=4, alarms=alarms, patience=QUICK)
    async with show.on_air(recorder):
        await until(lambda: recorder.state == "full", 20)
        (alarm,) = (each for each in alarms.raised if each.name == "archive/disk-full")
        assert f"{disk}/a" in alarm.text
        assert "No space left on device" in alarm.text
        assert "bytes free" in alarm.text or "kB free" in alarm.text
        before, segments = show.n, recorder.segments
        assert sum(shown(disk)) > 100
        await until(lambda: show.n > before + 100)
        assert (recorder.state, recorder.segments) == ("full", segments)
        (disk / "other.bin").unlink()
        await until(lambda: recorder.state == "recording")
        assert "archive/disk-full" not in names(alarms)
        assert recorder.error is None
        await until(lambda: recorder.segments > segments)
    assert all(count > 0 for count in shown(disk))


async def test_before_the_disk_is_full_there_is_a_warning(disk: Path) -> None:
    alarms, show = Alarms(), Show()
    recorder = Recorder(disk / "a.mp4", show.fanout, SMALL, "archive", segment=100, alarms=alarms, patience=QUICK)
    async with show.on_air(recorder):
        await until(lambda: names(alarms) == {"archive/disk-low"}, 20)
        (alarm,) = alarms.raised
        assert f"the disk of {disk} has " in alarm.text
        assert re.search(r"free, about \d+ (minutes|seconds) of this recording; free some space", alarm.text)
        assert recorder.state == "recording"


async def test_old_segments_over_the_limit_make_room_and_no_alarm_is_needed(disk: Path) -> None:
    """keep.size larger than the disk would fill it; with one that fits, recording goes on for ever."""
    alarms, show = Alarms(), Show()
    (disk / "foreign.mp4").write_bytes(b"\1" * 30_000)
    keep = Keep(size=120_000)
    recorder = Recorder(
        disk / "{date}-{time}.mp4", show.fanout, SMALL, "archive", segment=2, keep=keep, alarms=alarms, patience=QUICK
    )
    async with show.on_air(recorder):
        await until(lambda: recorder.bytes > 2 * SIZE, 40)
        report = recorder.report()
        assert names(alarms) == set()
        assert recorder.dropped <= 25
    assert report["deleted"] > 5
    assert (disk / "foreign.mp4").stat().st_size == 30_000
    (disk / "foreign.mp4").unlink()
    assert all(count == 50 for count in shown(disk)[:-1])


async def test_a_disk_that_is_read_only_is_said_and_recording_begins_once_it_is_not(disk: Path) -> None:
    alarms, show = Alarms(), Show()
    recorder = Recorder(disk / "a.mp4", show.fanout, SMALL, "archive", alarms=alarms, patience=QUICK)
    mount("-o", "remount,ro", str(disk))
    async with show.on_air(recorder):
        await until(lambda: "archive/cannot-write" in names(alarms))
        assert recorder.state == "failing"
        assert "cannot be written: Read-only file system" in str(recorder.error)
        mount("-o", "remount,rw", str(disk))
        await until(lambda: recorder.state == "recording")
        assert "archive/cannot-write" not in names(alarms)
    assert shown(disk)[0] > 0


async def test_a_folder_that_is_removed_is_said_and_recording_goes_on_once_it_is_back(tmp_path: Path) -> None:
    alarms, show, folder = Alarms(), Show(), tmp_path / "recordings"
    folder.mkdir()
    recorder = Recorder(folder / "a.mp4", show.fanout, SMALL, "archive", alarms=alarms, patience=QUICK)
    async with show.on_air(recorder):
        await until(lambda: recorder.bytes)
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
        await until(lambda: names(alarms) == {"archive/cannot-write"})
        (alarm,) = alarms.raised
        assert f"{folder} cannot be written: No such file or directory" in alarm.text
        assert "see that its folder exists" in alarm.text
        folder.mkdir()
        await until(lambda: recorder.state == "recording")
        assert alarms.raised == ()
    assert shown(folder)[0] > 0


async def test_a_file_deleted_while_it_is_written_is_followed_by_another_at_once(tmp_path: Path) -> None:
    alarms, show = Alarms(), Show()
    recorder = Recorder(tmp_path / "a.mp4", show.fanout, SMALL, "archive", alarms=alarms, patience=QUICK)
    async with show.on_air(recorder):
        await until(lambda: recorder.bytes)
        (tmp_path / "a.mp4").unlink()
        await until(lambda: recorder.segments == 2)
        assert alarms.raised == ()
    assert shown(tmp_path)[0] > 0


async def test_below_the_channels_own_folder_folders_are_made(tmp_path: Path) -> None:
    show, path = Show(), tmp_path / "recordings" / "{date}" / "{time}.mp4"
    recorder = Recorder(path, show.fanout, SMALL, "archive", folder=tmp_path, patience=QUICK)
    async with show.on_air(recorder):
        await until(lambda: recorder.bytes)
    assert recorder.file is not None
    assert recorder.file.parent.parent == tmp_path / "recordings"
    assert shown(tmp_path)[0] > 0
