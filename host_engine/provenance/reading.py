"""The marks in a file, read without decoding a picture: key frames' user data, and what the container says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import av

from host_engine.outputs import h264, marks, sei
from host_engine.provenance.label import understood

HEAD = 4096  # bytes in which a file tells what it is
LOOKED_AT = 1 << 17  # bytes of a picture: marks stand before it
MATROSKA, FLV, PACKET, SYNC = b"\x1aE\xdf\xa3", b"FLV", 188, 0x47
BOXES = (b"ftyp", b"styp", b"moov", b"mdat", b"free", b"skip", b"wide")
NAMES = {"mov": "MP4", "matroska": "Matroska", "flv": "FLV", "mpegts": "MPEG-TS"}


class Unreadable(ValueError):
    """Not a file in which marks could be; a sentence."""


@dataclass(frozen=True)
class Found:
    """What a file says of itself.

    tagged: the AIGC fields of the container, None where it has none that can be read. said: what the marks of the key
    frames say, first and last; `contents` and `sources` are all that any of them says. damage: why the file could not
    be read to its end, a sentence, or None.
    """

    container: str
    tagged: dict[str, str] | None
    key_frames: int
    marked: int
    first: dict[str, Any]
    last: dict[str, Any]
    contents: tuple[tuple[str, str], ...]  # (ContentProducer, ProduceID)
    sources: tuple[str, ...]
    others: int  # marks without AIGC fields, or with a Label that does not say that an AI made it
    damage: str | None


def read(path: Path) -> Found:
    """The marks of an MP4, MOV, Matroska, WebM, FLV or MPEG-TS. Raises Unreadable; OSError where it cannot be opened.

    FFmpeg is handed the bytes alone and told what they are: no file makes it open another one, or an address.
    """
    if not path.is_file():
        raise Unreadable(f"{path}: " + ("this is no file" if path.exists() else "there is no such file"))
    with path.open("rb") as file:
        kind = _kind(file.read(HEAD))
        if kind is None:
            raise Unreadable(f"{path}: this is none of MP4, MOV, Matroska, WebM, FLV and MPEG-TS, or its start is lost")
        file.seek(0)
        try:
            return _read(file, kind)
        except (av.FFmpegError, ValueError, IndexError) as error:
            what = getattr(error, "strerror", None) or str(error)
            raise Unreadable(f"{path}: this {NAMES[kind]} file cannot be read: {what}") from error


def _kind(head: bytes) -> str | None:
    if head[4:8] in BOXES:
        return "mov"
    if head.startswith(MATROSKA):
        return "matroska"
    if head.startswith(FLV):
        return "flv"
    starts = (at for at in range(min(PACKET, len(head))) if set(head[at : at + 4 * PACKET + 1 : PACKET]) == {SYNC})
    return "mpegts" if len(head) > 4 * PACKET and next(starts, None) is not None else None


def _read(file: IO[bytes], kind: str) -> Found:
    with av.open(file, "r", format=kind) as container:
        told = {name.upper(): value for name, value in container.metadata.items()}
        streams = [each for each in container.streams.video if getattr(each.codec_context, "name", "") == "h264"]
        if not streams:
            raise Unreadable("there are no H.264 pictures in it")
        tally, damage = _Tally(), None
        try:
            for packet in container.demux(streams[0]):
                if packet.is_keyframe and packet.size:
                    tally.add(marks.said(_heads(packet)))
        except av.FFmpegError as error:
            damage = f"it could not be read beyond {tally.key_frames} key frames: {error.strerror}"
        return tally.found(NAMES[kind], understood(told.get(marks.AIGC)), damage)


def _heads(packet: av.Packet[Any]) -> Iterator[bytes]:
    """The NAL units in front of the slices of a picture, however they are kept apart."""
    data, extra = memoryview(packet)[:LOOKED_AT], packet.stream.codec_context.extradata or b""
    if extra[:1] != b"\1":
        yield from h264.units(bytes(data))
        return
    size = (extra[4] & 3) + 1 if len(extra) > 4 else 4
    at = 0
    while at + size < len(data):
        length = int.from_bytes(data[at : at + size], "big")
        unit = bytes(data[at + size : at + size + min(length, sei.LONGEST)])
        if not unit or unit[0] & 31 in sei.SLICES:
            return
        yield unit
        at += size + length


class _Tally:
    """Counts what key frames say."""

    def __init__(self) -> None:
        self.key_frames = self._marked = self._others = 0
        self._first: dict[str, Any] = {}
        self._last: dict[str, Any] = {}
        self._contents: dict[tuple[str, str], None] = {}
        self._sources: dict[str, None] = {}

    def add(self, said: dict[str, Any]) -> None:
        """What the next key frame says; nothing where it is not marked."""
        self.key_frames += 1
        if not said:
            return
        self._marked += 1
        self._first, self._last = self._first or said, said
        fields = understood(said)
        if fields is None or fields["Label"] not in ("1", "2", "3"):
            self._others += 1
        else:
            self._contents[fields.get("ContentProducer", ""), fields.get("ProduceID", "")] = None
        if isinstance(source := said.get(marks.SOURCE), str):
            self._sources[source] = None

    def found(self, container: str, tagged: dict[str, str] | None, damage: str | None) -> Found:
        return Found(
            container, tagged, self.key_frames, self._marked, self._first, self._last, tuple(self._contents),
            tuple(self._sources), self._others, damage,
        )  # fmt: skip
