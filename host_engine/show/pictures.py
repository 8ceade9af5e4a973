"""What kind of picture a file is and how large, told from its first bytes without decoding it."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO, NamedTuple

LARGEST = 20_000_000  # bytes
LONGEST = 8000  # pixels a side


class Header(NamedTuple):
    """The kind of a picture and its size in pixels."""

    kind: str
    width: int
    height: int


def check_picture(path: str | Path) -> Header:
    """The header of a picture that can be shown. Raises ValueError with a sentence where it cannot."""
    try:
        with open(path, "rb") as file:
            size = file.seek(0, 2)
            file.seek(0)
            header = read_header(file)
    except FileNotFoundError:
        raise ValueError("there is no such picture") from None
    except IsADirectoryError:
        raise ValueError("this is a folder, not a picture") from None
    except (OSError, ValueError) as error:
        raise ValueError(f"the picture cannot be read: {getattr(error, 'strerror', None) or error}") from None
    except struct.error:
        header = None
    if header is None:
        raise ValueError("the file is not a picture (JPEG, PNG, WebP or GIF)")
    if size > LARGEST:
        raise ValueError(f"the picture has {size / 1e6:.0f} MB; at most {LARGEST / 1e6:.0f} MB are shown")
    if max(header.width, header.height) > LONGEST:
        raise ValueError(f"the picture is {header.width} x {header.height} pixels; at most {LONGEST} a side are shown")
    if min(header.width, header.height) < 1:
        raise ValueError("the picture has no pixels")
    return header


def read_header(file: BinaryIO) -> Header | None:
    """What the first bytes of a picture tell; None where it is none. Raises struct.error where they end too soon."""
    start = file.read(30)
    if start.startswith(b"\x89PNG\r\n\x1a\n") and start[12:16] == b"IHDR":
        return Header("png", *struct.unpack(">II", start[16:24]))
    if start[:6] in (b"GIF87a", b"GIF89a"):
        return Header("gif", *struct.unpack("<HH", start[6:10]))
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return _webp(start)
    if start.startswith(b"\xff\xd8\xff"):
        return _jpeg(file)
    return None


def _webp(start: bytes) -> Header | None:
    match start[12:16]:
        case b"VP8 ":
            width, height = struct.unpack("<HH", start[26:30])
            return Header("webp", width & 0x3FFF, height & 0x3FFF)
        case b"VP8L":
            (bits,) = struct.unpack("<I", start[21:25])
            return Header("webp", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        case b"VP8X":
            width, height = (int.from_bytes(start[at : at + 3], "little") + 1 for at in (24, 27))
            return Header("webp", width, height)
    return None


def _jpeg(file: BinaryIO) -> Header | None:
    """Goes from marker to marker up to the one that begins a frame (SOF), which holds the size."""
    at = 2
    for _ in range(200):
        file.seek(at)
        lead, marker, length = struct.unpack(">BBH", file.read(4))
        if lead != 0xFF:
            return None
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            _, height, width = struct.unpack(">BHH", file.read(5))
            return Header("jpeg", width, height)
        at += 1 if marker == 0xFF else 2 + length  # any number of 0xFF may fill the space before a marker
    return None
