"""What channels and the shared worker say to each other: packets on a Unix socket, pixels beside it in shared memory.

Each packet is a kind, a byte, and either JSON or a fixed layout; nothing in it is code. Memory is passed as a file
descriptor with the packet that speaks of it.
"""

from __future__ import annotations

import array
import json
import os
import socket
import struct
from enum import IntEnum
from typing import Any, NamedTuple

VERSION = 1
PACKET = 65_536  # bytes at most
NAME = 64  # bytes of a channel's name that travel


class Kind(IntEnum):
    """What a packet is about; who says it."""

    HELLO = 1  # channel: {version, net: {kind, path, options}}
    WELCOME = 2  # worker: {pid}
    REFUSED = 3  # worker: {avatar?, why}
    POOL = 4  # channel: {pool, bytes} and the memory in which orders and pictures lie
    SETTLE = 5  # channel: {avatar, name, kept: [dtype, shape], masks: shape} and the memory with both
    SETTLED = 6  # worker: {avatar}
    LEAVE = 7  # channel: {avatar}
    ORDER = 8  # channel: `Asked`
    DONE = 9  # worker: `Answer`; the picture lies where the crop of the footage lay
    MISSED = 10  # worker: `Answer` with the reason
    ASK = 11  # channel: what is the status?
    STATUS = 12  # worker: {status}


class WireError(Exception):
    """What came is not what these two speak."""


class Asked(NamedTuple):
    """An order: the window, of the shape `heard`, lies at `at` in the pool, the crop of the footage after it."""

    number: int
    avatar: int
    frame: int
    pool: int
    at: int
    height: int
    width: int
    heard: tuple[int, ...]
    deadline: float
    channel: str


_ASKED = struct.Struct("<BQIiIQHH4Hd")
DIMENSIONS = 4  # of a window at most; 0 fills up
_ANSWER = struct.Struct("<BQ")


def asked(order: Asked) -> bytes:
    heard = (*order.heard, 0, 0, 0, 0)[:DIMENSIONS]
    return _ASKED.pack(Kind.ORDER, *order[:7], *heard, order.deadline) + order.channel.encode()[:NAME]


def read_asked(packet: bytes) -> Asked:
    """Raises WireError."""
    if len(packet) < _ASKED.size:
        raise WireError("an order is cut short")
    _, *numbers = _ASKED.unpack_from(packet)
    heard = tuple(each for each in numbers[7:-1] if each)
    return Asked._make([*numbers[:7], heard, numbers[-1], packet[_ASKED.size :].decode(errors="replace")])


def answer(kind: Kind, number: int, why: str = "") -> bytes:
    return _ANSWER.pack(kind, number) + why.encode()[:512]


def read_answer(packet: bytes) -> tuple[int, str]:
    """The order's number, and why it was missed. Raises WireError."""
    if len(packet) < _ANSWER.size:
        raise WireError("an answer is cut short")
    return int(_ANSWER.unpack_from(packet)[1]), packet[_ANSWER.size :].decode(errors="replace")


def said(kind: Kind, **what: Any) -> bytes:
    return bytes([kind]) + json.dumps(what).encode()


def read_said(packet: bytes) -> dict[str, Any]:
    """Raises WireError."""
    try:
        what = json.loads(packet[1:])
    except ValueError as error:
        raise WireError(f"a packet is no JSON: {error}") from error
    if not isinstance(what, dict):
        raise WireError("a packet is no JSON object")
    return what


def receive(line: socket.socket) -> tuple[bytes, int | None]:
    """The next packet, b"" where the other has gone, and the descriptor that came with it, now ours to close."""
    packet, ancillary, flags, _ = line.recvmsg(PACKET, socket.CMSG_SPACE(4 * array.array("i").itemsize))
    descriptors = array.array("i")
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            descriptors.frombytes(data[: len(data) - len(data) % descriptors.itemsize])
    for extra in descriptors[1:]:
        os.close(extra)
    if flags & socket.MSG_TRUNC:
        raise WireError("a packet is too long")
    return packet, descriptors[0] if descriptors else None


def send(line: socket.socket, packet: bytes, descriptor: int | None = None) -> None:
    """Send without waiting: raises BlockingIOError where the other does not read, OSError where it has gone."""
    flags = socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL
    socket.send_fds(line, [packet], [] if descriptor is None else [descriptor], flags)
