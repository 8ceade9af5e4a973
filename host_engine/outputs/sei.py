"""Words inside an H.264 stream: user data (SEI) in front of a picture's slices, written and found again.

ITU-T H.264, D.1.7: an unregistered user data message is a UUID, which says whose words they are, and bytes of theirs.
Decoders pass over it; muxers, relays and `ffmpeg -c copy` keep it, as it is part of the picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

USER_DATA = 5  # the kind of message, among those of SEI
KIND = 6  # the kind of NAL unit that holds them
START = b"\0\0\0\1"
SLICES = range(1, 6)  # kinds of NAL units that hold the picture itself
LONGEST = 1 << 16  # bytes of a message that is believed


def message(whose: bytes, words: bytes) -> bytes:
    """An Annex B NAL unit, start code included. `whose`: a UUID, 16 bytes."""
    body = whose + words
    head = bytes([USER_DATA]) + b"\xff" * (len(body) // 255) + bytes([len(body) % 255])
    # No start code may seem to begin inside.
    return START + bytes([KIND]) + re.sub(rb"\0\0(?=[\0-\3])", b"\0\0\3", head + body + b"\x80")


def with_message(picture: bytes, unit: bytes) -> bytes:
    """An Annex B picture with the NAL unit in front of its first slice, which is where SEI belongs."""
    at = picture.find(b"\0\0\1")
    while at >= 0:
        if at + 3 < len(picture) and picture[at + 3] & 31 in SLICES:
            at -= bool(at and not picture[at - 1])
            return picture[:at] + unit + picture[at:]
        at = picture.find(b"\0\0\1", at + 3)
    return picture


def words(units: Iterable[bytes], whose: bytes) -> Iterator[bytes]:
    """What NAL units, without start codes, hold of that UUID. Takes any bytes, and passes over what is none."""
    for unit in units:
        if unit and unit[0] & 31 == KIND:
            yield from _words(unit[1 : LONGEST + 1].replace(b"\0\0\3", b"\0\0"), whose)


def _words(body: bytes, whose: bytes) -> Iterator[bytes]:
    at = 0
    while at + 2 < len(body):  # a last byte closes the unit
        kind, at = _number(body, at)
        size, at = _number(body, at)
        if kind == USER_DATA and body[at : at + 16] == whose and at + size <= len(body):
            yield body[at + 16 : at + size]
        at += size


def _number(body: bytes, at: int) -> tuple[int, int]:
    """A number in the notation of SEI, and the place behind it."""
    number = 0
    while at < len(body) and body[at] == 255:
        number, at = number + 255, at + 1
    return number + (body[at] if at < len(body) else 0), at + 1
