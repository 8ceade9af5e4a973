"""What is deleted is old or too much, and this recording's own: by its name and by the mark inside."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from flashes import SMALL, encoded

from host_engine.outputs.file_writer import FileWriter
from host_engine.outputs.recording_path import RecordingPath
from host_engine.outputs.retention import Keep, Retention, mark

DAY = 86_400
NOW = 1_800_000_000.0
UNITS = encoded(range(30))

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Makes a file that is so many days old, with the mark of a recording unless told otherwise."""

    def make(name: str, days: float, of: str | None = "archive", size: int = 1000) -> Path:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes((b"" if of is None else mark(of).encode()).ljust(size, b"\0"))
        os.utime(path, (NOW - days * DAY,) * 2)
        return path

    return make


def retention(path: Path, days: float | None = None, size: int | None = None) -> Retention:
    return Retention(RecordingPath(path), "archive", Keep(days, size), lambda: NOW)


def left(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_by_days(tmp_path: Path, make: Make) -> None:
    for name, days in (("01", 40), ("02", 31), ("03", 29), ("04", 1)):
        make(f"2026-11-{name}-120000.mp4", days)
    swept = retention(tmp_path / "{date}-{time}.mp4", days=30).sweep()
    assert (swept.files, swept.freed, swept.total) == (2, 2000, 2000)
    assert left(tmp_path) == ["2026-11-03-120000.mp4", "2026-11-04-120000.mp4"]


def test_by_size_the_oldest_go_first(tmp_path: Path, make: Make) -> None:
    for number, days in ((1, 5), (2, 4), (3, 3), (4, 2)):
        make(f"show-{number}.mp4" if number > 1 else "show.mp4", days)
    swept = retention(tmp_path / "show.mp4", size=2500).sweep()
    assert (swept.files, swept.freed, swept.total) == (2, 2000, 2000)
    assert left(tmp_path) == ["show-3.mp4", "show-4.mp4"]


def test_nothing_is_deleted_without_a_limit(tmp_path: Path, make: Make) -> None:
    make("show.mp4", 4000)
    assert retention(tmp_path / "show.mp4").sweep() == (0, 0, 1000)


def test_what_is_being_written_is_never_deleted(tmp_path: Path, make: Make) -> None:
    old, new = make("show.mp4", 50), make("show-2.mp4", 50)
    swept = retention(tmp_path / "show.mp4", days=1, size=1).sweep(lambda: {old, new})
    assert (swept.files, left(tmp_path)) == (0, ["show-2.mp4", "show.mp4"])


def test_foreign_files_are_never_deleted(tmp_path: Path, make: Make) -> None:
    """A camera's files of the same name, another recording's, those that a person put aside, links and folders."""
    make("2026-01-01-120000.mp4", 50, of=None)
    make("2026-01-01-120001.mp4", 50, of="other")
    make("2026-01-01-120002-best.mp4", 50)
    make("2026-01-01-120003.mkv", 50)
    make("2026-01-01-1200.mp4", 50)
    make("aside/2026-01-01-120004.mp4", 50)
    (tmp_path / "2026-01-01-120005.mp4").symlink_to(tmp_path / "aside" / "2026-01-01-120004.mp4")
    (tmp_path / "2026-01-01-120006.mp4").mkdir()
    before = left(tmp_path)
    assert retention(tmp_path / "{date}-{time}.mp4", days=1, size=1).sweep() == (0, 0, 0)
    assert left(tmp_path) == before


def test_folders_that_were_made_for_a_day_go_with_its_last_file(tmp_path: Path, make: Make) -> None:
    make("2026-01-01/120000.mp4", 50)
    make("2026-01-02/120000.mp4", 49)
    make("2026-01-02/notes.txt", 49, of=None)
    make("2026-01-03/120000.mp4", 0)
    assert retention(tmp_path / "{date}" / "{time}.mp4", days=30).sweep().files == 2
    assert left(tmp_path) == ["2026-01-02/notes.txt", "2026-01-03/120000.mp4"]
    assert not (tmp_path / "2026-01-01").exists()


def test_a_file_that_cannot_be_deleted_is_said_and_the_others_go(
    tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stays = make("show.mp4", 50)
    make("show-2.mp4", 49)
    unlink = os.unlink

    def refuse(path: Path) -> None:
        if path == stays:
            raise PermissionError(1, "Operation not permitted")
        unlink(path)

    monkeypatch.setattr(os, "unlink", refuse)
    assert retention(tmp_path / "show.mp4", days=30).sweep() == (1, 1000, 1000)
    assert "show.mp4 could not be deleted though it is older than 30 days: Operation not permitted" in caplog.text


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_real_segments_bear_the_mark(tmp_path: Path, suffix: str) -> None:
    """Also those that were cut off by the death of the process."""
    path = tmp_path / f"show{suffix}"
    file = FileWriter(path, SMALL, live=True, tags={"title": "t" * 200, "comment": mark("archive")})
    for unit in UNITS:
        file.write(unit)
    cut_off = path.read_bytes()
    file.close()
    for data in (cut_off, path.read_bytes()):
        path.write_bytes(data)
        os.utime(path, (NOW - DAY,) * 2)
        assert retention(path, days=0.5).sweep().files == 1
