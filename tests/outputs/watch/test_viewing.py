"""What a viewer gets, put into figures: delay, sound against picture, stops, what was lost; and what is said of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from aiortc.rtp import RtpPacket
from flashes import SMALL, encoded
from hypothesis import given
from hypothesis import strategies as st

from host_engine.media import Unit
from host_engine.outputs import flv, h264
from host_engine.outputs.flv import Tag, Tags
from host_engine.outputs.watch.address import read_address
from host_engine.outputs.watch.came import Came, Picture, Sound
from host_engine.outputs.watch.judging import Limits, judge
from host_engine.outputs.watch.rtp import Line, RtpReader
from host_engine.outputs.watch.sent import Sent
from host_engine.outputs.watch.tags import FileReader, TagReader, Unwatchable
from host_engine.outputs.watch.viewing import Facts, Viewing
from host_engine.outputs.watch.watcher import Watched

FPS = SMALL.fps


@pytest.fixture(scope="module")
def units() -> list[Unit]:
    return encoded(range(100))


def passed_on(units: list[Unit], late: float = 0.0) -> Iterator[tuple[float, Came]]:
    """What comes out of a server that passes the stream on, `late` seconds of sound against picture, and when."""
    tags, reading = Tags(SMALL), TagReader()
    for unit in units:
        for tag in tags.push(unit):
            for came in reading.read(tag):
                moved = came._replace(stamp=(came.stamp or 0) + late) if isinstance(came, Sound) else came
                yield unit.n / FPS, moved


def viewed(units: list[Unit]) -> Viewing:
    sent = Sent(SMALL, 60)
    for unit in units:
        sent.note(unit, 100 + unit.n / FPS)
    return Viewing(sent, FPS, SMALL.sample_rate, lambda picture: None)


def test_delay_and_skew_are_what_they_are(units: list[Unit]) -> None:
    for late in (0.0, 0.25, -0.125):
        viewing = viewed(units)
        viewing.begin(100)
        for at, came in passed_on(units, late):
            viewing.take(came, 100.5 + at)
        facts = viewing.facts(104.5)
        assert facts.delay == pytest.approx(0.5, abs=0.1)  # some are kept back for their sound
        assert facts.skew == pytest.approx(late, abs=0.002)
        assert (facts.stops, facts.lost, facts.changed) == (0, 0, False)
        assert facts.fps == pytest.approx(25, abs=4)


def test_stops_and_losses_are_counted_and_what_was_never_made_is_none(units: list[Unit]) -> None:
    viewing = viewed(units)
    viewing.begin(100)
    pictures = [(at, came) for at, came in passed_on(units) if isinstance(came, Picture)]
    for number, (at, came) in enumerate(pictures):
        if 30 <= number < 40:
            continue
        viewing.take(came, 100 + at + (2.0 if number >= 60 else 0.0))
    facts = viewing.facts(106)
    assert (facts.stops, facts.lost) == (1, 10)
    assert facts.longest == pytest.approx(2.0, abs=0.2)
    assert facts.stopped_minute == pytest.approx(2.0, abs=0.2)
    assert viewing.facts(200).stopped_minute == 0
    viewing = viewed([unit for unit in units if not 30 <= unit.n < 70])
    viewing.begin(100)
    for number, (at, came) in enumerate(pictures):
        if not 30 <= number < 70:
            viewing.take(came, 100 + at)
    assert (viewing.facts(104).lost, viewing.facts(104).stops) == (0, 0)


def test_what_comes_twice_is_no_new_picture(units: list[Unit]) -> None:
    viewing = viewed(units)
    viewing.begin(100)
    pictures = [came for _, came in passed_on(units) if isinstance(came, Picture)]
    viewing.take(pictures[10], 101)
    for k in range(40):
        viewing.take(pictures[10], 101.1 + k * 0.1)
    assert viewing.facts(105.1).stopped == pytest.approx(4.1)
    assert viewing.facts(105.1).delay == pytest.approx(101 - 100 - 10 / FPS)


def test_what_was_encoded_anew_is_told_by_its_number(units: list[Unit]) -> None:
    sent = Sent(SMALL, 60)
    for unit in units:
        sent.note(unit, 100 + unit.n / FPS)
    viewing = Viewing(sent, FPS, SMALL.sample_rate, lambda picture: 50)
    viewing.begin(100)
    strange = Picture([b"\x65" + bytes([7, 9]) * 40], 1.0)
    for k in range(100):
        viewing.take(strange, 100 + k / FPS)
    facts = viewing.facts(104)
    assert facts.changed
    assert facts.delay == pytest.approx(103 + 2 / FPS - 102, abs=0.1)


def test_what_was_sent_is_forgotten_in_time(units: list[Unit]) -> None:
    sent = Sent(SMALL, 1.0)
    for unit in units:
        sent.note(unit, unit.n / FPS)
    assert sent.picture(h264.units(bytes(units[10].video))) is None
    assert sent.picture(h264.units(bytes(units[90].video))) is not None
    assert sent.numbered(10) is None
    assert len(sent._old) <= FPS + 2
    assert len(sent._sounds) < 150


# --- out of tags, files and RTP ---


def test_a_file_in_pieces_is_the_same_as_whole(units: list[Unit]) -> None:
    tags = Tags(SMALL)
    data = flv.file([tag for unit in units for tag in tags.push(unit)])
    whole = FileReader().read(data)
    for size in (1, 7, 1000):
        reader = FileReader()
        assert [tag for at in range(0, len(data), size) for tag in reader.read(data[at : at + size])] == whole
    reading = TagReader()
    pictures = [came for tag in whole for came in reading.read(tag) if isinstance(came, Picture)]
    assert [unit[0] & 31 for unit in pictures[0].units][:2] == [7, 8]
    assert pictures[0].key
    assert not pictures[1].key


@given(st.binary(max_size=300), st.sampled_from([8, 9, 18]), st.booleans())
def test_no_tag_raises(body: bytes, kind: int, head: bool) -> None:
    start = (b"\x17\0\0\0\0" if kind == 9 else b"\xaf\1") if head else b""
    reading = TagReader()
    list(reading.read(Tag(kind, 0, start + body)))
    list(reading.read(Tag(9, 0, b"\x17\1\0\0\0" + body)))


@given(st.binary(max_size=300))
def test_no_file_raises_anything_but_unwatchable(data: bytes) -> None:
    for start in (b"", flv.HEAD):
        with contextlib.suppress(Unwatchable):
            FileReader().read(start + data)


def test_the_time_line_of_a_stream_goes_on_where_its_stamps_begin_again() -> None:
    line = Line(90_000)
    assert line.seconds(7) is None
    line.reported(1000 << 32, (1 << 32) - 90_000)
    assert line.seconds(0) == pytest.approx(1001)
    assert line.seconds((1 << 32) - 180_000) == pytest.approx(999)


def test_a_picture_of_which_something_is_missing_is_none() -> None:
    def packet(sequence: int, stamp: int, payload: bytes, marker: int) -> RtpPacket:
        made = RtpPacket(payload_type=96, sequence_number=sequence & 0xFFFF, timestamp=stamp, marker=marker)
        made.payload = payload
        return made

    def parts(stamp: int, first: int) -> list[RtpPacket]:
        bodies = (b"\x7c\x85" + b"a" * 50, b"\x7c\x05" + b"b" * 50, b"\x7c\x45" + b"c" * 50)
        return [packet(first + k, stamp, body, k == 2) for k, body in enumerate(bodies)]

    reader = RtpReader({96: "video"})
    whole = [came for each in parts(1000, 65_534) + parts(2000, 65_537) for came in reader.read(each)]
    assert [came.units for came in whole] == [[b"\x65" + b"a" * 50 + b"b" * 50 + b"c" * 50]] * 2  # type: ignore[union-attr]
    assert whole[0].stamp is None
    broken = parts(3000, 4)
    assert [came for each in (broken[0], broken[2]) for came in reader.read(each)] == []
    assert len([came for each in parts(4000, 7) for came in reader.read(each)]) == 1
    assert list(reader.read(packet(99, 1, b"\x7c", 1))) == []
    assert list(RtpReader({}).read(parts(1, 1)[0])) == []


# --- addresses and words ---


@pytest.mark.parametrize(
    ("written", "kind", "url"),
    [
        ("rtmp://live.example.com/app/stream", "rtmp", "rtmp://live.example.com/app/stream"),
        ("https://cdn.example.com/a/b.flv?t=1", "flv", "https://cdn.example.com/a/b.flv?t=1"),
        ("https://sfu.example.com/whep/host", "whep", "https://sfu.example.com/whep/host"),
        ("wheps://sfu.example.com/host", "whep", "https://sfu.example.com/host"),
    ],
)
def test_addresses_say_how_they_are_watched(written: str, kind: str, url: str) -> None:
    assert read_address(written) == (kind, url)
    assert read_address(written).server == url.split("/")[2]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("ftp://example.com/x", "write an address such as"),
        ("https://", "write an address such as"),
        ("http://[::1/x", "write an address such as"),
        ("https://me:secret@example.com/x.flv", "a password does not belong"),
        ("https://example.com/live/playlist.m3u8", "playlists of HLS and DASH are not watched"),
        ("rtmp://example.com/app", "names application and stream"),
    ],
)
def test_what_cannot_be_watched_is_said(written: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as raised:
        read_address(written)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("watched", "what", "said"),
    [
        (Watched("connecting", 80.0, "it answers 404", Facts()), "unwatchable", "for 20 s: it answers 404"),
        (Watched("watching", 0.0, None, Facts(delay=36.0)), "viewer-delay", "are 26 s behind the show"),
        (Watched("watching", 0.0, None, Facts(delay=11.0, skew=0.3)), "viewer-skew", "300 ms after the picture"),
        (Watched("watching", 0.0, None, Facts(skew=-0.3)), "viewer-skew", "300 ms before the picture"),
        (Watched("watching", 0.0, None, Facts(stopped_minute=4.2)), "viewer-stops", "for 4 s of the last minute"),
        (Watched("connecting", 95.0, "it answers 404", Facts()), "", ""),
        (Watched("waiting", 0.0, None, Facts(delay=90.0)), "", ""),
        (Watched("watching", 0.0, None, Facts(delay=12.0, skew=0.05, stopped_minute=1.0)), "", ""),
    ],
)
def test_what_is_wrong_is_told_in_words(watched: Watched, what: str, said: str) -> None:
    told = {name: words for name, words in judge("tube", "cdn:80", 10.0, watched, Limits(), 100.0).items() if words}
    assert set(told) == ({what} if what else set())
    assert said in told.get(what, "")
    off = Limits(nothing=0, delay=0, skew=0, stopped=0)
    assert not any(judge("tube", "cdn:80", 10.0, watched, off, 100.0).values())
