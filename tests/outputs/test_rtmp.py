"""The RTMP output against servers that are well, rude, hostile, slow or gone."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import av
import pytest
from flashes import SMALL, encoded
from scripted_rtmp import Peer, scripted
from until import until

from host_engine.media import Unit
from host_engine.outputs import amf, chunks
from host_engine.outputs import rtmp as rtmp_output
from host_engine.outputs.chunks import Message, cut
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.rtmp import Patience, Refused, RtmpOutput

KEY = "live_s3cr3t?auth=t0ken"
HURRIED = Patience(connect=1.5, stall=0.5, goodbye=0.2)


@pytest.fixture(scope="module")
def units() -> list[Unit]:
    return encoded(range(50))


def output(port: int, fanout: Fanout, force_key: Callable[[], None] = lambda: None, key: str = KEY) -> RtmpOutput:
    url = f"rtmp://127.0.0.1:{port}/live"
    return RtmpOutput("platform", url, key, fanout, force_key, format=SMALL, patience=HURRIED)


@asynccontextmanager
async def playing(fanout: Fanout, units: list[Unit]) -> AsyncIterator[None]:
    """The units go out, ten times as fast as on air, over and over but with rising numbers."""

    async def play() -> None:
        for turn in range(1000):
            for unit in units:
                fanout.send(unit._replace(n=unit.n + turn * 50))
                await asyncio.sleep(0.004)

    task = asyncio.ensure_future(play())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_session_from_hello_to_goodbye(units: list[Unit]) -> None:
    seen: dict[str, object] = {}
    enough, over = asyncio.Event(), asyncio.Event()

    async def script(peer: Peer) -> None:
        seen["publish"] = await peer.accept()
        seen["data"] = amf.decode((await peer.message(18)).body)
        seen["video"] = (await peer.message(9)).body
        seen["audio"] = (await peer.message(8)).body
        seen["times"] = [(await peer.chunks.message()).time for _ in range(40)]
        enough.set()
        seen["goodbye"] = [await peer.command("FCUnpublish"), await peer.command("deleteStream")]
        over.set()

    asked: list[bool] = []
    fanout = Fanout()
    async with scripted(script) as port, playing(fanout, units):
        rtmp = output(port, fanout, lambda: asked.append(True))
        running = asyncio.ensure_future(rtmp.run())
        await asyncio.wait_for(enough.wait(), 5)
        assert (rtmp.state, rtmp.error, asked) == ("live", None, [True])
        assert rtmp.bytes_sent > 0
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await asyncio.wait_for(over.wait(), 5)
    assert rtmp.state == "waiting"
    assert seen["publish"] == ["publish", 5, None, KEY, "live"]
    assert seen["data"][:2] == ["@setDataFrame", "onMetaData"]
    assert seen["video"][:6].hex() == "170000000001"
    assert seen["audio"].hex() == "af001190"
    assert seen["times"] == sorted(seen["times"])
    assert seen["goodbye"] == [["FCUnpublish", 0, None, KEY], ["deleteStream", 0, None, 1]]


async def test_pings_are_answered_and_bytes_acknowledged(units: list[Unit]) -> None:
    answers: list[bytes] = []
    done = asyncio.Event()

    async def script(peer: Peer) -> None:
        await peer.accept()
        peer.send(chunks.WINDOW_SIZE, (100).to_bytes(4, "big"))
        peer.send(chunks.USER_CONTROL, bytes([0, 6]) + b"time")
        answers.append((await peer.message(chunks.USER_CONTROL)).body)
        peer.send(chunks.PEER_BANDWIDTH, (5000).to_bytes(4, "big") + b"\2")
        answers.append((await peer.message(chunks.WINDOW_SIZE)).body)
        peer.send(3, bytes(200))
        answers.append((await peer.message(chunks.ACKNOWLEDGEMENT)).body)
        done.set()

    fanout = Fanout()
    async with scripted(script) as port, playing(fanout, units):
        running = asyncio.ensure_future(output(port, fanout).run())
        await asyncio.wait_for(done.wait(), 5)
        with pytest.raises(ConnectionError, match="closed the connection"):
            await running
    assert answers[0] == bytes([0, 7]) + b"time"
    assert answers[1] == (5000).to_bytes(4, "big")
    assert int.from_bytes(answers[2], "big") > 100


@pytest.mark.parametrize(
    ("code", "description", "kind", "words"),
    [
        ("NetStream.Publish.BadName", f"bad key {KEY}", Refused, "refuses the application or the stream key"),
        ("NetStream.Publish.Denied", "", Refused, "NetStream.Publish.Denied"),
        ("NetStream.Publish.BadName", "Already publishing", ConnectionError, "somebody publishes"),
        ("NetStream.Publish.BadName", "stream is in use", ConnectionError, "somebody publishes"),
        ("NetStream.Failed", "disk full", ConnectionError, r"does not take the stream \(NetStream.Failed disk full\)"),
        ("", "x\n" * 5000, ConnectionError, "x x x"),
    ],
)
async def test_a_stream_that_is_not_wanted(code: str, description: str, kind: type[Exception], words: str) -> None:
    async def script(peer: Peer) -> None:
        await peer.shake_hands()
        await peer.command("connect")
        peer.say("_result", 1, {}, {})
        await peer.command("createStream")
        peer.say("_error", 2, None, {"description": "releaseStream is unknown here"})  # as some servers do
        peer.say("_result", 4, None, 7)
        await peer.command("publish")
        peer.say("onStatus", 0, None, {"level": "error", "code": code, "description": description})

    await fails_with(script, kind, words)


@pytest.mark.parametrize(
    ("values", "kind", "words"),
    [
        (["_error", 1, None, {"code": "NetConnection.Connect.Rejected", "description": "no"}], Refused, "Rejected no"),
        (["_error", 1, None, {"code": "NetConnection.Connect.InvalidApp"}], Refused, "InvalidApp"),
        (["_error", 1, {"description": "[ AccessManager.Reject ] : authmod=adobe"}], Refused, "user and password"),
        (["_error", 1], ConnectionError, "no reason given"),
        (["close", 0, None], ConnectionError, "ended the session"),
        (["_result", 1, {}, {}, "no stream"], ConnectionError, "closed the connection instead of an answer"),
    ],
)
async def test_a_connection_that_is_not_wanted(values: list[object], kind: type[Exception], words: str) -> None:
    async def script(peer: Peer) -> None:
        await peer.shake_hands()
        await peer.command("connect")
        peer.say(*values)
        peer.writer.write_eof()

    await fails_with(script, kind, words)


async def fails_with(script: Callable[[Peer], object], kind: type[Exception], words: str) -> None:
    """Run one session: it must end with this error, and the key must be told nowhere."""
    async with scripted(script) as port:  # type: ignore[arg-type]
        rtmp = output(port, Fanout())
        with pytest.raises(kind, match=words) as raised:
            await asyncio.wait_for(rtmp.run(), 5)
    assert rtmp.error == str(raised.value)
    assert rtmp.state == ("refused" if kind is Refused else "waiting")
    for text in (rtmp.error, repr(rtmp), repr(raised.value), str(raised.traceback)):
        assert "s3cr3t" not in text
        assert "t0ken" not in text


async def greet_in_http(peer: Peer) -> None:
    peer.writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")


async def say_nothing(peer: Peer) -> None:
    await asyncio.sleep(30)


async def one_byte_at_a_time(peer: Peer) -> None:
    for _ in range(1000):
        peer.writer.write(b"\3")
        await asyncio.sleep(0.02)


async def garbage(peer: Peer) -> None:
    await peer.shake_hands()
    peer.writer.write(bytes(range(255, 0, -1)) * 400)
    await asyncio.sleep(30)


async def giant(peer: Peer) -> None:
    await peer.shake_hands()
    peer.writer.write(bytes([3]) + bytes(3) + b"\xff\xff\xff" + bytes([20]) + bytes(4))
    await asyncio.sleep(30)


async def flood(peer: Peer) -> None:
    await peer.shake_hands()
    peer.writer.write(cut(Message(3, 0, 0, b"1234"), 3, 128) * 50_000)
    await asyncio.sleep(30)


async def flood_when_live(peer: Peer) -> None:
    await peer.accept()
    peer.writer.write(cut(Message(chunks.USER_CONTROL, 0, 0, bytes([0, 6]) + b"time"), 3, 128) * 50_000)
    await asyncio.sleep(30)


async def command_that_is_none(peer: Peer) -> None:
    await peer.shake_hands()
    peer.send(chunks.COMMAND, b"\x0a\xff\xff\xff\xff")
    await asyncio.sleep(30)


async def stream_that_is_none(peer: Peer) -> None:
    await peer.shake_hands()
    peer.say("_result", 1)
    peer.say("_result", 4, None, float("nan"))
    await asyncio.sleep(30)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (greet_in_http, "does not speak RTMP"),
        (say_nothing, "did not answer in time"),
        (one_byte_at_a_time, "did not answer in time"),
        (garbage, "."),
        (giant, "announces a message of 16777215 bytes"),
        (flood, "more than any server has to say"),
        (flood_when_live, "more than any server has to say"),
        (command_that_is_none, "cannot be read"),
        (stream_that_is_none, "names no stream"),
    ],
)
async def test_hostile_servers(script: Callable[[Peer], object], words: str) -> None:
    await fails_with(script, ConnectionError, words)


async def test_a_server_that_ends_the_stream(units: list[Unit]) -> None:
    async def script(peer: Peer) -> None:
        await peer.accept()
        peer.say("onStatus", 0, None, {"level": "status", "code": "NetStream.Unpublish.Success"})
        await asyncio.sleep(30)

    await fails_with(script, ConnectionError, "ended the stream")


async def test_a_server_that_stops_reading_is_left_and_the_loop_runs_on(units: list[Unit]) -> None:
    async def script(peer: Peer) -> None:
        peer.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        await peer.accept()
        peer.writer.transport.pause_reading()
        await asyncio.sleep(30)

    fanout = Fanout()
    fat = [unit._replace(video=inflated(unit)) for unit in units]
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    async with scripted(script) as port, playing(fanout, fat):
        rtmp = output(port, fanout)
        ticking = asyncio.ensure_future(tick())
        with pytest.raises(ConnectionError, match="took nothing for"):
            await asyncio.wait_for(rtmp.run(), 20)
        ticking.cancel()
    assert ticks > 10
    assert fanout.readers == ()


def inflated(unit: Unit, by: int = 100_000) -> av.Packet[Any]:
    """The unit's picture made so many bytes larger."""
    packet: av.Packet[Any] = av.Packet(bytes(unit.video) + b"\0\0\1\x0c" + b"\xff" * by)
    packet.pts, packet.is_keyframe = unit.n, unit.key
    return packet


