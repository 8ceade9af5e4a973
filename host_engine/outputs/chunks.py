"""RTMP messages, cut into chunks on the way out and put together, within bounds, on the way in."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import NamedTuple

SET_CHUNK_SIZE, ABORT, ACKNOWLEDGEMENT, USER_CONTROL, WINDOW_SIZE, PEER_BANDWIDTH = 1, 2, 3, 4, 5, 6
COMMAND_AMF3, COMMAND = 17, 20
EXTENDED = 0xFFFFFF  # in the three bytes of a time: the real one follows in four bytes
LARGEST_MESSAGE = 1 << 16  # a server has only short answers for a publisher
MOST_STREAMS = 16
MOST_CHUNKS = 1000  # a second
SMALLEST_CHUNK = 128


class ProtocolError(ConnectionError):
    """The peer sends something that is not RTMP, or more than a publisher needs."""


class Message(NamedTuple):
    """One RTMP message. `time` in ms, of any size: only its lower 32 bits travel."""

    kind: int
    stream: int
    time: int
    body: bytes


def cut(message: Message, channel: int, size: int) -> bytes:
    """The message in chunks of `size` bytes, on chunk stream `channel` (2..63), with a full header: absolute time."""
    time = message.time & 0xFFFFFFFF
    extended = time.to_bytes(4, "big") if time >= EXTENDED else b""
    head = min(time, EXTENDED).to_bytes(3, "big") + len(message.body).to_bytes(3, "big") + bytes([message.kind])
    parts = [bytes([channel]), head, message.stream.to_bytes(4, "little"), extended, message.body[:size]]
    for start in range(size, len(message.body), size):
        parts += [bytes([0xC0 | channel]), extended, message.body[start : start + size]]
    return b"".join(parts)


@dataclass
class _Stream:
    """What a chunk stream remembers from chunk to chunk."""

    time: int = 0
    step: int = 0
    length: int = 0
    kind: int = 0
    stream: int = 0
    extended: bool = False
    body: bytearray = field(default_factory=bytearray)


class ChunkReader:
    """Reads messages from a peer that nobody vouches for: sizes, streams and memory are bounded.

    largest: bytes of a message. most: chunks a second. By default those of a server that is only published to.
    """

    def __init__(self, reader: asyncio.StreamReader, largest: int = LARGEST_MESSAGE, most: int = MOST_CHUNKS) -> None:
        self._reader, self._largest, self._most = reader, largest, most
        self._streams: dict[int, _Stream] = {}
        self._size = 128
        self._second, self._chunks = 0.0, 0
        self.received = 0  # bytes, for acknowledgements

    async def message(self) -> Message:
        """The next whole message; chunk sizes and aborts are obeyed on the way.

        Raises ProtocolError for what is not RTMP and asyncio.IncompleteReadError when the peer is gone.
        """
        while True:
            message = await self._chunk()
            if message is None:
                continue
            if message.kind == SET_CHUNK_SIZE:
                self._set_size(int.from_bytes(message.body[:4], "big"))
            elif message.kind == ABORT:
                self._streams.pop(int.from_bytes(message.body[:4], "big"), None)
            else:
                return message

    def _set_size(self, size: int) -> None:
        if size < SMALLEST_CHUNK:
            raise ProtocolError(f"the server wants chunks of {size} bytes")
        self._size = size

    async def _chunk(self) -> Message | None:
        """Read one chunk; the message, if it is now whole."""
        self._count()
        first = (await self._take(1))[0]
        stream = self._stream(await self._channel(first & 63), known=first >> 6 == 3)
        await self._header(stream, first >> 6)
        stream.body += await self._take(min(self._size, stream.length - len(stream.body)))
        if len(stream.body) < stream.length:
            return None
        message = Message(stream.kind, stream.stream, stream.time, bytes(stream.body))
        stream.body.clear()
        return message

    def _count(self) -> None:
        """Reading what is already there never gives way to other tasks, so a flood would hold up the whole loop."""
        now = asyncio.get_running_loop().time()
        if now - self._second > 1.0:
            self._second, self._chunks = now, 0
        self._chunks += 1
        if self._chunks > self._most:
            raise ProtocolError("the server sends more than any server has to say")

    async def _channel(self, number: int) -> int:
        if number > 1:
            return number
        return 64 + int.from_bytes(await self._take(number + 1), "little")

    def _stream(self, channel: int, known: bool) -> _Stream:
        if channel not in self._streams:
            if known or len(self._streams) >= MOST_STREAMS:
                raise ProtocolError("the server does not speak RTMP: it continues a message that it never began")
            self._streams[channel] = _Stream()
        return self._streams[channel]

    async def _header(self, stream: _Stream, form: int) -> None:
        if form < 3:
            head = await self._take((11, 7, 3)[form])
            stream.step = int.from_bytes(head[:3], "big")
            stream.extended = stream.step == EXTENDED
            if form < 2:
                stream.length, stream.kind = int.from_bytes(head[3:6], "big"), head[6]
                stream.body.clear()
            if form == 0:
                stream.stream = int.from_bytes(head[7:], "little")
        if stream.length > self._largest:
            raise ProtocolError(f"the server announces a message of {stream.length} bytes")
        step = int.from_bytes(await self._take(4), "big") if stream.extended else stream.step
        if not stream.body:
            stream.time = (step if form == 0 else stream.time + step) & 0xFFFFFFFF

    async def _take(self, size: int) -> bytes:
        data = await self._reader.readexactly(size)
        self.received += size
        return data
