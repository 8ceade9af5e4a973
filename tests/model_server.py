"""A server that speaks OpenAI's chat completions on a free loopback port, byte by byte as a test wants it.

Answers are streamed as server-sent events in HTTP/1.1 chunks, on bare asyncio: so a test can break off anywhere.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

DONE = b"data: [DONE]\n\n"


def event(text: str | None = None, ended: str | None = None, **delta: Any) -> bytes:
    """One event of a stream, as vLLM, Ollama, llama.cpp and the cloud write it."""
    said = {} if text is None else {"content": text}
    choice = {"index": 0, "delta": {**said, **delta}, "finish_reason": ended}
    body = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "test", "choices": [choice]}
    return b"data: " + json.dumps(body, ensure_ascii=False).encode() + b"\n\n"


class Exchange:
    """One request, and the ways to answer it. `closed` is set when the client has closed its connection."""

    def __init__(self, request: dict[str, Any], headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        self.request, self.headers, self._writer = request, headers, writer
        self.closed = asyncio.Event()
        self._begun = False

    @property
    def told(self) -> str:
        """What the model was told: the system's message."""
        return str(self.request["messages"][0]["content"])

    @property
    def asked(self) -> dict[str, Any]:
        """The viewer's words, as they came."""
        asked: dict[str, Any] = json.loads(self.request["messages"][1]["content"])
        return asked

    async def begin(self, status: str = "200 OK", kind: str = "text/event-stream") -> None:
        self._begun = True
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n\r\n"
        await self.raw(head.encode())

    async def send(self, data: bytes) -> None:
        """One chunk of the body."""
        if not self._begun:
            await self.begin()
        await self.raw(b"%x\r\n%s\r\n" % (len(data), data))

    async def end(self) -> None:
        await self.raw(b"0\r\n\r\n")

    async def raw(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    def die(self) -> None:
        """The process behind the server is gone."""
        self._writer.transport.abort()

    async def say(self, pieces: Iterable[str], ended: str = "stop") -> None:
        """A whole answer, piece by piece."""
        await self.send(event("", role="assistant"))
        for piece in pieces:
            await self.send(event(piece))
        await self.send(event(ended=ended))
        await self.send(DONE)
        await self.end()

    async def refuse(self, status: str, message: str, **error: Any) -> None:
        body = json.dumps({"error": {"message": message, **error}}).encode()
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        await self.raw(head.encode() + body)


Behave = Callable[[Exchange], Awaitable[None]]


class ModelServer:
    """Answers each request as `behave` says; `exchanges` are those so far."""

    def __init__(self, behave: Behave) -> None:
        self.behave = behave
        self.exchanges: list[Exchange] = []
        self.connections = 0
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        exchange = None
        try:
            while True:
                exchange = Exchange(*await _request(reader), writer)
                self.exchanges.append(exchange)
                answering = asyncio.ensure_future(self.behave(exchange))
                gone = asyncio.create_task(_gone(reader, writer))
                await asyncio.wait({answering, gone}, return_when=asyncio.FIRST_COMPLETED)
                if gone.done() and not answering.done():
                    exchange.closed.set()
                    answering.cancel()
                gone.cancel()
                await asyncio.gather(answering, gone, return_exceptions=True)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            if exchange:
                exchange.closed.set()
            writer.close()


async def _gone(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Returns when the client has closed; it sends nothing while it is answered."""
    while not (reader.at_eof() or writer.transport.is_closing()):
        await asyncio.sleep(0.005)


async def _request(reader: asyncio.StreamReader) -> tuple[dict[str, Any], dict[str, str]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return json.loads(body), headers


@asynccontextmanager
async def model_server(behave: Behave) -> AsyncIterator[ModelServer]:
    """The server on a free port, ended with the block."""
    model = ModelServer(behave)
    server = await asyncio.start_server(model.handle, "127.0.0.1", 0)
    model.port = server.sockets[0].getsockname()[1]
    try:
        yield model
    finally:
        server.close()
        for exchange in model.exchanges:
            exchange.die()


async def _serve(text: str) -> None:
    """One answer for everybody, at once, until the process is ended; says its port."""

    async def behave(exchange: Exchange) -> None:
        words = text.split(" ")
        await exchange.say([f"{word} " for word in words[:-1]] + words[-1:])

    async with model_server(behave) as server:
        print(server.port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
