"""One request and its answer, from servers that send without end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from host_engine.outputs.http_exchange import NoAnswer, exchange


@contextlib.asynccontextmanager
async def sending(head: bytes, again: bytes) -> AsyncIterator[str]:
    """The address of a server that answers with `head`, and then with `again` for as long as somebody is there."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head)
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            while again:
                writer.write(again)
                await writer.drain()
                await asyncio.sleep(0)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def test_interim_answers_without_end_are_no_answer() -> None:
    async with sending(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100) as url:
        with pytest.raises(NoAnswer):
            async with asyncio.timeout(20), exchange("GET", url, {}):
                pass


async def test_some_interim_answers_come_before_the_answer() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 3
    head = early + b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok"
    async with sending(head, b"") as url, asyncio.timeout(20), exchange("GET", url, {}) as answer:
        assert (answer.status, await answer.body(10)) == (201, b"ok")


async def test_tiny_pieces_without_end_leave_the_loop_to_others() -> None:
    """Each read is followed by a turn of whatever else is to be done."""
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0)
            turns += 1

    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    pieces = b"1\r\nx\r\n" * 20_000
    async with sending(head, pieces) as url, asyncio.timeout(60), exchange("GET", url, {}) as answer:
        other = asyncio.create_task(others())
        read = len(await answer.body(12_000))
        other.cancel()
    assert read == 12_001
    assert turns >= 5  # nearly 9 reads of 8 KB
