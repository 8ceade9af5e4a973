"""The RTMP output against a real server, read back by FFmpeg: what arrives, and what happens when the server dies."""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from flashes import SMALL, beeps, encoded, flashes, moved
from rtmp_server import RtmpServer, free_port
from self_signed import certificate
from until import until

from host_engine.media import Format, Frame, Unit
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.rtmp import Patience, RtmpOutput

SHOW = encoded(range(250))


def output(url: str, fanout: Fanout, format: Format = SMALL, **more: Any) -> RtmpOutput:
    return RtmpOutput("server", url, "host", fanout, lambda: None, format=format, **more)


@asynccontextmanager
async def running(rtmp: RtmpOutput) -> AsyncIterator[asyncio.Task[None]]:
    """One session, live when the block begins; at its end it says goodbye."""
    task = asyncio.ensure_future(rtmp.run())
    try:
        await until(lambda: rtmp.state == "live" or task.done())
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError, ConnectionError):
            await task


async def play(fanout: Fanout, units: list[Unit], pause: float = 0.002) -> None:
    for unit in units:
        fanout.send(unit)
        await asyncio.sleep(pause)


async def recording(server: RtmpServer) -> Path:
    """The finished recording of a session that ended."""
    sizes: list[int] = []
    while len(sizes) < 3 or sizes[-1] == 0 or sizes[-1] != sizes[-3]:
        await asyncio.sleep(0.1)
        files = server.recordings()
        sizes.append(files[0].stat().st_size if files else 0)
        assert len(sizes) < 100, "nothing was recorded"
    return server.recordings()[0]


def probed(file: Path) -> dict[str, dict[str, Any]]:
    """What ffprobe says of a file's streams, by their kind."""
    command = ["ffprobe", "-v", "error", "-of", "json", "-count_packets", "-show_streams", str(file)]
    streams = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)["streams"]
    return {stream["codec_type"]: stream for stream in streams}


