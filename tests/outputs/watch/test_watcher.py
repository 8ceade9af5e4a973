"""A viewer of our own at a real RTMP server, at the engine's FLV and at its WHEP, and where nothing can be watched."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from rtmp_server import RtmpServer
from served import served
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, RedirectResponse, StreamingResponse
from starlette.routing import Route
from streamed import FORMAT, Streamed, streaming
from until import until

from host_engine.audience.sources.apart import apart
from host_engine.control.api import make_app
from host_engine.control.live_flv import live_flv
from host_engine.outputs import flv
from host_engine.outputs.http_flv import HttpFlv
from host_engine.outputs.rtmp import RtmpOutput
from host_engine.outputs.watch import viewing
from host_engine.outputs.watch import watcher as watching_module
from host_engine.outputs.watch.sent import Sent
from host_engine.outputs.watch.watcher import Watcher
from host_engine.outputs.whep import Whep


@pytest.fixture(autouse=True)
def hurried(monkeypatch) -> None:
    monkeypatch.setattr(watching_module, "SETTLE", 0.1)
    monkeypatch.setattr(watching_module, "FIRST", 0.1)


@contextlib.asynccontextmanager
async def watched(address: str, channel: Streamed, live: Callable[[], bool] = lambda: True) -> AsyncIterator[Watcher]:
    """Somebody who watches the channel at an address, on a thread."""
    sent = Sent(FORMAT, 60)
    watcher = Watcher(address, sent, FORMAT, live)

    async def note() -> None:
        with channel.fanout.reader("noted") as reader:
            while True:
                unit = await reader.get()
                sent.note(unit, reader.pushed)
                reader.left(unit)

    tasks = [asyncio.create_task(note()), asyncio.create_task(apart("watch", watcher.run))]
    try:
        yield watcher
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def well_watched(watcher: Watcher) -> None:
    """Delay and skew are known, and are what they must be on one machine."""
    await until(lambda: watcher.watched.facts.delay is not None and watcher.watched.facts.skew is not None, 40)
    facts = watcher.watched.facts
    assert watcher.watched.state == "watching"
    assert watcher.watched.error is None
    assert facts.delay is not None
    assert facts.skew is not None
    assert 0 < facts.delay < 10
    assert abs(facts.skew) < 1
    assert facts.fps > 1
    assert not facts.changed


@pytest.fixture
def server(tmp_path: Path):
    server = RtmpServer(tmp_path)
    server.start()
    yield server
    server.kill()


async def test_an_rtmp_server_is_watched_waited_for_and_found_again(server: RtmpServer) -> None:
    async with streaming() as channel:
        output = RtmpOutput("tube", server.url, "one", channel.fanout, channel.force_key, format=FORMAT)
        publishing = asyncio.create_task(output.run())
        async with watched(f"{server.url}/one", channel, lambda: output.state == "live") as watcher:
            await well_watched(watcher)
            assert watcher.watched.facts.skew == pytest.approx(0, abs=0.003)  # to the millisecond of RTMP's times
            server.kill()
            await asyncio.gather(publishing, return_exceptions=True)
            await until(lambda: watcher.watched.state == "waiting", 20)
            server.start()
            publishing = asyncio.create_task(output.run())
            await until(lambda: watcher.watched.state == "watching", 40)
        publishing.cancel()
        await asyncio.gather(publishing, return_exceptions=True)


async def test_a_stream_that_nobody_publishes_is_told(server: RtmpServer, monkeypatch) -> None:
    monkeypatch.setattr(watching_module, "NOTHING", 0.5)
    async with streaming() as channel, watched(f"{server.url}/nobody", channel) as watcher:
        await until(lambda: watcher.watched.error, 20)
        assert watcher.watched.error == f"nothing comes from 127.0.0.1:{server.port}"


@contextlib.asynccontextmanager
async def page(channel: Streamed) -> AsyncIterator[str]:
    """The address of a channel's page, with FLV."""
    whep = Whep(channel.fanout, FORMAT, channel.force_key)
    app = make_app(dict, lambda: True, lambda: [], whep, lambda: None)  # type: ignore[arg-type, return-value]
    app.include_router(live_flv(HttpFlv(channel.source), "this machine"))
    async with served(app) as port:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            await whep.close()


