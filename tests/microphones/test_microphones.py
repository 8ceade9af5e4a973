"""Microphones over real WebRTC on this machine, with aiortc as the browser."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from fractions import Fraction

import av
import numpy as np
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamTrack
from hypothesis import given
from hypothesis import strategies as st
from until import until

from host_engine.microphones.microphones import Microphones
from host_engine.microphones.sound import Resampler
from host_engine.microphones.talk import RATE, Samples, Talk
from host_engine.outputs.offer import Refused, read_microphone

SENT = 48_000
VIEWER = "v" * 32


class Tone(MediaStreamTrack):
    """440 Hz in stereo, 20 ms at a time, `faster` times as fast as sound."""

    kind = "audio"

    def __init__(self, faster: float = 1.0) -> None:
        super().__init__()
        self.n, self.faster, self.muted = 0, faster, False

    async def recv(self) -> av.AudioFrame:
        await asyncio.sleep(0.02 / self.faster)
        at = self.n * 960 + np.arange(960)
        tone = np.zeros(960) if self.muted else 0.4 * np.sin(2 * np.pi * 440 * at / SENT)
        frame = av.AudioFrame.from_ndarray(np.repeat((tone * 32767).astype(np.int16), 2)[None], "s16", "stereo")
        frame.sample_rate, frame.pts, frame.time_base = SENT, self.n * 960, Fraction(1, SENT)
        self.n += 1
        return frame


class Listening:
    """Remembers one talk."""

    def __init__(self, talk: Talk) -> None:
        self.talk, self.pieces, self.ended = talk, [], 0

    def __call__(self, samples: Samples) -> None:
        self.pieces.append(samples)

    def end(self) -> None:
        self.ended += 1

    @property
    def seconds(self) -> float:
        return sum(map(len, self.pieces)) / RATE


class House:
    def __init__(self, **settings: float) -> None:
        self.talks: list[Listening] = []
        self.microphones = Microphones(self._listen, **settings)

    def _listen(self, talk: Talk) -> Listening:
        self.talks.append(Listening(talk))
        return self.talks[-1]

    @contextlib.asynccontextmanager
    async def speaker(self, faster: float = 1.0) -> AsyncIterator["Speaker"]:
        speaker = Speaker(faster)
        try:
            yield await speaker.open(self.microphones)
        finally:
            await speaker.connection.close()


class Speaker:
    def __init__(self, faster: float = 1.0) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration([]))
        self.tone, self.id = Tone(faster), ""

    async def offer(self) -> str:
        self.connection.addTransceiver(self.tone, direction="sendonly")
        await self.connection.setLocalDescription(await self.connection.createOffer())
        return self.connection.localDescription.sdp

    async def open(self, microphones: Microphones, viewer: str = VIEWER, address: str = "") -> "Speaker":
        self.id, answer = await microphones.offer(await self.offer(), viewer, "Ana", "en", address)
        await self.connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        return self


@pytest.fixture
async def house() -> AsyncIterator[House]:
    house = House()
    yield house
    await house.microphones.close()


async def test_what_is_said_arrives_at_16_khz_until_the_button_is_let_go(house: House) -> None:
    async with house.speaker() as speaker:
        await until(lambda: house.talks[0].seconds > 0.8, 20)
        house.microphones.speaking(speaker.id, False)
        await until(lambda: house.talks[0].ended)
        assert house.talks[0].talk == Talk(VIEWER, "Ana", "en")
        heard = np.concatenate(house.talks[0].pieces)[4000:12000]
        spectrum = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
        assert np.argmax(spectrum) * RATE / len(heard) == pytest.approx(440, abs=5)
        assert np.abs(heard).max() == pytest.approx(0.4, abs=0.08)
        house.microphones.speaking(speaker.id, True)  # the same connection serves the next question
        await until(lambda: len(house.talks) == 2 and house.talks[1].seconds > 0.1)
        await house.microphones.leave(speaker.id)
        await until(lambda: house.microphones.status()["open"] == 0)
        assert [each.ended for each in house.talks] == [1, 1]
        with pytest.raises(KeyError):
            house.microphones.speaking(speaker.id, True)
    await until(lambda: house.microphones.status().get("left"))


async def test_a_microphone_that_never_stops_is_cut() -> None:
    house = House(longest=0.4)
    async with house.speaker():
        await until(lambda: house.talks[0].ended, 20)
        assert 0 < house.talks[0].seconds < 10
        assert house.microphones.status()["speaking"] == 0
        assert house.microphones.status()["open"] == 1
    await house.microphones.close()
    assert house.talks[0].ended == 1


async def test_who_does_not_come_or_says_nothing_gives_the_place_back() -> None:
    house = House(connect=0.2)
    absent = Speaker()
    await house.microphones.offer(await absent.offer(), VIEWER)
    await until(lambda: house.microphones.status().get("never connected"))
    await absent.connection.close()
    await house.microphones.close()
    assert house.talks[0].ended == 1
    house = House(idle=0.3)
    async with house.speaker() as speaker:
        await until(lambda: house.talks[-1].seconds > 0, 20)
        house.microphones.speaking(speaker.id, False)
        await until(lambda: house.microphones.status().get("idle"))
    assert [each.ended for each in house.talks] == [1]
    await house.microphones.close()


async def test_who_closes_the_page_has_stopped_speaking(house: House) -> None:
    async with house.speaker():
        await until(lambda: house.talks[0].seconds > 0, 20)
    await until(lambda: house.microphones.status()["open"] == 0)
    assert house.talks[0].ended == 1


async def test_sound_faster_than_sound_is_no_microphone(house: House, monkeypatch) -> None:
    monkeypatch.setattr("host_engine.microphones.microphone.HEADSTART", 0.2)
    async with house.speaker(faster=20):
        await until(lambda: house.microphones.status().get("too much sound"), 20)
    assert house.talks[0].ended == 1


async def test_a_full_room_says_so_and_who_is_silent_makes_room() -> None:
    house = House(most=1)
    async with house.speaker() as first:
        await until(lambda: house.talks[0].seconds > 0, 20)
        second = Speaker()
        offer = await second.offer()
        with pytest.raises(Refused, match="1 viewers are speaking already") as refused:
            await house.microphones.offer(offer, "w" * 32)
        assert refused.value.status == 503
        house.microphones.speaking(first.id, False)
        await until(lambda: house.talks[0].ended)
        await house.microphones.offer(offer, "w" * 32)
        await until(lambda: house.microphones.status().get("made room"))
        await second.connection.close()
    await house.microphones.close()
    with pytest.raises(Refused, match="off air"):
        await house.microphones.offer(offer, VIEWER)
    assert house.microphones.status()["open"] == 0


async def test_a_viewer_has_one_microphone_and_an_address_half_of_them() -> None:
    house = House(most=2)
    speakers = [Speaker() for _ in range(4)]
    await speakers[0].open(house.microphones, VIEWER, "192.0.2.7")
    await speakers[1].open(house.microphones, VIEWER, "192.0.2.7")
    await until(lambda: house.microphones.status().get("replaced"))
    with pytest.raises(Refused, match="1 viewers are speaking already"):
        await speakers[2].open(house.microphones, "w" * 32, "192.0.2.7")
    await speakers[3].open(house.microphones, "w" * 32, "192.0.2.8")
    assert house.microphones.status()["open"] == 2
    for each in speakers:
        await each.connection.close()
    await house.microphones.close()


async def test_offers_that_come_too_fast_are_put_off(house: House, monkeypatch) -> None:
    monkeypatch.setattr("host_engine.microphones.microphones.PACE", 0.0)
    monkeypatch.setattr("host_engine.microphones.microphones.BURST", 0.0)
    with pytest.raises(Refused, match="Too many want to speak at once"):
        await house.microphones.offer("v=0", VIEWER)


async def test_the_end_closes_everything_and_leaves_nothing_behind() -> None:
    before = asyncio.all_tasks()
    house = House()
    async with house.speaker():
        await until(lambda: house.talks[0].seconds > 0, 20)
        await house.microphones.close()
        assert house.talks[0].ended == 1
        assert house.microphones.status()["open"] == 0
    await until(lambda: asyncio.all_tasks() <= before)


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda sdp: "", "empty"),
        (lambda sdp: "hello", "must begin with 'v=0'"),
        (lambda sdp: "v=0\r\nm=audio\r\n", "not well-formed"),
        (lambda sdp: sdp.replace("m=audio", "m=video"), "one m=audio section"),
        (lambda sdp: sdp + "m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n", "one m=audio section"),
        (lambda sdp: sdp.replace("a=sendonly", "a=recvonly"), "to speak it must be 'sendonly'"),
        (lambda sdp: sdp.replace("opus", "speex"), "does not list opus"),
        (lambda sdp: sdp.replace("a=ice-pwd", "a=ice-password"), "no valid a=ice-ufrag"),
        (lambda sdp: sdp + "a=x:" + "y" * 30_000, "longer than 24576"),
    ],
)
async def test_nonsense_gets_a_sentence_and_no_place(house: House, spoil, sentence: str) -> None:
    speaker = Speaker()
    offer = await speaker.offer()
    await speaker.connection.close()
    with pytest.raises(Refused) as refused:
        await house.microphones.offer(spoil(offer), VIEWER)
    assert sentence in str(refused.value)
    assert 400 <= refused.value.status < 500
    assert house.microphones.status()["open"] == 0
    assert house.talks == []


@given(st.text(max_size=300) | st.text("v=0m\r\naudio :", max_size=200).map(lambda text: "v=0\r\n" + text))
def test_no_text_raises_anything_but_refused(text: str) -> None:
    with contextlib.suppress(Refused):
        assert read_microphone(text).kinds == ("audio",)


def test_any_rate_and_number_of_channels_becomes_16_khz_mono() -> None:
    for rate, layout, format in ((48_000, "mono", "s16"), (24_000, "stereo", "s16p"), (44_100, "stereo", "fltp")):
        channels = 1 if layout == "mono" else 2
        planes = channels if format.endswith("p") else 1
        size = rate // 50 * channels // planes
        one = np.full((planes, size), 0.25 if format == "fltp" else 8192, np.float32 if format == "fltp" else np.int16)
        resampler, made = Resampler(), []
        for _ in range(100):
            frame = av.AudioFrame.from_ndarray(one, format, layout)
            frame.sample_rate = rate
            made.append(resampler([frame]))
        sound = np.concatenate(made)
        assert len(sound) == pytest.approx(2 * RATE, abs=1500)
        assert sound[8000:-2000].mean() == pytest.approx(0.25, abs=0.01)
