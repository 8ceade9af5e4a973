"""AMF0, the notation of RTMP's commands and FLV's metadata, for the values those use."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any

DEEPEST = 16  # objects inside objects; a hostile peer may not exhaust the stack


class AmfError(ValueError):
    """Bytes that are not AMF0."""


class Array(dict[str, Any]):
    """An ECMA array: an object that says how many members it has. onMetaData wants one."""


def encode(*values: Any) -> bytes:
    """None, bool, int, float, str, mapping, `Array` and sequence, one after the other. Raises TypeError for others."""
    return b"".join(_encode(value) for value in values)


def _encode(value: Any) -> bytes:
    match value:
        case None:
            return b"\x05"
        case bool():
            return bytes([1, value])
        case int() | float():
            return b"\x00" + struct.pack(">d", value)
        case str():
            return _string(value)
        case Array():
            return b"\x08" + struct.pack(">I", len(value)) + _members(value)
        case Mapping():
            return b"\x03" + _members(value)
        case Sequence():
            return b"\x0a" + struct.pack(">I", len(value)) + encode(*value)
    raise TypeError(f"AMF0 has no notation for {type(value).__name__}")


def _string(text: str) -> bytes:
    data = text.encode()
    if len(data) < 1 << 16:
        return b"\x02" + struct.pack(">H", len(data)) + data
    return b"\x0c" + struct.pack(">I", len(data)) + data


def _members(value: Mapping[str, Any]) -> bytes:
    parts = []
    for key, member in value.items():
        name = key.encode()
        parts += [struct.pack(">H", len(name)), name, _encode(member)]
    return b"".join(parts) + b"\0\0\x09"


def decode(data: bytes) -> list[Any]:
    """Every value in `data`; dates are milliseconds since 1970. Raises AmfError, whatever the bytes."""
    reader = _Reader(data)
    values = []
    while reader.at < len(data):
        values.append(reader.value(0))
    return values


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def value(self, depth: int) -> Any:
        if depth > DEEPEST:
            raise AmfError(f"values nested more than {DEEPEST} deep")
        match self._take(1)[0]:
            case 0:
                return struct.unpack(">d", self._take(8))[0]
            case 1:
                return self._take(1) != b"\0"
            case 2:
                return self._text(self._number(2))
            case 3:
                return self._object(depth)
            case 5 | 6:
                return None
            case 8:
                self._take(4)
                return Array(self._object(depth))
            case 10:
                return self._list(depth)
            case 11:
                return struct.unpack(">dh", self._take(10))[0]
            case 12:
                return self._text(self._number(4))
            case other:
                raise AmfError(f"value of the unknown kind {other}")

    def _object(self, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        while True:
            key = self._text(self._number(2))
            if not key and self._data[self.at : self.at + 1] == b"\x09":
                self.at += 1
                return members
            members[key] = self.value(depth + 1)

    def _list(self, depth: int) -> list[Any]:
        return [self.value(depth + 1) for _ in range(self._number(4))]

    def _number(self, size: int) -> int:
        return int.from_bytes(self._take(size), "big")

    def _text(self, size: int) -> str:
        return self._take(size).decode(errors="replace")

    def _take(self, size: int) -> bytes:
        data = self._data[self.at : self.at + size]
        if len(data) < size:
            raise AmfError("the value ends too early")
        self.at += size
        return data
