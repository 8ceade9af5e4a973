"""One conversation with an RTMP server, as its publisher: handshake, commands, and then the tags."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import sys
import termios
from collections.abc import Mapping
from typing import Any, NoReturn

from host_engine.outputs import amf, chunks, flv
from host_engine.outputs.chunks import ChunkReader, Message, ProtocolError
from host_engine.outputs.refusal import Refused, Rejected
from host_engine.outputs.rtmp_target import Target

CHUNK = 60_000  # bytes; most pictures go in one
CHANNELS = {flv.AUDIO: 4, flv.DATA: 5, flv.VIDEO: 6}
HANDSHAKE = 1536
PING, PONG = 6, 7
CONNECT, RELEASE, PREPARE, CREATE, PUBLISH = 1, 2, 3, 4, 5  # transactions
IN_USE = ("already", "in use", "busy", "exist")  # the name will be free again: often it is our own lost session
FINAL = (
    "NetConnection.Connect.InvalidApp",
    "NetConnection.Connect.Rejected",
    "NetStream.Publish.BadName",
    "NetStream.Publish.Denied",
    "NetStream.Publish.Rejected",
)


class Session:
    """A connection on which `publish()` makes the server accept our stream; then `send` tags while `listen()` runs."""

    def __init__(self, target: Target, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.target = target
        self.writer = writer
        self.tags: flv.Tags | None = None  # what makes the tags that are sent
        self._reader = reader
        self._chunks = ChunkReader(reader)
        self._size = 128
        self._stream = 0
        self._window = 0
        self._acknowledged = 0

    async def publish(self) -> None:
        """All up to the server's "go on". Raises Refused, ConnectionError and what sockets raise."""
        await self._shake_hands()
        try:
            await self._ask()
        except (ConnectionResetError, BrokenPipeError, asyncio.IncompleteReadError):
            reason = "it may not know the application or the stream key"
            raise ConnectionError(
                f"{self.target.server} closed the connection instead of an answer: {reason}"
            ) from None

    async def _ask(self) -> None:
        self._control(chunks.SET_CHUNK_SIZE, CHUNK.to_bytes(4, "big"))
        self._size = CHUNK
        self._command(0, "connect", CONNECT, self._introduction())
        await self._answer(CONNECT)
        key = self.target.key
        self._command(0, "releaseStream", RELEASE, None, key)
        self._command(0, "FCPublish", PREPARE, None, key)
        self._command(0, "createStream", CREATE, None)
        self._stream = self._stream_of(await self._answer(CREATE))
        self._command(self._stream, "publish", PUBLISH, None, key, "live")
        await self._answer(PUBLISH)

    def send(self, tag: flv.Tag) -> int:
        """Hand a tag to the socket without waiting; returns the bytes that makes."""
        body = amf.encode("@setDataFrame") + tag.body if tag.kind == flv.DATA else tag.body
        return self._write(Message(tag.kind, self._stream, tag.time, body), CHANNELS[tag.kind])

    async def listen(self) -> NoReturn:
        """Answer what the server asks while we publish. Raises when it ends the stream or goes away."""
        while True:
            self._judge(await self._next_command())

    @property
    def unsent(self) -> int:
        """Bytes handed over that the server's machine has not taken yet: ours, and those the kernel holds."""
        transport = self.writer.transport
        held = transport.get_write_buffer_size()
        with contextlib.suppress(OSError, AttributeError, ValueError):  # closed meanwhile, or a system without it
            answer = fcntl.ioctl(transport.get_extra_info("socket").fileno(), termios.TIOCOUTQ, bytes(4))
            held += int.from_bytes(answer, sys.byteorder)
        return held

    def leave(self) -> None:
        """Send what was kept back, and tell the server that the stream ends, so that its name is free at once."""
        for tag in self.tags.flush() if self.tags else ():
            self.send(tag)
        self._command(0, "FCUnpublish", 0, None, self.target.key)
        self._command(0, "deleteStream", 0, None, self._stream)

    async def gone(self) -> None:
        """Wait until the server has let the stream go, or the connection."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, Refused):
            await self.listen()

    async def _shake_hands(self) -> None:
        self.writer.write(b"\x03" + bytes(8) + os.urandom(HANDSHAKE - 8))
        if await self._reader.readexactly(1) != b"\x03":
            raise ProtocolError(f"{self.target.server} does not speak RTMP")
        self.writer.write(await self._reader.readexactly(HANDSHAKE))
        await self._reader.readexactly(HANDSHAKE)

    def _introduction(self) -> dict[str, Any]:
        version = "FMLE/3.0 (compatible; host-engine)"  # servers look for FMLE to tell publishers from players
        return {"app": self.target.app, "type": "nonprivate", "flashVer": version, "tcUrl": self.target.tc_url}

    async def _answer(self, transaction: int) -> list[Any]:
        """The server's yes to one of our commands; `publish` is answered by a status."""
        while True:
            values = await self._next_command()
            if values[0] in ("_result", "_error") and values[1:2] == [transaction]:
                if values[0] == "_error":
                    self._refuse(_status(values))
                return values
            if self._judge(values) == "NetStream.Publish.Start" and transaction == PUBLISH:
                return values

    def _judge(self, values: list[Any]) -> str:
        """The code of a status that is no bad news, else "" for other commands. Raises for bad news."""
        if values[0] == "close":
            raise ConnectionError(f"{self.target.server} ended the session")
        if values[0] != "onStatus":
            return ""
        status = _status(values)
        code = str(status.get("code", ""))
        if status.get("level") == "error" or code in FINAL:
            self._refuse(status)
        if code == "NetStream.Unpublish.Success":
            raise ConnectionError(f"{self.target.server} ended the stream")
        return code

    def _refuse(self, status: Mapping[str, Any]) -> NoReturn:
        code, words = str(status.get("code", "")), str(status.get("description", ""))
        said = self.target.quote(f"{code} {words}") or "no reason given"
        server = self.target.server
        if "authmod" in words:
            raise Refused(f"{server} wants a user and password, which is not supported; use a stream key")
        if any(word in words.lower() for word in IN_USE):
            raise ConnectionError(f"{server} says that somebody publishes under this stream key already ({said})")
        if code in FINAL:
            raise Rejected(f"{server} refuses the application or the stream key ({said})")
        raise ConnectionError(f"{server} does not take the stream ({said})")

    async def _next_command(self) -> list[Any]:
        while True:
            message = await self._chunks.message()
            self._acknowledge()
            if message.kind in (chunks.COMMAND, chunks.COMMAND_AMF3):
                values = self._decode(message)
                if values and isinstance(values[0], str):
                    return values
            else:
                self._obey(message)

    def _decode(self, message: Message) -> list[Any]:
        try:
            return amf.decode(message.body[1:] if message.kind == chunks.COMMAND_AMF3 else message.body)
        except amf.AmfError as error:
            raise ProtocolError(f"{self.target.server} sends a command that cannot be read: {error}") from error

    def _obey(self, message: Message) -> None:
        number = int.from_bytes(message.body[:4], "big")
        if message.kind == chunks.WINDOW_SIZE:
            self._window = number
        elif message.kind == chunks.PEER_BANDWIDTH:
            self._control(chunks.WINDOW_SIZE, message.body[:4])
        elif message.kind == chunks.USER_CONTROL and int.from_bytes(message.body[:2], "big") == PING:
            self._control(chunks.USER_CONTROL, PONG.to_bytes(2, "big") + message.body[2:6])

    def _acknowledge(self) -> None:
        received = self._chunks.received
        if self._window and received - self._acknowledged >= self._window:
            self._acknowledged = received
            self._control(chunks.ACKNOWLEDGEMENT, (received & 0xFFFFFFFF).to_bytes(4, "big"))

    def _stream_of(self, values: list[Any]) -> int:
        number = values[-1]
        if not isinstance(number, float) or not 0 <= number < 1 << 32:
            raise ProtocolError(f"{self.target.server} names no stream to publish on")
        return int(number)

    def _control(self, kind: int, body: bytes) -> None:
        self._write(Message(kind, 0, 0, body), 2)

    def _command(self, stream: int, *values: Any) -> None:
        self._write(Message(chunks.COMMAND, stream, 0, amf.encode(*values)), 3)

    def _write(self, message: Message, channel: int) -> int:
        data = chunks.cut(message, channel, self._size)
        self.writer.write(data)
        return len(data)


def _status(values: list[Any]) -> Mapping[str, Any]:
    """The last object of a command: what the server has to say."""
    return next((value for value in reversed(values) if isinstance(value, dict)), {})
