"""Publishing over WHIP, to a media server that is not ours, and to servers that say no in every way there is."""

from __future__ import annotations

import asyncio
import contextlib
import re
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.codecs.h264 import H264PayloadDescriptor
from aiortc.rtp import RtpPacket
from janus_whip import INSTALL, Front, janus_behind_whip, listening
from self_signed import certificate
from served import served
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from streamed import FORMAT, Streamed, streaming
from until import until

from host_engine import frame_code
from host_engine.media import Format
from host_engine.outputs import h264, whip_peer
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.picture_watch import decoder, luma
from host_engine.outputs.refusal import Refused, Rejected
from host_engine.outputs.source import Source
from host_engine.outputs.whip import Patience, WhipPublisher

TOKEN = "t0ken-of-the-test"
PATIENT, HURRIED = Patience(answer=20.0, connect=30.0), Patience(answer=0.5)
Answers = Callable[[Request], Awaitable[Response]]


def publisher(url: str, source: Source | None = None, token: str = TOKEN, **named: object) -> WhipPublisher:
    named = {"patience": PATIENT, **named}
    source = source or Source(Fanout(), lambda: None, FORMAT, 500)
    return WhipPublisher("sfu", url, token, source, **named)  # type: ignore[arg-type]


@contextlib.asynccontextmanager
async def publishing(whip: WhipPublisher) -> AsyncIterator[asyncio.Task[None]]:
    """The session, once it is live."""
    running = asyncio.create_task(whip.run())
    try:
        await until(lambda: whip.state == "live" or running.done(), 30)
        if running.done():
            running.result()
        yield running
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


# --- Debian's Janus ---


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Front]:
    if not shutil.which("janus"):
        pytest.fail(INSTALL)
    async with janus_behind_whip(tmp_path / "janus", TOKEN) as front:
        yield front


async def test_a_media_server_gets_pictures_and_sound_and_is_told_the_end(front: Front) -> None:
    async with streaming() as channel, listening() as (port, sound, pictures):
        whip = publisher(front.url, channel.source)
        async with publishing(whip):
            assert (whip.error, whip.sessions) == (None, 1)
            await front.janus.pass_on(front.sessions[0], port)
            await until(lambda: len(sound.packets) > 50 and len(numbers(pictures.packets)) > 2, 30)
            await until(lambda: whip.report()["lost"] == 0, 20)  # as the server itself reports
        assert front.ended == front.sessions
    assert whip.state == "waiting"
    seen = numbers(pictures.packets)
    assert seen == sorted(seen)
    assert {packet.payload_type for packet in map(RtpPacket.parse, sound.packets)} != set()
    assert whip.report()["bytes"] > 5000
    assert channel.fanout.readers == ()


async def test_a_media_server_that_is_gone_is_noticed_and_found_again(front: Front, monkeypatch) -> None:
    monkeypatch.setattr(whip_peer, "QUIET", 0.8)
    monkeypatch.setattr(whip_peer, "QUESTIONS", 2)
    async with streaming() as channel:
        whip = publisher(front.url, channel.source)
        async with publishing(whip) as running:
            front.janus.kill()
            with pytest.raises(ConnectionError, match="is lost: nothing has come back for"):
                await asyncio.wait_for(running, 30)
        await front.janus.start()
        async with publishing(whip):
            assert whip.sessions == 2
        assert whip.report()["reconnects"] == 1


def numbers(packets: list[bytes]) -> list[int]:
    """The frame numbers in the key pictures that came in these packets."""
    found, picture, reading = [], b"", decoder()
    for packet in map(RtpPacket.parse, packets):
        picture += H264PayloadDescriptor.parse(packet.payload)[1]
        if packet.marker:
            if any(unit[0] & 31 == h264.SPS for unit in h264.units(picture)):
                seen = luma(reading, picture)
                number = None if seen is None else frame_code.read(np.asarray(seen))
                found += [] if number is None else [number]
            picture = b""
    return found


# --- aiortc, as a server that does as it is told ---


