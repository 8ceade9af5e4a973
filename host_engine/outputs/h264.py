"""H.264 as encoders write it (Annex B, start codes) into H.264 as FLV and MP4 keep it (lengths, parameters apart)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

SLICE_IDR, SEI, SPS, PPS, DELIMITER = 5, 6, 7, 8, 9


class Access(NamedTuple):
    """One picture: its parameter sets, empty if it brings none, and the rest with each unit's length before it."""

    parameters: tuple[bytes, ...]
    body: bytes


def units(data: bytes) -> list[bytes]:
    """The NAL units of an Annex B byte stream, without start codes."""
    found = []
    start = data.find(b"\0\0\1")
    while start >= 0:
        end = data.find(b"\0\0\1", start + 3)
        unit = data[start + 3 : end if end >= 0 else len(data)].rstrip(b"\0")  # no unit ends in a zero byte
        if unit:
            found.append(unit)
        start = end
    return found


def lengths(data: bytes) -> list[bytes]:
    """The NAL units of a picture with each one's length, in four bytes, before it, such as FLV's; as far as it goes."""
    found, at = [], 0
    while (length := int.from_bytes(data[at : at + 4], "big")) and at + 4 < len(data):
        if unit := data[at + 4 : at + 4 + length].rstrip(b"\0"):
            found.append(unit)
        at += 4 + length
    return found


def first_slice(found: Iterable[bytes]) -> bytes | None:
    """The first of these NAL units that holds a part of the picture itself."""
    return next((unit for unit in found if 1 <= unit[0] & 31 <= SLICE_IDR), None)


def split(data: bytes) -> Access:
    """An Annex B picture as length-prefixed units; parameter sets are taken out, access unit delimiters dropped."""
    parameters, body = [], []
    for unit in units(data):
        kind = unit[0] & 31
        if kind in (SPS, PPS):
            parameters.append(unit)
        elif kind != DELIMITER:
            body += [len(unit).to_bytes(4, "big"), unit]
    return Access(tuple(parameters), b"".join(body))


def level(data: bytes) -> int | None:
    """The level, times ten, of an Annex B picture that brings an SPS."""
    return next((unit[3] for unit in units(data) if unit[0] & 31 == SPS and len(unit) > 3), None)


def configuration(parameters: tuple[bytes, ...]) -> bytes:
    """The AVCDecoderConfigurationRecord of SPS and PPS. Raises ValueError if one of them is missing."""
    sps = [unit for unit in parameters if unit[0] & 31 == SPS]
    pps = [unit for unit in parameters if unit[0] & 31 == PPS]
    if not sps or not pps or len(sps[0]) < 4:
        raise ValueError("the key frame brings no SPS and PPS")
    record = bytes([1]) + sps[0][1:4] + bytes([0xFF, 0xE0 | len(sps)])
    record += b"".join(len(unit).to_bytes(2, "big") + unit for unit in sps)
    return record + bytes([len(pps)]) + b"".join(len(unit).to_bytes(2, "big") + unit for unit in pps)
