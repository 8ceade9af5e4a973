"""The relay between an output and its server: what a bad server does, on real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from until import until

from host_engine.chaos.at_work import AtWork
from host_engine.chaos.plan import Output
from host_engine.chaos.relay import Relay


def fault(how: str, **more: object) -> Output:
    return Output.model_validate({"what": "output", "name": "tube", "how": how, "at": 0, "for": 100, **more})


class Behind:
    """A relay in front of a server that sends back what it gets."""

    def __init__(self, server: asyncio.Server) -> None:
        self.faults = AtWork()
        self.relay = Relay("tube", asyncio.open_connection, self.faults)
        self.port = server.sockets[0].getsockname()[1]

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await self.relay.open("127.0.0.1", self.port, limit=16 * 1024)

    async def echoes(self) -> bool:
        reader, writer = await self.connect()
        writer.write(b"hello")
        said = await asyncio.wait_for(reader.readexactly(5), 5)
        writer.close()
        return said == b"hello"


@asynccontextmanager
async def behind() -> AsyncIterator[Behind]:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(4096):
            writer.write(data)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    made = Behind(server)
    watching = asyncio.create_task(made.relay.watch())
    try:
        yield made
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        server.close()


async def test_it_passes_everything_on() -> None:
    async with behind() as there:
        reader, writer = await there.connect()
        data = bytes(range(256)) * 4000
        writer.write(data)
        assert await asyncio.wait_for(reader.readexactly(len(data)), 10) == data
        writer.close()


async def test_a_server_that_refuses_cuts_what_is_there_and_comes_back_at_the_same_port() -> None:
    async with behind() as there:
        reader, _ = await there.connect()
        refuses = fault("refuses")
        there.faults.begin(refuses)
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(reader.read(), 5)
        with pytest.raises(ConnectionRefusedError):
            await there.connect()
        there.faults.end(refuses)
        assert await there.echoes()


async def test_a_server_that_resets() -> None:
    async with behind() as there:
        reader, writer = await there.connect()
        writer.write(b"hello")
        assert await asyncio.wait_for(reader.readexactly(5), 5) == b"hello"
        resets = fault("resets")
        there.faults.begin(resets)
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(reader.read(), 5)
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await there.echoes()
        there.faults.end(resets)
        assert await there.echoes()


async def test_a_server_that_accepts_and_never_reads() -> None:
    async with behind() as there:
        _, writer = await there.connect()
        never = fault("never-reads")
        there.faults.begin(never)
        writer.transport.set_write_buffer_limits(0)
        writer.write(bytes(8_000_000))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(writer.drain(), 0.5)
        _, another = await there.connect()  # it accepts
        another.close()
        there.faults.end(never)
        writer.transport.abort()
        assert await there.echoes()


async def test_a_server_that_is_slow() -> None:
    async with behind() as there:
        there.faults.begin(fault("slow", kbps=800))
        reader, writer = await there.connect()
        now = asyncio.get_running_loop().time
        began = now()
        writer.write(bytes(50_000))
        await asyncio.wait_for(reader.readexactly(50_000), 10)
        assert now() - began >= 0.5  # at least half a second for 400 kbit, there and back


async def test_where_the_real_server_is_gone_the_connection_ends() -> None:
    relay = Relay("tube", asyncio.open_connection, AtWork())
    reader, _ = await relay.open("127.0.0.1", 9)
    assert await asyncio.wait_for(reader.read(), 5) == b""
    task = asyncio.create_task(relay.watch())
    await asyncio.sleep(0)
    task.cancel()
    await until(task.done)
