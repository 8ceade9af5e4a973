"""Segments of a recording: cut where they must be, each plays by itself, together they are the stream, exactly once."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from flashes import SMALL, beeps, encoded, flash_and_beep, flashes, moved, pictures, sound

from host_engine.media import Format, Unit
from host_engine.outputs import h264
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.file_writer import FileWriter
from host_engine.outputs.recording_path import RecordingPath
from host_engine.outputs.segments import Segments

SHOW = encoded(range(250), flush=True)
TESTS = Path(__file__).parents[1]


def cut(folder: Path, units: list[Unit], seconds: float = 2, suffix: str = ".mp4") -> list[Path]:
    """The files into which a stream is cut."""
    files: list[Path] = []

    def open_next(after: bool) -> FileWriter:
        files.append(folder / f"{len(files):02}{suffix}")
        return FileWriter(files[-1], SMALL, live=True, after=after)

    segments = Segments(SMALL, seconds, open_next)
    for unit in units:
        segments.write(unit)
    segments.close()
    assert segments.count == len(files)
    assert segments.size == sum(file.stat().st_size for file in files)
    return files


def packets(file: Path, kind: str) -> list[bytes]:
    with av.open(str(file)) as container:
        return [bytes(packet) for packet in container.demux(**{kind: 0}) if packet.size]


def sent(units: list[Unit]) -> tuple[list[bytes], list[bytes]]:
    """The pictures and the sounds of a stream, as they are kept in files."""
    shown = [h264.split(bytes(unit.video)).body for unit in units if bytes(unit.video)]
    return shown, [bytes(packet) for unit in units for packet in unit.aac]


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("seconds", [1, 2, 3.5])
def test_segments_together_hold_every_picture_and_sound_exactly_once(
    tmp_path: Path, suffix: str, seconds: float
) -> None:
    files = cut(tmp_path, SHOW, seconds, suffix)
    assert len(files) == {1: 10, 2: 5, 3.5: 3}[seconds]  # cut at key frames only, of which there is one a second
    shown, heard = sent(SHOW)
    assert [each for file in files for each in packets(file, "video")] == shown
    if suffix == ".mkv":  # the sound before time 0, which only lets the next one decode cleanly, has no place there
        heard = heard[1:]
    assert [each for file in files for each in packets(file, "audio")] == heard


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_each_segment_plays_by_itself_in_step(tmp_path: Path, suffix: str) -> None:
    for file in cut(tmp_path, SHOW, 2, suffix):
        assert [moment for moment, _ in pictures(file)] == pytest.approx(np.arange(50) / 25, abs=0.001)
        assert flashes(file) == [1.0]
        # The last packet of sound reaches over the cut; players stop at the end of the picture.
        assert [beep for beep in beeps(file) if beep < 1.99] == pytest.approx([1.0], abs=0.005)
        heard, _ = sound(file)
        assert heard[0] <= 1024 / 48_000
        assert np.diff(heard).max() <= 0.0015
        assert heard[-1] >= 2 - 0.001


def joined(folder: Path, files: list[Path]) -> Path:
    """The files one after the other, as people do it."""
    (folder / "list.txt").write_text("".join(f"file '{file}'\n" for file in files))
    whole = folder / f"whole{files[0].suffix}"
    command = ["ffmpeg", "-v", "error", "-f", "concat", "-safe", "0", "-i", "list.txt", "-c", "copy", whole.name]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.fail("ffmpeg is not here; apt-get install ffmpeg")
    assert (done.returncode, done.stderr) == (0, "")
    return whole


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_ffmpeg_joins_segments_without_a_seam(tmp_path: Path, suffix: str) -> None:
    whole = joined(tmp_path, cut(tmp_path, SHOW, 1, suffix))
    moments = np.array([moment for moment, _ in pictures(whole)])
    start = moments[0]  # ffmpeg moves the whole by the packet of sound before time 0
    assert moments - start == pytest.approx(np.arange(250) / 25, abs=0.0001)
    assert np.array(beeps(whole)) - start == pytest.approx(np.arange(1.0, 10.0), abs=0.002)
    heard, _ = sound(whole)
    assert np.diff(heard).max() <= 0.0015


def test_an_encoder_with_other_parameters_begins_a_new_segment(tmp_path: Path) -> None:
    """In one file what follows would not decode. One with the same parameters goes on where the last one was."""
    wide, units = Format(352, 320, 25), list[Unit]()
    for format, numbers in ((SMALL, range(60)), (wide, range(60, 120)), (wide, range(120, 180))):
        encoder = Encoder(format)
        units += [unit for n in numbers for unit in encoder.encode(flash_and_beep(format, n))]
        encoder.close()
    files = cut(tmp_path, units, 100)
    assert [len(pictures(file)) for file in files] == [60, 120]
    assert flashes(files[1]) == pytest.approx([0.6, 1.6, 2.6, 3.6, 4.6])
    assert beeps(files[1]) == pytest.approx([1.6, 2.6, 3.6, 4.6], abs=0.005)


def test_a_long_jump_of_the_clock_is_no_hour_of_a_standing_picture(tmp_path: Path) -> None:
    units = SHOW[:60] + [moved(unit, 90_000) for unit in SHOW[60:]]
    first, second = cut(tmp_path, units, 100)
    # Until the next key frame it goes on where it was; there the next file begins.
    assert [moment for moment, _ in pictures(first)] == pytest.approx(np.arange(75) / 25, abs=0.001)
    assert beeps(first)[:2] == pytest.approx([1.0, 2.0], abs=0.005)
    assert len(pictures(second)) == 175
    assert flashes(second) == pytest.approx([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    assert beeps(second) == pytest.approx([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], abs=0.005)


def test_a_short_jump_stays_in_the_segment(tmp_path: Path) -> None:
    units = encoded([*range(60), *range(80, 150)])
    (only,) = cut(tmp_path, units, 100)
    assert [round(moment * 25) for moment, _ in pictures(only)] == [*range(60), *range(80, 150)]


def half_rate(unit: Unit) -> Unit:
    """Every other unit without a picture, as when the machine is too slow for all of them."""
    if unit.n % 2 == 0 or unit.key:
        return unit
    empty: av.Packet[Any] = av.Packet(b"")
    return unit._replace(video=empty)


def test_units_without_a_picture_bring_their_sound(tmp_path: Path) -> None:
    units = [half_rate(unit) for unit in SHOW]
    files = cut(tmp_path, units, 2)
    shown, heard = sent(units)
    assert len(shown) < 150
    assert [each for file in files for each in packets(file, "video")] == shown
    assert [each for file in files for each in packets(file, "audio")] == heard
    assert [beep for beep in beeps(files[1]) if beep < 1.99] == pytest.approx([1.0], abs=0.005)


def test_no_segment_begins_without_a_picture(tmp_path: Path) -> None:
    empty: av.Packet[Any] = av.Packet(b"")
    units = [SHOW[0]._replace(video=empty), *SHOW[1:]]
    (file,) = cut(tmp_path, units, 100)
    assert len(pictures(file)) == 225


def test_a_segment_in_which_nothing_is_to_be_seen_is_not_left_behind(tmp_path: Path) -> None:
    file = FileWriter(tmp_path / "a.mkv", SMALL, live=True)
    file.close()
    assert list(tmp_path.iterdir()) == []
    cut(tmp_path, SHOW[:1])
    assert len(pictures(tmp_path / "00.mp4")) == 1


RECORD = """
import asyncio, sys
from pathlib import Path
from flashes import SMALL, encoded
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.recorder import Recorder

