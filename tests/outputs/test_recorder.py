"""Recordings and rendered files, checked by decoding them: complete, in step, and playable whatever happened."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import av
import numpy as np
import pytest
from flashes import SMALL, beeps, encoded, flashes, moved, pictures, sound
from until import until

from host_engine.alarms import Alarms
from host_engine.media import Unit
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.file_writer import FileWriter
from host_engine.outputs.recorder import Patience, Recorder

SHOW = encoded(range(100), flush=True)
TESTS = Path(__file__).parents[1]


def write(path: Path, units: list[Unit], live: bool = False) -> Path:
    with FileWriter(path, SMALL, live) as file:
        for unit in units:
            file.write(unit)
    return path


@pytest.mark.parametrize("live", [False, True])
@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("first", [0, 25])
def test_a_file_holds_every_picture_and_sample_in_step(tmp_path: Path, suffix: str, live: bool, first: int) -> None:
    file = write(tmp_path / f"show{suffix}", SHOW[first:], live)
    seconds = (100 - first) // 25
    times = [moment for moment, _ in pictures(file)]
    assert len(times) == 100 - first
    assert times == pytest.approx(np.arange(100 - first) / 25, abs=0.001)
    assert flashes(file) == [float(second) for second in range(1, seconds)]
    assert beeps(file) == pytest.approx([float(second) for second in range(1, seconds)], abs=0.005)
    heard, _ = sound(file)
    assert heard[0] <= 0.003
    assert heard[-1] >= seconds - 0.001
    assert np.diff(heard).max() <= 0.0015  # no gap: Matroska rounds times to milliseconds


def test_the_first_sound_of_a_rendered_file_is_whole(tmp_path: Path) -> None:
    _, values = sound(write(tmp_path / "show.mp4", SHOW))
    wanted = 0.5 * np.sin(2 * np.pi * 1000 / 48_000 * np.arange(3000))
    assert np.abs(values[:3000] - wanted).max() < 0.1


def test_a_rendered_file_takes_its_place_once_it_is_whole(tmp_path: Path) -> None:
    path = write(tmp_path / "show.mp4", SHOW[:10])
    with suppress(KeyboardInterrupt), FileWriter(path, SMALL) as file:
        for unit in SHOW:
            file.write(unit)
        assert len(pictures(path)) == 10
        raise KeyboardInterrupt
    assert len(pictures(path)) == 10
    write(path, SHOW)
    assert len(pictures(path)) == 100
    assert list(tmp_path.iterdir()) == [path]


def test_a_rendered_file_can_be_sought_and_begins_with_its_index(tmp_path: Path) -> None:
    file = write(tmp_path / "show.mp4", SHOW)
    data = file.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")
    with av.open(str(file)) as container:
        container.seek(3_000_000)
        assert next(container.decode(video=0)).time == 3.0


def test_a_jump_of_the_clock_stays_in_the_file(tmp_path: Path) -> None:
    numbers = [*range(30), *range(45, 100)]
    file = write(tmp_path / "show.mp4", encoded(numbers, flush=True), live=True)
    assert [round(moment * 25) for moment, _ in pictures(file)] == numbers
    assert flashes(file) == [1.0, 2.0, 3.0]
    assert beeps(file) == pytest.approx([1.0, 2.0, 3.0], abs=0.005)


def test_units_are_not_changed_by_a_file(tmp_path: Path) -> None:
    units = encoded(range(10))
    before = [(bytes(unit.video), unit.video.pts, [(bytes(p), p.pts) for p in unit.aac]) for unit in units]
    write(tmp_path / "a.mp4", units)
    write(tmp_path / "b.mkv", units)
    assert before == [(bytes(unit.video), unit.video.pts, [(bytes(p), p.pts) for p in unit.aac]) for unit in units]


def test_sound_that_comes_twice_is_kept_once(tmp_path: Path) -> None:
    """As when an encoder is flushed and another one goes on with the next frame: the seam costs a packet, no more."""
    units = encoded(range(50), flush=True) + encoded(range(50, 100), flush=True)
    file = write(tmp_path / "show.mp4", units)
    heard, _ = sound(file)
    assert np.diff(heard).max() < 1024 / 48_000
    first, _at_the_seam, last = beeps(file)
    assert (first, last) == pytest.approx((1.0, 3.0), abs=0.005)


async def record(recorder: Recorder, fanout: Fanout, units: list[Unit]) -> None:
    """A whole recording of these units."""
    task = asyncio.ensure_future(recorder.run())
    await until(lambda: recorder.state == "recording" or task.done())
    for unit in units:
        fanout.send(unit)
        await asyncio.sleep(0.001)
    await until(lambda: task.done() or not any(reader.depth for reader in fanout.readers))
    await ended(task)


async def ended(task: asyncio.Future[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_recorder_writes_until_it_is_cancelled_and_never_over_an_old_file(tmp_path: Path) -> None:
    fanout = Fanout()
    recorder = Recorder(tmp_path / "show.mp4", fanout, SMALL)
    for name in ("show.mp4", "show-2.mp4", "show-3.mp4"):
        await record(recorder, fanout, SHOW)
        assert (recorder.state, recorder.error, recorder.dropped) == ("waiting", None, 0)
        assert recorder.file == tmp_path / name
        assert len(pictures(tmp_path / name)) == 100
    assert fanout.readers == ()


async def test_a_disk_that_hangs_holds_up_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    works = threading.Event()
    write_picture = FileWriter.write_picture

    def hang(file: FileWriter, unit: Unit) -> None:
        works.wait(20)
        write_picture(file, unit)

    monkeypatch.setattr(FileWriter, "write_picture", hang)
    fanout, alarms = Fanout(), Alarms()
    recorder = Recorder(tmp_path / "show.mp4", fanout, SMALL, alarms=alarms, patience=Patience(slow=0.1))
    task = asyncio.ensure_future(recorder.run())
    await until(lambda: recorder.state == "recording")
    with fanout.reader("other", 5) as other:
        for n in range(400):
            fanout.send(moved(SHOW[n % 100], n - n % 100))
            assert (await asyncio.wait_for(other.get(), 1)).n == n
    recording = fanout.readers[0]
    assert (recording.depth, recording.dropped) == (250, 149)  # one is in the hands of the thread
    await until(lambda: recorder.state == "stuck")
    (alarm,) = alarms.raised
    assert alarm.name == "recording/cannot-write"
    assert "has not answered for 0.1 s while" in alarm.text
    assert recording.departed.units == 0
    works.set()
    await until(lambda: not recording.depth)
    await until(lambda: recorder.state == "recording")
    await until(lambda: recording.departed.units == 251)
    assert (recorder.dropped, recorder.error, alarms.raised) == (149, None, ())
    await ended(task)


async def test_a_disk_that_hangs_for_ever_does_not_hold_up_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = threading.Event()
    monkeypatch.setattr(FileWriter, "write_picture", lambda file, unit: works.wait(20))
    fanout = Fanout()
    recorder = Recorder(tmp_path / "show.mp4", fanout, SMALL, patience=Patience(goodbye=0.1))
    task = asyncio.ensure_future(recorder.run())
    await until(lambda: recorder.state == "recording")
    fanout.send(SHOW[0])
    await until(lambda: recorder.file)
    async with asyncio.timeout(1):
        await ended(task)
    assert all(thread.daemon for thread in threading.enumerate() if thread.name.startswith("recording"))
    works.set()


def test_paths_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"nowhere/a.mp4 cannot be written: No such file or directory"):
        FileWriter(tmp_path / "nowhere" / "a.mp4", SMALL)
    (tmp_path / "folder.mp4").mkdir()
    with pytest.raises(OSError, match=r"folder.mp4 cannot be written: Is a directory"):
        FileWriter(tmp_path / "folder.mp4", SMALL)
    with pytest.raises(ValueError, match=r"ends in .mp4, .m4v, .mkv"):
        FileWriter(tmp_path / "a.avi", SMALL)
    with FileWriter(tmp_path / "late.mp4", SMALL) as file, pytest.raises(ValueError, match="key frame"):
        file.write(SHOW[1])


FILL_THE_DISK = """
import resource, sys
from pathlib import Path
from flashes import SMALL, encoded
from host_engine.outputs.file_writer import FileWriter

resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    with FileWriter(Path(sys.argv[1]), SMALL, live=sys.argv[2] == "live") as file:
        for turn in range(2):
            for unit in encoded(range(turn * 100, turn * 100 + 100)):
                file.write(unit)
except OSError as error:
    print(error)
"""


@pytest.mark.parametrize("live", ["live", "whole"])
def test_a_full_disk_is_said_in_a_sentence(tmp_path: Path, live: str) -> None:
    command = [sys.executable, "-c", FILL_THE_DISK, str(tmp_path / "a.mp4"), live]
    done = subprocess.run(command, capture_output=True, text=True, cwd=TESTS, check=False)
    assert done.returncode == 0
    assert "a.mp4 cannot be written: File too large" in done.stdout