class Sfu:
    """Takes every offer, at /whip, with aiortc; `asked` are the requests, as method, path and authorization."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.trickled: list[str] = []
        self.headers: dict[str, str] = {"Location": "/session/1", "ETag": '"one"'}
        self.location = "/session/1"
        self.peers: list[RTCPeerConnection] = []
        self.port = 0

    async def offer(self, request: Request) -> Response:
        self.note(request)
        peer = RTCPeerConnection(RTCConfiguration([]))
        self.peers.append(peer)
        await peer.setRemoteDescription(RTCSessionDescription((await request.body()).decode(), "offer"))
        await peer.setLocalDescription(await peer.createAnswer())
        return Response(peer.localDescription.sdp, 201, media_type="application/sdp", headers=self.headers)

    async def session(self, request: Request) -> Response:
        self.note(request)
        if request.method == "PATCH":
            self.trickled.append((await request.body()).decode())
            assert request.headers["If-Match"] == self.headers["ETag"]
            return Response(status_code=204)
        return Response(status_code=200)

    async def elsewhere(self, request: Request) -> Response:
        self.note(request)
        return RedirectResponse(request.query_params["to"], int(request.query_params.get("status", "307")))

    def note(self, request: Request) -> None:
        self.asked.append((request.method, request.url.path, request.headers.get("Authorization", "")))

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[str]:
        """Its address."""
        routes = [
            Route("/whip", self.offer, methods=["POST"]),
            Route("/moved", self.elsewhere, methods=["POST"]),
            Route("/session/1", self.session, methods=["PATCH", "DELETE"]),
        ]
        async with served(Starlette(routes=routes)) as self.port:
            try:
                yield f"http://127.0.0.1:{self.port}"
            finally:
                await asyncio.gather(*(each.close() for each in self.peers))


async def test_a_session_from_offer_to_goodbye_through_redirects() -> None:
    sfu = Sfu()
    async with streaming() as channel, sfu.at_work() as address:
        for status in (307, 308, 302):
            whip = publisher(f"{address}/moved?to=/moved%3Fto=/whip&status={status}", channel.source)
            async with publishing(whip):
                assert whip.state == "live"
    bearer = f"Bearer {TOKEN}"
    one = [("POST", "/moved", bearer), ("POST", "/moved", bearer), ("POST", "/whip", bearer)]
    assert sfu.asked == [*one, ("DELETE", "/session/1", bearer)] * 3


async def test_the_token_goes_to_no_other_server() -> None:
    ours, other = Sfu(), Sfu()
    async with streaming() as channel, ours.at_work() as address, other.at_work() as elsewhere:
        whip = publisher(f"{address}/moved?to={elsewhere}/whip", channel.source)
        async with publishing(whip):
            pass
    assert [authorization for _, _, authorization in ours.asked] == [f"Bearer {TOKEN}"]
    assert other.asked == [("POST", "/whip", ""), ("DELETE", "/session/1", "")]


async def test_other_addresses_are_found_by_the_servers_named_and_trickled(monkeypatch) -> None:
    monkeypatch.setattr(whip_peer, "GATHER", 0.2)
    sfu = Sfu()
    sfu.headers["Link"] = '<stun:127.0.0.1:9>; rel="ice-server", <turn:nowhere.invalid>; rel="ice-server"; username="u"'
    async with (
        streaming() as channel,
        sfu.at_work() as address,
        publishing(publisher(f"{address}/whip", channel.source)),
    ):
        pass
    assert [each[:2] for each in sfu.asked] == [("POST", "/whip"), ("PATCH", "/session/1"), ("DELETE", "/session/1")]
    assert "a=ice-ufrag:" in sfu.trickled[0]
    assert "a=candidate:" in sfu.trickled[0]


async def test_a_turn_server_that_never_answers_is_not_asked_on_when_the_target_goes(monkeypatch) -> None:
    monkeypatch.setattr(whip_peer, "GATHER", 0.3)

    def asking() -> bool:
        return any("relayed_candidate" in repr(task.get_coro()) for task in asyncio.all_tasks())

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        turn = f"<turn:127.0.0.1:{deaf.getsockname()[1]}>"
        sfu = Sfu()
        sfu.headers["Link"] = f'{turn}; rel="ice-server"; username="u"; credential="c"'
        async with streaming() as channel, sfu.at_work() as address:
            running = asyncio.create_task(publisher(f"{address}/whip", channel.source).run())
            await until(asking, 20)
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            await until(lambda: not asking(), 20)  # by itself it asks for more than half a minute


async def test_a_server_that_ends_the_connection_ends_the_session() -> None:
    sfu = Sfu()
    async with streaming() as channel, sfu.at_work() as address:
        whip = publisher(f"{address}/whip", channel.source)
        async with publishing(whip) as running:
            await until(lambda: sfu.peers[0].connectionState == "connected", 20)
            await sfu.peers[0].close()
            with pytest.raises(ConnectionError, match="is lost: it ended the connection"):
                await asyncio.wait_for(running, 20)
        assert whip.state == "waiting"
        assert "it ended the connection" in (whip.error or "")


async def test_a_server_that_agrees_and_cannot_be_reached_is_told_of_and_let_go() -> None:
    class Far(Sfu):
        async def offer(self, request: Request) -> Response:
            answer = bytes((await super().offer(request)).body).decode()
            await self.peers[0].close()
            return Response(re.sub(r"a=candidate:.*\r\n", "", answer), 201, headers=self.headers)

    sfu = Far()
    async with streaming() as channel, sfu.at_work() as address:
        whip = publisher(f"{address}/whip", channel.source, patience=Patience(answer=20, connect=0.3))
        with pytest.raises(ConnectionError, match=r"agreed, but no way to it was found within 0\.3 s"):
            await whip.run()
        assert (whip.sessions, channel.fanout.readers) == (0, ())
    assert [method for method, *_ in sfu.asked] == ["POST", "DELETE"]


async def test_a_lost_picture_is_a_wish_for_a_key_frame() -> None:
    sfu = Sfu()
    async with (
        streaming() as channel,
        sfu.at_work() as address,
        publishing(publisher(f"{address}/whip", channel.source)),
    ):
        asked = channel.asked
        receiver = next(each.receiver for each in sfu.peers[0].getTransceivers() if each.kind == "video")
        await until(lambda: receiver._RTCRtpReceiver__remote_streams, 20)
        await receiver._send_rtcp_pli(next(iter(receiver._RTCRtpReceiver__remote_streams)))
        await until(lambda: channel.asked > asked, 20)


# --- what is refused ---


def says(status: int, text: str = "", kind: str = "text/plain", **headers: str) -> Answers:
    async def answer(request: Request) -> Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Response(text, status, headers=named, media_type=kind)

    return answer


async def never(request: Request) -> Response:
    await asyncio.sleep(3600)
    raise AssertionError


async def loops(request: Request) -> Response:
    return RedirectResponse(str(request.url.include_query_params(again="yes")), 307)


@pytest.mark.parametrize(
    ("answers", "error", "sentence"),
    [
        (says(401, "go away"), Rejected, "wants another bearer token (401, 'go away')"),
        (says(401, f"what is {TOKEN}?"), Rejected, "(401, 'what is (hidden)?')"),
        (says(403), Rejected, "does not let us in there"),
        (says(404, "<p>nothing</p>", "text/html"), Rejected, "has no WHIP endpoint at this address (404)"),
        (says(405), Rejected, "it may be no WHIP endpoint"),
        (says(406), Rejected, "takes none of what the channel is sent in, H.264 (Constrained Baseline) and Opus (406)"),
        (says(410), Rejected, "any more (410)"),
        (says(415), Rejected, "takes no SDP"),
        (says(422, '{"detail": "no room"}', "application/problem+json"), Rejected, "the offer (422, 'no room')"),
        (says(200, "<html>", "text/html"), ConnectionError, "its answer is not SDP"),
        (says(204), Rejected, "does not take the offer (204)"),
        (says(409), ConnectionError, "somebody publishes there already"),
        (says(429), ConnectionError, "is asked too often"),
        (says(500, "[1, 2", "application/json"), ConnectionError, "is in trouble (500)"),
        (says(502), ConnectionError, "cannot reach its media server"),
        (says(503, "full", Retry_After="20"), ConnectionError, "has no room for us now (503, 'full')"),
        (says(201, "v=0\r\nm=video\r\n", "application/sdp"), ConnectionError, "its answer is not well-formed SDP"),
        (says(201, "v=0\r\n", "application/sdp"), ConnectionError, "is none to what was offered, audio and video"),
        (says(201, "x" * 30_000, "application/sdp"), ConnectionError, "is longer than 24576 characters"),
        (says(201, "x", "application/sdp", Content_Encoding="gzip"), ConnectionError, "a compressed answer"),
        (says(307, Location="ftp://other.example/x"), ConnectionError, "sends us to an address that is none"),
        (says(307), ConnectionError, "redirects more than 5 times"),
        (loops, ConnectionError, "redirects more than 5 times"),
        (never, ConnectionError, "did not answer within 0.5 s"),
    ],
)
async def test_what_a_server_says_no_with_is_a_sentence(
    answers: Answers, error: type[Exception], sentence: str
) -> None:
    async with served(Starlette(routes=[Route("/whip", answers, methods=["POST"])])) as port:
        whip = publisher(f"http://127.0.0.1:{port}/whip", patience=HURRIED if answers is never else PATIENT)
        with pytest.raises(error) as raised:
            await whip.run()
    assert sentence in str(raised.value)
    assert str(raised.value).startswith(("127.0.0.1:", "the answer of 127.0.0.1:"))
    assert TOKEN not in str(raised.value)
    assert (whip.state, whip.error, whip.last_error) == ("waiting", str(raised.value), str(raised.value))


async def test_a_token_that_is_missing_and_one_that_another_server_wants() -> None:
    async with served(Starlette(routes=[Route("/whip", says(401), methods=["POST"])])) as port:
        with pytest.raises(Rejected, match=r"wants a bearer token \(401\), and there is none"):
            await publisher(f"http://127.0.0.1:{port}/whip", token="").run()
        moved = says(307, Location=f"http://127.0.0.1:{port}/whip")
        async with served(Starlette(routes=[Route("/whip", moved, methods=["POST"])])) as first:
            with pytest.raises(Rejected, match="it is sent to no other server than that of the address"):
                await publisher(f"http://127.0.0.1:{first}/whip").run()


async def test_a_server_without_room_is_asked_again_when_it_wants_to_be() -> None:
    async with served(Starlette(routes=[Route("/whip", says(503, Retry_After="3600"), methods=["POST"])])) as port:
        whip = publisher(f"http://127.0.0.1:{port}/whip")
        with pytest.raises(ConnectionError):
            await whip.run()
        again = asyncio.create_task(whip.run())
        await asyncio.sleep(0)
        assert whip.state == "connecting"
        assert whip._not_before - asyncio.get_running_loop().time() == pytest.approx(30, abs=5)
        again.cancel()


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n", "does not answer as an HTTP server does"),
        (b"HTTP/1.1 201 Created\r\nContent-Length: 99999999999999999999\r\n\r\n", "does not answer as"),
        (b"HTTP/1.1 201 " + b"x" * 100_000, "does not answer as an HTTP server does"),
        (b"", "does not answer as an HTTP server does"),
    ],
)
async def test_what_is_no_http_is_told(raw: bytes, sentence: str) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(raw)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ConnectionError) as raised:
            await publisher(f"http://127.0.0.1:{port}/whip").run()
    assert f"127.0.0.1:{port}" in str(raised.value)
    if raw != b"":
        assert sentence in str(raised.value) or "closed the connection" in str(raised.value)


async def test_nobody_there_and_what_is_no_address() -> None:
    with pytest.raises(ConnectionError, match=r"nobody listens at 127.0.0.1:9$"):
        await publisher("http://127.0.0.1:9/whip").run()
    assert not await publisher("http://127.0.0.1:9/whip").reachable()
    whip = publisher("ftp://sfu.example.com/whip")
    with pytest.raises(Refused, match="is like https://HOST/PATH"):
        await whip.run()
    assert whip.state == "refused"


async def test_whoever_answers_is_reachable_unless_in_trouble() -> None:
    for status, there in ((204, True), (405, True), (503, False)):
        async with served(Starlette(routes=[Route("/whip", says(status), methods=["OPTIONS"])])) as port:
            assert await publisher(f"http://127.0.0.1:{port}/whip").reachable() is there


async def test_a_server_is_trusted_by_its_certificate_or_where_nobody_looks(tmp_path: Path) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
        writer.close()

    trusted, context = certificate(tmp_path, "localhost")
    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context) as server:
        url = f"https://localhost:{server.sockets[0].getsockname()[1]}/whip"
        for named in ({"ca": trusted}, {"insecure": True}):
            with pytest.raises(Rejected, match="has no WHIP endpoint"):
                await publisher(url, **named).run()
        with pytest.raises(ConnectionError, match=r"the certificate of localhost:[0-9]+ is not trusted"):
            await publisher(url).run()
        with pytest.raises(Rejected, match=r"the file ours.pem, cannot be read"):
            await publisher(url, ca=tmp_path / "ours.pem").run()
        with pytest.raises(ConnectionError, match=r"does not answer as an HTTP|closed the connection"):
            await publisher(url.replace("https", "http")).run()


async def test_a_cancelled_offer_leaves_nothing_behind() -> None:
    async with streaming() as channel:
        before = asyncio.all_tasks()
        async with served(Starlette(routes=[Route("/whip", never, methods=["POST"])])) as port:
            whip = publisher(f"http://127.0.0.1:{port}/whip", replace(channel.source, format=Format(240, 432)))
            running = asyncio.create_task(whip.run())
            await until(lambda: whip.state == "connecting")
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        await until(lambda: asyncio.all_tasks() <= before)
        assert channel.fanout.readers == ()
    assert isinstance(channel, Streamed)
