"""Archives and files that would swell, never end, or are no files at all."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest

from host_engine.feeds import unpacking
from host_engine.feeds.refusal import Refused
from host_engine.feeds.unpacking import pieces

FEED = b"id,title\n1,Tea\n"


def zipped(files: dict[str, bytes]) -> bytes:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return box.getvalue()


def test_archives_are_unpacked(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(FEED))
    (tmp_path / "a.zip").write_bytes(zipped({"__MACOSX/._a": b"x", "feed.csv": FEED}))
    assert b"".join(pieces(tmp_path / "a.gz")) == FEED
    assert b"".join(pieces(tmp_path / "a.zip")) == FEED


def test_bombs_are_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "HARMLESS", 1_000_000)
    zeros = bytes(20_000_000)
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(zeros, 9))
    (tmp_path / "bomb.zip").write_bytes(zipped({"feed.csv": zeros}))
    for name in ("bomb.gz", "bomb.zip"):
        with pytest.raises(Refused, match="swells"):
            list(pieces(tmp_path / name))


def test_a_zip_with_many_files_or_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    for files, sentence in (
        ({"a.csv": FEED, "b.csv": FEED}, "holds 2 files: a.csv, b.csv"),
        ({}, "damaged|holds 0 files"),
        ({f"{n}.csv": b"" for n in range(1100)}, "lists 1100 files"),
    ):
        path.write_bytes(zipped(files))  # type: ignore[arg-type]
        if files:
            with pytest.raises(Refused, match=sentence):
                list(pieces(path))


@pytest.mark.parametrize("cut", [5, 30, -30])
def test_damaged_archives_are_told(tmp_path: Path, cut: int) -> None:
    for data in (gzip.compress(os.urandom(2000)), zipped({"feed.csv": os.urandom(2000)})):
        (tmp_path / "x").write_bytes(data[:cut])
        with pytest.raises(Refused, match="damaged"):
            list(pieces(tmp_path / "x"))


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, sentence in (
        (tmp_path, "folder"), (tmp_path / "nothing", "no such file"), (tmp_path / "pipe", "no file"),
        (Path("/dev/zero"), "no file"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=sentence):
            list(pieces(path))


def test_a_feed_that_is_too_long_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "LARGEST", 1_000_000)
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)  # 2 GB that take no room on the disk
    taken: list[int] = []
    with pytest.raises(Refused, match="more than"):
        taken.extend(map(len, pieces(path)))
    assert sum(taken) <= 1_000_000
