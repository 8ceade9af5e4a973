"""Viewers over WebRTC, with aiortc as the browser: real ICE, DTLS and RTP on this machine."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator
from fractions import Fraction

import aioice.ice
import av
import numpy as np
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from hypothesis import given, settings
from hypothesis import strategies as st

from host_engine.media import Format, Frame, Unit
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.fanout import Fanout
from host_engine.outputs.feed import Feed
from host_engine.outputs.offer import MAX_CANDIDATES, Refused, read_fragment, read_offer
from host_engine.outputs.whep import Whep

FORMAT = Format(180, 320)


class Channel:
    """Synthetic pictures and a tone, made by the real encoder at the real rate."""

    def __init__(self) -> None:
        self.encoder = Encoder(FORMAT, preset="ultrafast")
        self.fanout = Fanout(self.encoder.force_key)
        self.asked = 0
        self.whep = Whep(self.fanout, FORMAT, self.force_key)

    def force_key(self) -> None:
        self.asked += 1
        self.encoder.force_key()

    async def run(self) -> None:
        n, loop = 0, asyncio.get_running_loop()
        start = loop.time()
        while True:
            for unit in self.encoder.encode(frame(n)):
                self.fanout.send(unit)
            n += 1
            await asyncio.sleep(max(0.0, start + n / FORMAT.fps - loop.time()))


def frame(n: int) -> Frame:
    picture = np.full((FORMAT.height * 3 // 2, FORMAT.width), 128, np.uint8)
    picture[: FORMAT.height] = np.linspace(30, 220, FORMAT.width).astype(np.uint8)
    picture[n * 4 % 300 : n * 4 % 300 + 20] = 235
    at = n * FORMAT.samples + np.arange(FORMAT.samples)
    tone = (0.3 * np.sin(2 * np.pi * 440 * at / 48_000)).astype(np.float32)
    return Frame(n, picture, np.stack([tone, tone]))


class Browser:
    """A viewer. Everything it opens is closed at the end of the block."""

    def __init__(self, whep: Whep, kinds: tuple[str, ...] = ("video", "audio")) -> None:
        self.whep, self.kinds = whep, kinds
        self.pc = RTCPeerConnection(RTCConfiguration([]))
        self.id = ""

    async def __aenter__(self) -> "Browser":
        for kind in self.kinds:
            self.pc.addTransceiver(kind, direction="recvonly")
        await self.pc.setLocalDescription(await self.pc.createOffer())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.pc.close()

    @property
    def offer(self) -> str:
        return self.pc.localDescription.sdp

    async def watch(self, sdp: str | None = None) -> str:
        self.id, answer = await self.whep.offer(sdp or self.offer)
        await self.pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        return answer

    async def frames(self, kind: str, count: int) -> list[av.VideoFrame | av.AudioFrame]:
        track = next(each.receiver.track for each in self.pc.getTransceivers() if each.kind == kind)
        return [await asyncio.wait_for(track.recv(), 10) for _ in range(count)]


@pytest.fixture
async def channel() -> AsyncIterator[Channel]:
    channel = Channel()
    running = asyncio.create_task(channel.run())
    yield channel
    await channel.whep.close()
    running.cancel()


async def until(condition, seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_viewer_sees_moving_pictures_and_hears_the_tone(channel: Channel) -> None:
    async with Browser(channel.whep) as browser:
        answer = await browser.watch()
        assert "H264/90000" in answer
        assert "VP8" not in answer
        assert "profile-level-id=42e01f" in answer
        assert answer.count("a=sendonly") == 2
        pictures, sound = await asyncio.gather(browser.frames("video", 12), browser.frames("audio", 25))
    planes = [each.to_ndarray() for each in pictures]
    assert {each.shape for each in planes} == {(480, 180)}
    assert any(np.abs(one.astype(int) - two).mean() > 1 for one, two in itertools.pairwise(planes))
    heard = np.concatenate([each.to_ndarray().reshape(-1, 2)[:, 0] for each in sound[5:]])
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert np.argmax(spectrum) * 48_000 / len(heard) == pytest.approx(440, abs=5)


async def test_time_stamps_follow_the_frame_number(channel: Channel) -> None:
    async with Browser(channel.whep, ("video",)) as browser:
        await browser.watch()
        stamps = [each.pts for each in await browser.frames("video", 8)]
    steps = np.diff(stamps)
    assert (steps > 0).all()
    assert (steps % (90_000 // FORMAT.fps) == 0).all()


async def test_an_offer_with_sound_first_and_without_candidates_connects(channel: Channel) -> None:
    async with Browser(channel.whep, ("audio", "video")) as browser:
        bare = "".join(line for line in browser.offer.splitlines(True) if "candidate" not in line)
        await browser.watch(bare)
        assert await browser.frames("video", 1)
        assert channel.whep.viewers == 1


async def test_trickled_candidates_are_taken_and_other_sessions_refused(channel: Channel) -> None:
    async with Browser(channel.whep) as browser:
        lines = browser.offer.splitlines()
        bare = "\r\n".join(line for line in lines if "candidate" not in line) + "\r\n"
        await browser.watch(bare)
        wanted = ("a=ice-ufrag", "a=ice-pwd", "a=mid", "a=candidate")
        await channel.whep.trickle(browser.id, "\r\n".join(line for line in lines if line.startswith(wanted)))
        with pytest.raises(Refused, match="ICE restarts") as refused:
            await channel.whep.trickle(browser.id, "a=ice-ufrag:other\r\na=ice-pwd:" + "x" * 24)
        assert refused.value.status == 422
        assert await browser.frames("video", 1)
    with pytest.raises(KeyError):
        await channel.whep.trickle("nobody", "a=mid:0")


async def test_new_viewers_and_lost_pictures_ask_for_a_key_frame(channel: Channel) -> None:
    async with Browser(channel.whep, ("video",)) as browser:
        await browser.watch()
        await browser.frames("video", 1)
        assert channel.asked == 1
        receiver = browser.pc.getTransceivers()[0].receiver
        await receiver._send_rtcp_pli(next(iter(receiver._RTCRtpReceiver__remote_streams)))
        await until(lambda: channel.asked == 2)


async def test_leaving_gives_everything_back(channel: Channel) -> None:
    before = asyncio.all_tasks()
    async with Browser(channel.whep) as browser:
        await browser.watch()
        await browser.frames("video", 1)
        assert len(channel.fanout.readers) == 1
        await channel.whep.leave(browser.id)
        assert (channel.whep.peers, channel.fanout.readers) == (0, ())
        with pytest.raises(KeyError):
            await channel.whep.leave(browser.id)
    await until(lambda: asyncio.all_tasks() <= before)


async def test_a_viewer_who_closes_the_page_is_gone(channel: Channel) -> None:
    async with Browser(channel.whep) as browser:
        await browser.watch()
        await browser.frames("video", 1)
    await until(lambda: (channel.whep.peers, channel.fanout.readers) == (0, ()))


async def test_a_viewer_who_vanishes_is_dropped_when_consent_runs_out(channel: Channel, monkeypatch) -> None:
    monkeypatch.setattr(aioice.ice, "CONSENT_INTERVAL", 0.05)
    monkeypatch.setattr(aioice.ice, "CONSENT_FAILURES", 2)
    async with Browser(channel.whep) as browser:
        await browser.watch()
        await browser.frames("video", 1)
        for protocol in browser.pc.getTransceivers()[0].receiver.transport.transport._connection._protocols:
            protocol.transport.abort()
        await until(lambda: (channel.whep.peers, channel.fanout.readers) == (0, ()))


async def test_a_viewer_who_leaves_in_mid_handshake_leaks_nothing() -> None:
    fanout = Fanout()
    whep = Whep(fanout, FORMAT, lambda: None, deadline=2.0)
    before = asyncio.all_tasks()
    async with Browser(whep) as browser:
        for _ in range(3):
            await whep.offer(browser.offer)
        assert (whep.peers, whep.viewers) == (3, 0)
        await until(lambda: whep.peers == 0)
    assert fanout.readers == ()
    await until(lambda: asyncio.all_tasks() <= before)


async def test_a_full_room_says_so_until_somebody_leaves() -> None:
    whep = Whep(Fanout(), FORMAT, lambda: None, most=1)
    async with Browser(whep) as browser:
        name, _ = await whep.offer(browser.offer)
        with pytest.raises(Refused, match="All 1 places are taken") as refused:
            await whep.offer(browser.offer)
        assert refused.value.status == 503
        await whep.leave(name)
        await whep.offer(browser.offer)
        await whep.close()
        with pytest.raises(Refused, match="off air"):
            await whep.offer(browser.offer)
    assert whep.peers == 0


async def test_who_only_holds_a_place_gives_it_to_the_next(good_offer: str, monkeypatch) -> None:
    monkeypatch.setattr("host_engine.outputs.whep.HURRY", 0.0)
    whep = Whep(Fanout(), FORMAT, lambda: None, most=1)
    await whep.offer(good_offer)
    await whep.offer(good_offer)
    await until(lambda: whep.peers == 1)
    await whep.close()


async def test_offers_that_come_too_fast_are_put_off(good_offer: str, monkeypatch) -> None:
    monkeypatch.setattr("host_engine.outputs.whep.PACE", 0.0)
    monkeypatch.setattr("host_engine.outputs.whep.BURST", 2.0)
    whep = Whep(Fanout(), FORMAT, lambda: None)
    await whep.offer(good_offer)
    await whep.offer(good_offer)
    with pytest.raises(Refused, match="Too many viewers come at once") as refused:
        await whep.offer(good_offer)
    assert refused.value.status == 503
    await whep.close()


async def test_closing_the_channel_says_goodbye_to_everybody(channel: Channel) -> None:
    async with Browser(channel.whep) as one, Browser(channel.whep) as two:
        await asyncio.gather(one.watch(), two.watch())
        await asyncio.gather(one.frames("video", 1), two.frames("video", 1))
        assert channel.whep.viewers == 2
        await channel.whep.close()
        assert (channel.whep.peers, channel.fanout.readers) == (0, ())
        await until(lambda: one.pc.connectionState == two.pc.connectionState == "closed")


async def test_a_machine_without_a_network_offers_its_loopback(channel: Channel, monkeypatch) -> None:
    monkeypatch.setattr(aioice.ice, "get_host_addresses", lambda use_ipv4, use_ipv6: [])
    async with Browser(channel.whep, ("video",)) as browser:
        _, answer = await channel.whep.offer(browser.offer)
        assert " 127.0.0.1 " in next(line for line in answer.splitlines() if line.startswith("a=candidate"))


async def test_a_slow_viewer_loses_pictures_up_to_a_key_frame_and_hurts_nobody() -> None:
    fanout = Fanout()
    slow, quick = Feed(fanout, "slow", 4), Feed(fanout, "quick", 4)
    readers = [asyncio.create_task(feed.picture()) for feed in (slow, quick)]
    await asyncio.sleep(0)
    seen = []
    for n in range(12):
        fanout.send(unit(n, key=n % 5 == 0))
        seen.append((await (readers[1] if n == 0 else quick.picture())).pts)
    assert seen == list(range(12))
    got = [(await readers[0]).pts]
    while len(got) < 5:
        got.append((await slow.picture()).pts)
    fanout.send(unit(14, key=False))
    fanout.send(unit(15, key=True))
    assert [*got, (await slow.picture()).pts] == [0, 1, 2, 3, 4, 15]
    slow.close()
    quick.close()
    assert fanout.readers == ()


async def test_sound_nobody_takes_does_not_pile_up() -> None:
    fanout = Fanout()
    feed = Feed(fanout, "viewer", 2)
    first = asyncio.create_task(feed.picture())
    await asyncio.sleep(0)
    for n in range(20):
        fanout.send(unit(n, key=True))
        await (first if n == 0 else feed.picture())
    assert [(await feed.sound()).pts for _ in range(4)] == [36, 37, 38, 39]
    feed.close()


def unit(n: int, key: bool) -> Unit:
    def packet(pts: int) -> av.Packet:
        made = av.Packet(b"\0\0\0\1e")
        made.pts, made.time_base = pts, Fraction(1, 25)
        return made

    return Unit(n, packet(n), (), (packet(2 * n), packet(2 * n + 1)), key)


# --- what is refused, and how ---


@pytest.fixture
async def good_offer() -> AsyncIterator[str]:
    async with Browser(Whep(Fanout(), FORMAT, lambda: None)) as browser:
        yield browser.offer


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda sdp: "", "empty"),
        (lambda sdp: "Hello!", "must begin with 'v=0'"),
        (lambda sdp: "v=0\r\nm=video\r\n", "not well-formed"),
        (lambda sdp: "v=0\r\n" + "m=audio 9 RTP/AVP 0\r\n" * 1000, "more than 600 lines"),
        (lambda sdp: "v=0\r\n" + "m=video 9 RTP/AVP 0\r\n" * 500, "more than one section of a kind"),
        (lambda sdp: sdp + "a=x:" + "y" * 30_000, "longer than 24576"),
        (lambda sdp: sdp + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n", "more than one section of a kind"),
        (lambda sdp: sdp + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n", "asks for 'application'"),
        (lambda sdp: sdp[: sdp.index("m=")], "asks for no video"),
        (lambda sdp: sdp.replace("m=video", "m=text"), "asks for no video"),
        (lambda sdp: sdp.replace("H264", "H265"), "does not list H264"),
        (lambda sdp: sdp.replace("42e01f", "640c1f").replace("42001f", "640c1f"), "cannot be answered"),
        (lambda sdp: sdp.replace("opus", "speex"), "does not list opus"),
        (lambda sdp: sdp.replace("a=recvonly", "a=sendonly"), "'sendonly'; to watch it must be 'recvonly'"),
        (lambda sdp: sdp.replace("a=group:BUNDLE", "a=group:LS"), "does not bundle"),
        (lambda sdp: sdp.replace("a=ice-pwd", "a=ice-password"), "no valid a=ice-ufrag and a=ice-pwd"),
        (lambda sdp: sdp.replace("a=fingerprint:sha-", "a=fingerprint:md-"), "a=fingerprint"),
        (lambda sdp: sdp.replace("a=setup:actpass\r\n", ""), "a=setup"),
        (lambda sdp: sdp.replace("a=rtcp-mux\r\n", ""), "a=rtcp-mux"),
    ],
)
async def test_a_bad_offer_gets_a_sentence_and_no_place(good_offer: str, spoil, sentence: str) -> None:
    whep = Whep(Fanout(), FORMAT, lambda: None)
    with pytest.raises(Refused) as refused:
        await whep.offer(spoil(good_offer))
    assert sentence in str(refused.value)
    assert 400 <= refused.value.status < 500
    await until(lambda: whep.peers == 0)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_no_mutation_of_an_offer_raises_anything_but_refused(data: st.DataObject) -> None:
    lines = list(TYPICAL.splitlines())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        junk = data.draw(st.text(max_size=12))
        cut = data.draw(st.integers(0, len(line)))
        lines[at] = data.draw(st.sampled_from(["", junk, line[:cut] + junk, line[:cut], line + "\n" + line]))
    with contextlib.suppress(Refused):
        assert read_offer("\r\n".join(lines)).kinds


@given(st.text() | st.text("acndite:=mufrgv \r\n0123456789.", max_size=400))
def test_no_fragment_raises_anything_but_refused(text: str) -> None:
    with contextlib.suppress(Refused):
        assert len(read_fragment(text).candidates) <= MAX_CANDIDATES


@pytest.mark.parametrize(
    "value",
    [
        "1 1 udp 1 4f5d1f9c-1e9a-4c57-9b22-1a2b3c4d5e6f.local 5000 typ host",
        "1 1 tcp 1 192.0.2.7 9 typ host tcptype active",
        "1 1 udp 1 192.0.2.7 0 typ host",
        "1 1 udp 1 192.0.2.7 70000 typ host",
        "1 1 udp 1 224.0.0.251 5353 typ host",
        "1 2 udp 1 192.0.2.7 5000 typ host",
        "nonsense",
    ],
)
def test_candidates_nothing_can_be_sent_to_are_left_out(value: str) -> None:
    assert read_fragment(f"a=mid:0\r\na=candidate:{value}\r\n").candidates == ()


def test_a_fragment_is_read() -> None:
    fragment = read_fragment(
        "a=ice-ufrag:EsAw\r\na=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\r\nm=audio 9 RTP/AVP 0\r\na=mid:0\r\n"
        "a=candidate:1387637174 1 udp 2122260223 192.0.2.1 61764 typ host generation 0\r\n"
        "a=candidate:3471623853 1 udp 2122194687 2001:db8::1 61765 typ host\r\na=end-of-candidates\r\n"
    )
    assert fragment.ufrag == "EsAw"
    assert [(each.ip, each.port) for each in fragment.candidates] == [("192.0.2.1", 61764), ("2001:db8::1", 61765)]
    with pytest.raises(Refused, match="at most 32"):
        read_fragment("a=candidate:1 1 udp 1 192.0.2.1 5 typ host\r\n" * 33)


TYPICAL = """v=0
o=- 4611731400430051336 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1
a=msid-semantic: WMS
m=video 9 UDP/TLS/RTP/SAVPF 96 97 102
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:1 1 udp 2122260223 192.0.2.1 61764 typ host generation 0
a=ice-ufrag:EsAw
a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1
a=ice-options:trickle
a=fingerprint:sha-256 D2:FA:0E:C3:22:59:5E:14:95:69:92:3D:13:B4:84:24:2C:C2:A2:C0:3E:FD:34:8E:5E:EA:6F:AF:52:CE:E6:0F
a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:toffset
a=recvonly
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 nack pli
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=rtpmap:102 H264/90000
a=rtcp-fb:102 nack
a=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f
m=audio 9 UDP/TLS/RTP/SAVPF 111
c=IN IP4 0.0.0.0
a=ice-ufrag:EsAw
a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1
a=fingerprint:sha-256 D2:FA:0E:C3:22:59:5E:14:95:69:92:3D:13:B4:84:24:2C:C2:A2:C0:3E:FD:34:8E:5E:EA:6F:AF:52:CE:E6:0F
a=setup:actpass
a=mid:1
a=recvonly
a=rtcp-mux
a=rtpmap:111 opus/48000/2
a=fmtp:111 minptime=10;useinbandfec=1
"""


async def test_frames_without_a_picture_bring_their_sound() -> None:
    fanout = Fanout()
    feed = Feed(fanout, "viewer", 8)
    first = asyncio.create_task(feed.picture())
    await asyncio.sleep(0)
    for n in range(6):
        made = unit(n, key=n == 0)
        empty = av.Packet(b"")
        empty.pts = n
        fanout.send(made if n % 2 == 0 else made._replace(video=empty))
    assert [(await first).pts, (await feed.picture()).pts, (await feed.picture()).pts] == [0, 2, 4]
    assert [(await feed.sound()).pts for _ in range(10)] == list(range(10))
    feed.close()