async def test_only_what_a_slow_server_has_taken_has_left_and_it_is_not_given_up(units: list[Unit]) -> None:
    """A picture takes it longer than `stall`, but it takes something all the time."""
    fat = [unit._replace(video=inflated(unit, 1_500_000)) for unit in units]
    fanout = Fanout()

    async def script(peer: Peer) -> None:
        await peer.accept()
        while True:
            await peer.reader.readexactly(100_000)
            await asyncio.sleep(0.1)

    async with scripted(script) as port, playing(fanout, fat):
        rtmp = output(port, fanout)
        rtmp._patience = Patience(stall=1.0)
        running = asyncio.ensure_future(rtmp.run())
        await until(lambda: any(0 < each.departed.units < each.sent for each in fanout.readers))
        assert rtmp.unsent > 100_000
        departed = fanout.readers[0].departed
        before = departed.units
        await until(lambda: departed.units > before + 1 or running.done())
        assert not running.done()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    assert rtmp.unsent == 0


async def test_a_server_that_only_crawls_is_given_up(units: list[Unit]) -> None:
    huge = [unit._replace(video=inflated(unit, 8_000_000)) for unit in units[:3]]
    fanout = Fanout()

    async def script(peer: Peer) -> None:
        await peer.accept()
        while True:
            await peer.reader.readexactly(20_000)
            await asyncio.sleep(0.1)

    async with scripted(script) as port, playing(fanout, huge):
        rtmp = output(port, fanout)
        rtmp._patience = Patience(connect=1.5, stall=0.5, crawl=1.2, goodbye=0.2)
        with pytest.raises(ConnectionError, match=r"is too slow: one picture took more than 1.2 s"):
            await asyncio.wait_for(rtmp.run(), 20)


