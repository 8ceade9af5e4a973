"""An RTMP server that does what a test tells it to, for what no real server does on demand."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from host_engine.outputs import amf, chunks
from host_engine.outputs.chunks import ChunkReader, Message, cut


class Peer:
    """The server's end of one connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.chunks = ChunkReader(reader)

    async def shake_hands(self) -> None:
        """The handshake; C2 must echo S1."""
        hello = await self.reader.readexactly(1537)
        assert hello[0] == 3
        nonce = bytes(range(256)) * 6
        self.writer.write(b"\3" + nonce + hello[1:])
        assert await self.reader.readexactly(1536) == nonce

    async def command(self, name: str) -> list[Any]:
        """The next command of this name; all before it is thrown away."""
        while True:
            message = await self.chunks.message()
            if message.kind == chunks.COMMAND:
                values = amf.decode(message.body)
                if values[0] == name:
                    return values

    async def message(self, kind: int) -> Message:
        """The next message of this kind."""
        while True:
            message = await self.chunks.message()
            if message.kind == kind:
                return message

    def say(self, *values: Any) -> None:
        """Send a command."""
        self.send(chunks.COMMAND, amf.encode(*values))

    def send(self, kind: int, body: bytes) -> None:
        """Send a message."""
        self.writer.write(cut(Message(kind, 0, 0, body), 3, 128))

    async def accept(self) -> list[Any]:
        """Everything up to "go on"; returns the publish command."""
        await self.shake_hands()
        _, transaction, *_ = await self.command("connect")
        self.say("_result", transaction, {}, {"code": "NetConnection.Connect.Success"})
        _, transaction, *_ = await self.command("createStream")
        self.say("_result", transaction, None, 1)
        publish = await self.command("publish")
        self.say("onStatus", 0, None, {"level": "status", "code": "NetStream.Publish.Start"})
        return publish


@asynccontextmanager
async def scripted(script: Callable[[Peer], Awaitable[None]], tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port of a server that runs `script` for each connection, closes it after, and raises what the script did."""
    errors: list[BaseException] = []
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.current_task())  # type: ignore[arg-type]
        try:
            await script(Peer(reader, writer))
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the publisher left, as it may, or the test is over
        except AssertionError as error:
            errors.append(error)
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for error in errors:
        raise error
