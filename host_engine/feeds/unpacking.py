"""The bytes of a feed in pieces, unpacked where it is a .gz or a .zip, with bounds on what it may swell to."""

from __future__ import annotations

import gzip
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from host_engine.feeds.refusal import Refused

PIECE = 1 << 16
LARGEST = 4_000_000_000  # bytes that are read of a feed, unpacked
MOST_PACKED = 500_000_000  # bytes of an archive
HIGHEST_RATIO = 200  # text shrinks to a tenth or a fiftieth; what shrinks more is made to burst
HARMLESS = 20_000_000  # bytes that may come out of anything
MOST_FILES = 1000  # of a zip
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"


def pieces(path: Path) -> Iterator[bytes]:
    """The feed in pieces of 64 kB at most, so that its size does not matter. Raises Refused."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise Refused("this is a folder; name the feed's file in it")
        if not stat.S_ISREG(mode):
            raise Refused("this is no file that could be read to its end")
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            if start.startswith(_GZIP):
                yield from _bounded(gzip.GzipFile(fileobj=file), _packed_size(path))
            elif start.startswith(_ZIP):
                yield from _zipped(file, _packed_size(path))
            else:
                yield from _bounded(file, None)
    except FileNotFoundError:
        raise Refused("there is no such file") from None
    except (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile, NotImplementedError, RuntimeError) as error:
        raise Refused(f"the archive is damaged, or of a kind that is not known: {error}") from None
    except OSError as error:
        raise Refused(f"the file cannot be read: {error.strerror or error}") from None


def _packed_size(path: Path) -> int:
    size = path.stat().st_size
    if size > MOST_PACKED:
        raise Refused(f"the archive has {size / 1e6:.0f} MB; at most {MOST_PACKED / 1e6:.0f} MB are unpacked")
    return size


def _bounded(file: IO[bytes] | gzip.GzipFile, packed: int | None) -> Iterator[bytes]:
    taken = 0
    while piece := file.read(PIECE):
        taken += len(piece)
        if packed is not None and taken > max(HARMLESS, packed * HIGHEST_RATIO):
            raise Refused(
                f"the archive of {packed / 1e6:.1f} MB swells to more than {taken / 1e6:.0f} MB: it is not unpacked"
            )
        if taken > LARGEST:
            raise Refused(f"the feed has more than {LARGEST / 1e9:.0f} GB; cut it into several files")
        yield piece


def _zipped(file: IO[bytes], packed: int) -> Iterator[bytes]:
    _refuse_long_lists(file, packed)
    with zipfile.ZipFile(file) as archive:
        inside = [each for each in archive.infolist() if not each.is_dir() and not _is_dross(each.filename)]
        if len(inside) != 1:
            listed = ", ".join(each.filename[:60] for each in inside[:5]) or "none"
            raise Refused(f"the archive must hold one feed, and holds {len(inside)} files: {listed}")
        if inside[0].flag_bits & 1:
            raise Refused("the archive has a password; unpack it first")
        with archive.open(inside[0]) as feed:
            yield from _bounded(feed, max(1, min(packed, inside[0].compress_size)))


def _is_dross(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith(".")


def _refuse_long_lists(file: IO[bytes], size: int) -> None:
    """The list of files in a zip is read as a whole: its end record tells how long it is, before that happens."""
    file.seek(max(0, size - 66_000))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise Refused("the archive is damaged: its end is missing")
    _, _, _, files, length = struct.unpack("<HHHHI", tail[at + 4 : at + 16])
    if files > MOST_FILES or length > MOST_FILES * 1000:
        raise Refused(f"the archive lists {files} files; put the feed alone into it")