async def test_flv_over_http_is_watched() -> None:
    async with streaming() as channel, page(channel) as address, watched(f"{address}/live.flv", channel) as watcher:
        await well_watched(watcher)
        assert watcher.watched.facts.skew == pytest.approx(0, abs=0.003)


async def test_webrtc_is_watched_without_a_decoder() -> None:
    async with streaming() as channel, page(channel) as address, watched(f"{address}/whep", channel) as watcher:
        await well_watched(watcher)


async def test_what_was_encoded_anew_is_known_by_the_numbers_in_the_picture(monkeypatch) -> None:
    monkeypatch.setattr(viewing, "STRANGE", 0.5)
    async with streaming(70_000) as other, page(other) as address, streaming() as channel:
        watching = watched(f"{address}/live.flv", channel)
        async with watching as watcher:
            await until(lambda: watcher.watched.facts.changed and watcher.watched.facts.delay is not None, 40)


async def never_ends(request: object) -> StreamingResponse:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"FLV\1\5\0\0\0\x09\0\0\0\0" + b"\x09\xff\xff\xff" + bytes(7)
        await asyncio.sleep(3600)

    return StreamingResponse(pieces())


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/missing.flv", "cannot be watched: it answers 404"),
        ("/text.flv", "cannot be watched: what comes is no FLV"),
        ("/loop.flv", "cannot be watched: it redirects more than 5 times"),
        ("/large.flv", "cannot be watched: a part of 16777215 bytes is announced"),
        ("/flood.flv", "sends more than any viewer can watch"),
        ("/whep", "has no WHEP endpoint at this address"),
    ],
)
async def test_where_nothing_can_be_watched_it_is_said(path: str, said: str) -> None:
    async def text(request: object) -> PlainTextResponse:
        return PlainTextResponse("not a film, but quite long enough")

    async def loop(request: object) -> RedirectResponse:
        return RedirectResponse("/loop.flv")

    async def flood(request: object) -> PlainTextResponse:
        return PlainTextResponse(b"FLV\1\5\0\0\0\x09\0\0\0\0" + flv.written([flv.Tag(8, 0, b"\xaf\1sound")]) * 3000)

    routes = [Route("/text.flv", text), Route("/loop.flv", loop), Route("/large.flv", never_ends)]
    routes += [Route("/flood.flv", flood)]
    async with streaming() as channel, served(Starlette(routes=routes)) as port:
        watching = watched(f"http://127.0.0.1:{port}{path}", channel)
        async with watching as watcher:
            await until(lambda: watcher.watched.error, 20)
            assert said in (watcher.watched.error or "")
            assert watcher.watched.state == "connecting"


async def test_only_this_machine_may_fetch_flv_and_only_so_many(monkeypatch) -> None:
    async with streaming() as channel:
        app = FastAPI()
        fetched = HttpFlv(channel.source, most=1)
        app.include_router(live_flv(fetched, "this machine"))
        off = FastAPI()
        off.include_router(live_flv(fetched, "nobody"))
        async with served(app) as port, served(off) as closed:
            assert b" 404 " in await asked(closed)
            assert b" 403 " in await asked(port, "X-Forwarded-For: 203.0.113.7")
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET /live.flv HTTP/1.1\r\nHost: here\r\n\r\n")
            assert b" 200 " in await reader.readline()
            await reader.readuntil(b"FLV\1\5")
            assert b" 503 " in await asked(port)
            writer.transport.abort()
            await until(lambda: fetched.fetching == 0, 20)
            assert [each.name for each in channel.fanout.readers] == []


async def asked(port: int, more: str = "X: y") -> bytes:
    """The first line of the answer to who asks for the stream."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /live.flv HTTP/1.1\r\nHost: here\r\n{more}\r\n\r\n".encode())
    line = await reader.readline()
    writer.transport.abort()
    return line


async def test_whoever_fetches_flv_and_takes_nothing_is_let_go(monkeypatch) -> None:
    monkeypatch.setattr("host_engine.control.live_flv.STALL", 0.3)
    taken = asyncio.Event()

    class Flood:
        full = False

        async def stream(self) -> AsyncIterator[bytes]:
            try:
                while True:
                    yield bytes(1 << 20)
            finally:
                taken.set()

    app = FastAPI()
    app.include_router(live_flv(Flood(), "anybody"))
    async with served(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /live.flv HTTP/1.1\r\nHost: here\r\n\r\n")
        await asyncio.wait_for(taken.wait(), 20)
        writer.transport.abort()
        assert reader is not None
