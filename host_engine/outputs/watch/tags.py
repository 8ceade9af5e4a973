"""FLV tags, of RTMP or of a file over HTTP, into pictures and packets of sound."""

from __future__ import annotations

from collections.abc import Iterator

from host_engine.outputs import flv, h264
from host_engine.outputs.flv import Tag
from host_engine.outputs.watch.came import Came, Picture, Sound

AVC, AAC = 7, 10
CONFIGURATION, DATA = 0, 1
LARGEST = 8 << 20  # bytes of a tag


class Unwatchable(ConnectionError):
    """What comes is nothing that a viewer of this channel should get."""


class TagReader:
    """Takes pictures and sound out of tags; a key picture brings the parameter sets that came apart from it."""

    def __init__(self) -> None:
        self._parameters: list[bytes] = []

    def read(self, tag: Tag) -> Iterator[Came]:
        """What is in a tag; nothing for what is not H.264 and not AAC."""
        body = tag.body
        if tag.kind == flv.AUDIO and len(body) > 2 and body[0] >> 4 == AAC and body[1] == DATA:
            yield Sound(body[2:], tag.time / 1000)
        elif tag.kind == flv.VIDEO and len(body) > 5 and body[0] < 0x80 and body[0] & 15 == AVC:
            if body[1] == CONFIGURATION:
                self._parameters = _parameters(body[5:])
            elif body[1] == DATA:
                later = int.from_bytes(body[2:5], "big", signed=True)
                units = h264.lengths(body[5:])
                key = any(unit[0] & 31 == h264.SLICE_IDR for unit in units)
                yield Picture([*(self._parameters if key else ()), *units], (tag.time + later) / 1000)


def _parameters(record: bytes) -> list[bytes]:
    """SPS and PPS of an AVCDecoderConfigurationRecord, as far as they go."""
    found, at = [], 5
    for mask in (31, 255):
        count = record[at] & mask if at < len(record) else 0
        at += 1
        for _ in range(count):
            length = int.from_bytes(record[at : at + 2], "big")
            found.append(record[at + 2 : at + 2 + length])
            at += 2 + length
    return [unit for unit in found if unit]


class FileReader:
    """Takes tags out of an FLV file that comes in pieces. Raises Unwatchable for what is none."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._begun = False

    def read(self, piece: bytes) -> list[Tag]:
        """The tags that are whole with this piece."""
        self._rest += piece
        if not self._begun:
            if len(self._rest) < len(flv.HEAD):
                return []
            if self._rest[:3] != b"FLV":
                raise Unwatchable("what comes is no FLV")
            del self._rest[: len(flv.HEAD)]
            self._begun = True
        tags = []
        while (tag := self._tag()) is not None:
            tags.append(tag)
        return tags

    def _tag(self) -> Tag | None:
        rest = self._rest
        if len(rest) < 11:
            return None
        size = int.from_bytes(rest[1:4], "big")
        if size > LARGEST:
            raise Unwatchable(f"a part of {size} bytes is announced")
        if len(rest) < 11 + size + 4:
            return None
        time = int.from_bytes(rest[4:7], "big") | rest[7] << 24
        tag = Tag(rest[0] & 31, time, bytes(rest[11 : 11 + size]))
        del rest[: 11 + size + 4]
        return tag