async def test_a_second_session_after_a_lost_one(units: list[Unit]) -> None:
    times: list[int] = []

    async def script(peer: Peer) -> None:
        await peer.accept()
        times.append((await peer.message(9)).time)
        for _ in range(20):
            await peer.chunks.message()

    fanout = Fanout()
    async with scripted(script) as port, playing(fanout, units):
        rtmp = output(port, fanout)
        for _ in range(2):
            with pytest.raises(ConnectionError, match="closed the connection"):
                await asyncio.wait_for(rtmp.run(), 5)
    assert times == [0, 0]


async def test_nobody_listens() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(ConnectionError, match=f"nobody listens at 127.0.0.1:{port}"):
            await output(port, Fanout()).run()


async def test_a_bad_address_is_refused_and_nothing_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    rtmp = RtmpOutput("a", "rtmp://u:s3cr3t@h/app", KEY, Fanout(), lambda: None, format=SMALL)
    with pytest.raises(Refused, match="password"):
        await rtmp.run()
    assert (rtmp.state, "s3cr3t" in caplog.text + str(rtmp.error)) == ("refused", False)


async def test_whether_somebody_answers_is_asked_without_a_word() -> None:
    came = asyncio.Event()

    async def script(peer: Peer) -> None:
        assert await peer.reader.read() == b""  # nothing was said
        came.set()

    async with scripted(script) as port:
        assert await output(port, Fanout()).reachable()
        await asyncio.wait_for(came.wait(), 5)
    assert not await output(port, Fanout()).reachable()
    assert not await RtmpOutput("a", "rtmp://u:p@h/app", KEY, Fanout(), lambda: None, format=SMALL).reachable()


async def test_a_place_that_is_held_is_taken_by_the_next_session_or_given_back(
    units: list[Unit], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rtmp_output, "HELD", 0.05)
    times: list[int] = []

    async def script(peer: Peer) -> None:
        await peer.accept()
        times.append((await peer.message(9)).time)
        await peer.reader.read()

    fanout = Fanout()
    async with scripted(script) as port, playing(fanout, units):
        rtmp = output(port, fanout)
        await rtmp.hold()
        (reader,) = fanout.readers
        assert reader.depth
        await until(lambda: not fanout.readers)  # nobody came
        monkeypatch.setattr(rtmp_output, "HELD", 60.0)
        await rtmp.hold()
        await rtmp.hold()  # twice is once
        (reader,) = fanout.readers
        running = asyncio.ensure_future(rtmp.run())
        await until(lambda: reader.sent)
        assert fanout.readers == (reader,)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert not fanout.readers