def encoded_noise(format: Format) -> list[Unit]:
    """A second of pictures that hardly compress."""
    random = np.random.default_rng(2)
    encoder = Encoder(format, bitrate=20_000_000, preset="ultrafast")
    shape = (format.height * 3 // 2, format.width)
    silence = np.zeros((2, format.samples), np.float32)
    frames = [Frame(n, random.integers(0, 255, shape, dtype=np.uint8), silence) for n in range(25)]
    return [unit for frame in frames for unit in encoder.encode(frame)]


async def test_the_server_gets_the_show_in_step(rtmp_server: RtmpServer) -> None:
    fanout = Fanout()
    rtmp = output(rtmp_server.url, fanout)
    async with running(rtmp):
        await play(fanout, SHOW)
        assert (rtmp.state, rtmp.error, rtmp.dropped) == ("live", None, 0)
    file = await recording(rtmp_server)
    streams = probed(file)
    video, audio = streams["video"], streams["audio"]
    assert (video["codec_name"], video["profile"]) == ("h264", "Constrained Baseline")
    assert (video["width"], video["height"], video["r_frame_rate"]) == (320, 320, "25/1")
    assert (audio["codec_name"], audio["profile"], audio["sample_rate"], audio["channels"]) == (
        "aac",
        "LC",
        "48000",
        2,
    )
    assert int(video["nb_read_packets"]) >= 247
    assert flashes(file) == [float(second) for second in range(1, 10)]
    assert beeps(file) == pytest.approx([float(second) for second in range(1, 10)], abs=0.005)


async def test_a_portrait_picture_arrives_in_its_size(rtmp_server: RtmpServer) -> None:
    format = Format(720, 1280, 30)
    fanout = Fanout()
    async with running(output(rtmp_server.url, fanout, format)):
        await play(fanout, encoded(range(40), format))
    video = probed(await recording(rtmp_server))["video"]
    assert (video["width"], video["height"], video["r_frame_rate"]) == (720, 1280, "30/1")


async def test_times_beyond_24_bits_arrive(rtmp_server: RtmpServer) -> None:
    fanout = Fanout()
    late = [moved(unit, 25 * 3600 * 5) for unit in SHOW[100:150]]
    async with running(output(rtmp_server.url, fanout)):
        await play(fanout, SHOW[:100] + late)
    with av.open(str(await recording(rtmp_server))) as container:
        times = [packet.pts for packet in container.demux(video=0) if packet.pts is not None]
    expected = [unit.n * 40 for unit in SHOW[:100] + late]
    assert times == expected[: len(times)]
    assert len(times) >= 145


async def test_a_killed_server_ends_the_session_and_the_next_one_works(rtmp_server: RtmpServer) -> None:
    fanout = Fanout()
    rtmp = output(rtmp_server.url, fanout)
    async with running(rtmp) as session:
        await play(fanout, SHOW[:50])
        rtmp_server.kill()
        with pytest.raises(ConnectionError, match="closed the connection"):
            await asyncio.wait_for(session, 5)
    with pytest.raises(ConnectionError, match="nobody listens"):
        await rtmp.run()
    for old in rtmp_server.recordings():  # the next one may get the same name: nginx counts seconds
        old.unlink()
    rtmp_server.start()
    async with running(rtmp):
        assert (rtmp.state, rtmp.error) == ("live", None)
        await play(fanout, SHOW[50:])  # begins at 50, a key frame
    file = await recording(rtmp_server)
    assert flashes(file) == [float(second) for second in range(1, 8)]
    assert beeps(file) == pytest.approx([float(second) for second in range(1, 8)], abs=0.005)


async def test_a_frozen_server_is_left_and_nothing_else_waits(rtmp_server: RtmpServer) -> None:
    fanout = Fanout()
    noisy = Format(640, 640)
    units = encoded_noise(noisy)
    async with running(output(rtmp_server.url, fanout, noisy, patience=Patience(stall=0.5))) as session:
        await play(fanout, units[:25])
        rtmp_server.freeze()
        with fanout.reader("other", 5) as other:
            for turn in range(200):
                for unit in units:
                    fanout.send(unit._replace(n=unit.n + 25 * (turn + 1)))
                    await asyncio.wait_for(other.get(), 1)
                    await asyncio.sleep(0.001)
                if session.done():
                    break
        with pytest.raises(ConnectionError, match=r"took nothing for 0.5 s"):
            await asyncio.wait_for(session, 5)


async def test_a_name_in_use_and_a_closed_application(rtmp_server: RtmpServer) -> None:
    fanout = Fanout()
    async with running(output(rtmp_server.url, fanout)):
        with pytest.raises(ConnectionError, match="somebody publishes under this stream key already"):
            await output(rtmp_server.url, fanout).run()
    refusals = {"nowhere": "may not know the application or the stream key", "closed": "may not want this stream key"}
    for application, words in refusals.items():
        with pytest.raises(ConnectionError, match=words):
            await output(rtmp_server.url.replace("live", application), fanout).run()


@asynccontextmanager
async def tls_front(server: RtmpServer, context: ssl.SSLContext) -> AsyncIterator[str]:
    """The address of an RTMPS server in front of the plain one."""

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, ssl.SSLError, asyncio.CancelledError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        plain_reader, plain_writer = await asyncio.open_connection("127.0.0.1", server.port)
        await asyncio.gather(pipe(reader, plain_writer), pipe(plain_reader, writer))

    port = free_port()
    front = await asyncio.start_server(serve, "127.0.0.1", port, ssl=context)
    try:
        yield f"rtmps://localhost:{port}/live"
    finally:
        front.close()
        await asyncio.sleep(0.1)


async def test_rtmps_with_a_trusted_certificate(rtmp_server: RtmpServer, tmp_path: Path) -> None:
    trusted, context = certificate(tmp_path, "localhost")
    fanout = Fanout()
    async with tls_front(rtmp_server, context) as url:
        async with running(output(url, fanout, ca=trusted)) as session:
            await play(fanout, SHOW[:100])
            assert not session.done()
        file = await recording(rtmp_server)
    assert flashes(file) == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(("name", "trust", "words"), [("localhost", False, "self"), ("other", True, "mismatch")])
async def test_rtmps_with_a_wrong_certificate(
    rtmp_server: RtmpServer, tmp_path: Path, name: str, trust: bool, words: str
) -> None:
    file, context = certificate(tmp_path, name)
    async with tls_front(rtmp_server, context) as url:
        rtmp = output(url, Fanout(), ca=file if trust else None)
        with pytest.raises(ConnectionError, match="certificate of localhost:.* is not trusted.*" + words):
            await rtmp.run()
        async with running(output(url, Fanout(), insecure=True)) as session:
            assert not session.done()


async def test_rtmps_to_a_server_without_tls(rtmp_server: RtmpServer) -> None:
    with pytest.raises(ConnectionError, match=r"TLS|in time|closed"):
        await output(rtmp_server.url.replace("rtmp:", "rtmps:"), Fanout(), patience=Patience(connect=0.5)).run()