async def main():
    fanout = Fanout()
    recorder = Recorder(Path(sys.argv[1]), fanout, SMALL, segment=2)
    recording = asyncio.ensure_future(recorder.run())
    while recorder.state != "recording":
        await asyncio.sleep(0.01)
    for unit in encoded(range(250)):
        fanout.send(unit)
        while any(reader.depth for reader in fanout.readers):
            await asyncio.sleep(0.001)
        if unit.n == int(sys.argv[2]):
            print(unit.n, flush=True)
            await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
@pytest.mark.parametrize("last", [180, 202])  # in the middle of a segment, and just after a cut
def test_after_sigkill_every_segment_plays_up_to_its_last_second(tmp_path: Path, suffix: str, last: int) -> None:
    command = [sys.executable, "-c", RECORD, str(tmp_path / f"show{suffix}"), str(last)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=TESTS) as process:
        assert process.stdout
        assert process.stdout.readline().strip() == str(last)
        process.kill()
    files = sorted(tmp_path.iterdir(), key=lambda file: (len(file.name), file.name))
    if last % 50 < 25:  # the last one has nothing yet, as it was begun less than a second before
        assert files.pop().stat().st_size < 2000
    shown = [len(pictures(file)) for file in files]
    assert shown[:3] == [50, 50, 50]
    assert last + 1 - sum(shown) <= 27
    for file in files[:3]:
        assert flashes(file)[:1] == [1.0]
        assert beeps(file)[:1] == pytest.approx([1.0], abs=0.005)


def test_names_say_when_the_first_picture_was(tmp_path: Path) -> None:
    where = RecordingPath(tmp_path / "{date}" / "show-{time}.mp4")
    when = datetime(2026, 11, 22, 23, 59, 58)
    names = []
    for _ in range(2):
        names.append(where.free(when))
        names[-1].touch()
    names.append(where.free(when + timedelta(seconds=2)))
    told = [str(name.relative_to(tmp_path)) for name in names]
    assert told == ["2026-11-22/show-235958.mp4", "2026-11-22/show-235958-2.mp4", "2026-11-23/show-000000.mp4"]


def test_without_date_and_time_files_are_counted_and_no_number_is_used_again(tmp_path: Path) -> None:
    where, now = RecordingPath(tmp_path / "show.mp4"), datetime(2026, 11, 22)
    for name in ("show.mp4", "show-2.mp4", "show-3.mp4"):
        assert where.free(now) == tmp_path / name
        (tmp_path / name).touch()
    (tmp_path / "show.mp4").unlink()
    (tmp_path / "show-12x.mp4").touch()
    assert where.free(now) == tmp_path / "show-4.mp4"
