"""What the engine and the processes of its ears say to each other: frames of JSON, with bytes behind them.

A frame is a mark, two lengths, an object as JSON and a body. Nothing in it is code, so that a worker that was led
astray by what it was given can say nonsense only, and nonsense ends it.
"""

from __future__ import annotations

import json
import struct
from typing import IO, Any, NamedTuple

import numpy as np

from host_engine.audience.transcript import Heard16

MARK = b"ear1"
HEAD = struct.Struct(">4sII")  # the mark, bytes of JSON, bytes of the body
SAID, BODY = 1 << 16, 1 << 24  # bytes at most
FULL = np.float32(32767)


class WireError(Exception):
    """What came is not what these two speak."""


class Frame(NamedTuple):
    """One message: what is said, and the bytes that belong to it."""

    said: dict[str, Any]
    body: bytes = b""

    @property
    def kind(self) -> str:
        return str(self.said.get("kind", ""))


def packed(frame: Frame) -> bytes:
    """The frame as it travels. Raises WireError for one that is too large."""
    said = json.dumps(frame.said).encode()
    if len(said) > SAID or len(frame.body) > BODY:
        raise WireError(f"a message of {len(said) + len(frame.body)} bytes is too large")
    return HEAD.pack(MARK, len(said), len(frame.body)) + said + frame.body


def read(pipe: IO[bytes]) -> Frame | None:
    """The next frame of a pipe that blocks; None at its end. Raises WireError for anything else than a frame."""
    head = pipe.read(HEAD.size)
    if not head:
        return None
    if len(head) < HEAD.size:
        raise WireError("a message was cut off")
    mark, said, body = HEAD.unpack(head)
    if mark != MARK or said > SAID or body > BODY:
        raise WireError(f"this is no message: {head!r}")
    text, rest = pipe.read(said), pipe.read(body)
    if len(text) < said or len(rest) < body:
        raise WireError("a message was cut off")
    try:
        found = json.loads(text)
    except ValueError as error:
        raise WireError(f"a message cannot be read: {error}") from None
    if not isinstance(found, dict):
        raise WireError("a message is no object")
    return Frame(found, rest)


def pcm(samples: Heard16) -> bytes:
    """Samples as 16-bit integers, little-endian; what is no number is silence."""
    return (np.clip(np.nan_to_num(samples), -1, 1) * FULL).astype("<i2").tobytes()


def samples(pcm16: bytes) -> Heard16:
    """16-bit integers as samples; half a sample at the end is left out."""
    return np.frombuffer(pcm16[: len(pcm16) // 2 * 2], "<i2").astype(np.float32) / FULL
