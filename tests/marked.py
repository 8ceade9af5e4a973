"""A little show whose key frames say who made it, and files of it, as a channel writes them."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from flashes import SMALL, flash_and_beep

from host_engine.media import Unit
from host_engine.outputs import flv
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.file_writer import FileWriter
from host_engine.provenance.certificate import identity
from host_engine.provenance.signing import sign
from host_engine.provenance.stamp import Stamp

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECONDS = 4
CONTENT = "0f5c1c2e-8f0e-4d7e-9f7e-3c8f4f1d2a6b"


def stamp(recorded: bool = False, producer: str = "Tee & Söhne", content: str = CONTENT) -> Stamp:
    """What a channel's pictures say at noon; `recorded`: as if pictures of products were shown."""
    made = Stamp("demo", producer, content, lambda: NOON)
    made.recorded.append(lambda: recorded)
    return made


@cache
def units(marked: bool = True, recorded: bool = False, first: int = 0) -> tuple[Unit, ...]:
    """Four seconds of the show, encoded."""
    encoder = Encoder(SMALL, preset="ultrafast", mark=stamp(recorded) if marked else None)
    frames = range(first, first + SECONDS * SMALL.fps)
    made = [unit for n in frames for unit in encoder.encode(flash_and_beep(SMALL, n))]
    made += encoder.flush()
    encoder.close()
    return tuple(made)


def written(path: Path, what: tuple[Unit, ...] | None = None, live: bool = True) -> Path:
    """An MP4 or MKV of the show."""
    with FileWriter(path, SMALL, live) as file:
        for unit in what or units():
            file.write(unit)
    return path


def streamed(path: Path, what: tuple[Unit, ...] | None = None) -> Path:
    """An FLV of what RTMP sends."""
    tags = flv.Tags(SMALL)
    path.write_bytes(flv.file([tag for unit in what or units() for tag in tags.push(unit)] + tags.flush()))
    return path


def copied(path: Path | str, to: Path, *options: str) -> Path:
    """The same streams in another file, by `ffmpeg -c copy`; also from an address."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("there is no ffmpeg here to copy streams with")
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(path), "-c", "copy", *options, str(to)]
    subprocess.run(command, check=True, timeout=60)
    return to


def signed(path: Path, chain: bytes, key: bytes) -> Path:
    """The file, signed with that certificate."""
    now = datetime.now(UTC)
    who = identity(chain, key, now)
    sign(path, who.algorithm, who.chain, who.key, None, now)
    return path
