"""Each key frame says who made it, and every container that begins with one says the same in its header."""

import json

import av
import pytest
from aiortc.codecs.h264 import H264Encoder, h264_depayload
from marked import CONTENT, SECONDS, streamed, units, written

from host_engine.media import Format
from host_engine.outputs import amf, flv, h264, marks
from host_engine.provenance.label import COMPOSITE, TRAINED, aigc

FIELDS = aigc("Tee & Söhne", CONTENT)


def said(unit):
    return marks.said(h264.units(bytes(unit.video)))


def test_each_key_frame_is_marked_and_no_other_picture():
    found = {unit.n: said(unit) for unit in units()}
    assert [n for n, words in found.items() if words] == [25 * second for second in range(SECONDS)]
    assert found[50] == {
        "AIGC": FIELDS,
        "digitalSourceType": TRAINED,
        "generator": found[50]["generator"],
        "channel": "demo",
        "frame": 50,
        "time": "2026-11-22T12:00:00Z",
    }
    assert found[50]["generator"].startswith("host-engine ")
    assert said(units(recorded=True)[0])["digitalSourceType"] == COMPOSITE


def test_a_marked_packet_keeps_its_place_and_size():
    plain, marked = units(marked=False), units()
    for one, other in zip(plain, marked, strict=True):
        assert (one.n, one.key, one.video.pts, one.video.dts) == (other.n, other.key, other.video.pts, other.video.dts)
        assert one.video.time_base == other.video.time_base
        assert one.video.is_keyframe == other.video.is_keyframe
        assert 0 <= other.video.size - one.video.size < 600


def test_rtmp_says_it_in_its_metadata():
    tags = flv.Tags(Format(320, 320)).push(units()[0])
    name, told = amf.decode(tags[0].body)
    assert name == "onMetaData"
    assert json.loads(told["AIGC"]) == FIELDS
    assert told["DigitalSourceType"] == TRAINED
    assert told["encoder"] == "host-engine"


def test_rtmp_of_an_unmarked_stream_claims_nothing():
    (_, told) = amf.decode(flv.Tags(Format(320, 320)).push(units(marked=False)[0])[0].body)
    assert "AIGC" not in told


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.flv"])
@pytest.mark.parametrize("live", [True, False])
def test_files_say_it_in_their_header(tmp_path, name, live):
    path = streamed(tmp_path / name) if name.endswith("flv") else written(tmp_path / name, live=live)
    with av.open(path) as file:
        told = {key.upper(): value for key, value in file.metadata.items()}
        assert len(list(file.decode(video=0))) == SECONDS * 25
    assert json.loads(told["AIGC"]) == FIELDS


def test_webrtc_carries_it():
    """As aiortc cuts a picture into RTP, whoever puts it together again finds the mark."""
    picture = bytes(units()[0].video)
    payloads = H264Encoder._packetize(H264Encoder._split_bitstream(picture))
    assert marks.said(h264.units(b"".join(map(h264_depayload, payloads))))["AIGC"] == FIELDS


@pytest.mark.parametrize("words", [b"", b"no JSON", b"[1]", b"\xff\xfe", b"[" * 30_000])
def test_words_of_others_are_nothing(words):
    assert marks.said([marks.sei.message(marks.WHOSE, words)[4:]]) == {}


def boxes(data, *path):
    """The content of the box that is found by these names, one inside the other."""
    for name in path:
        at = 0
        while data[at + 4 : at + 8] != name:
            at += int.from_bytes(data[at : at + 4], "big")
        data = data[at + 8 : at + int.from_bytes(data[at : at + 4], "big")]
        data = data[4:] if name == b"meta" else data
    return data


@pytest.mark.parametrize("live", [True, False])
def test_the_fields_stand_where_the_standard_has_them_in_an_mp4(tmp_path, live):
    """TC260-PG-20257A: the key in moov.udta.meta.keys, the JSON in moov.udta.meta.ilst."""
    data = written(tmp_path / "a.mp4", live=live).read_bytes()
    assert b"mdtaAIGC" in boxes(data, b"moov", b"udta", b"meta", b"keys")
    assert json.dumps(FIELDS, ensure_ascii=False, separators=(",", ":")).encode() in boxes(
        data, b"moov", b"udta", b"meta", b"ilst"
    )
