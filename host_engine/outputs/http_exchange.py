"""One request over HTTP/1.1 and its answer, on a connection of its own, with nothing in it that can block or grow."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlsplit

import h11

PORTS = {"http": 80, "https": 443}
READ = 8 * 1024  # bytes at once, which are taken apart in one go: a thousand tiny pieces at most
HEAD = 64 * 1024  # bytes of the head of an answer
INTERIM = 8  # answers of 1xx before the one that counts
USUAL = {"User-Agent": "host-engine", "Accept-Encoding": "identity", "Connection": "close"}


class NoAnswer(ConnectionError):
    """What comes is no answer of an HTTP server."""


class Exchange:
    """An answer whose head has come; its body is to be read, as far as it is wanted."""

    def __init__(self, reader: asyncio.StreamReader, connection: h11.Connection, head: h11.Response) -> None:
        self.status = head.status_code
        self._headers = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in head.headers]
        self._reader, self._connection = reader, connection

    def header(self, name: str, default: str = "") -> str:
        """The value of the first header of that name."""
        return next((value for key, value in self._headers if key == name.lower()), default)

    def headers(self, name: str) -> list[str]:
        """The values of all headers of that name."""
        return [value for key, value in self._headers if key == name.lower()]

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises NoAnswer for what is none, and what sockets raise."""
        while True:
            event = await _event(self._reader, self._connection)
            if isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
                return

    async def body(self, most: int) -> bytes:
        """The whole body, or `most` bytes and one more where it is longer."""
        read = b""
        async for piece in self.pieces():
            read += piece
            if len(read) > most:
                break
        return read[: most + 1]


@contextlib.asynccontextmanager
async def exchange(
    method: str, url: str, headers: Mapping[str, str], body: bytes = b"", tls: ssl.SSLContext | None = None
) -> AsyncIterator[Exchange]:
    """Ask, and give the answer; the connection is cut at the end. Who calls has a deadline.

    Raises NoAnswer for what is no HTTP, OSError for what sockets raise; ValueError for an address that is none.
    """
    parts = urlsplit(url)
    host, secure = (parts.hostname or "").encode("idna").decode(), parts.scheme == "https"
    port = parts.port or PORTS[parts.scheme]
    reader, writer = await asyncio.open_connection(host, port, ssl=(tls or True) if secure else None)
    try:
        connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD)
        named = f"[{host}]" if ":" in host else host
        said = {"Host": named if port == PORTS[parts.scheme] else f"{named}:{port}"} | USUAL | dict(headers)
        if body or method in ("POST", "PATCH"):
            said["Content-Length"] = str(len(body))
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        request = h11.Request(method=method, target=target, headers=list(said.items()))
        data = connection.send(request) or b""
        data += connection.send(h11.Data(body)) or b""
        writer.write(data + (connection.send(h11.EndOfMessage()) or b""))
        await writer.drain()
        yield Exchange(reader, connection, await _head(reader, connection))
    except h11.LocalProtocolError as error:
        raise ValueError(str(error)) from None
    finally:
        writer.transport.abort()


async def _head(reader: asyncio.StreamReader, connection: h11.Connection) -> h11.Response:
    for _ in range(INTERIM):
        event = await _event(reader, connection)
        if isinstance(event, h11.Response):
            return event
        if isinstance(event, h11.ConnectionClosed | h11.EndOfMessage):
            break
    raise NoAnswer


async def _event(reader: asyncio.StreamReader, connection: h11.Connection) -> h11.Event:
    try:
        while (event := connection.next_event()) is h11.NEED_DATA:
            connection.receive_data(await reader.read(READ))
            await asyncio.sleep(0)  # what has come already is read without waiting, and a server can send without end
    except h11.RemoteProtocolError:
        raise NoAnswer from None
    if event is h11.PAUSED:
        raise NoAnswer
    return event  # type: ignore[return-value]
