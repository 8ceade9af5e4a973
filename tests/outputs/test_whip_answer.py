"""What media servers answer to an offer: what is taken, and what is not."""

from __future__ import annotations

import contextlib

import pytest
from aiortc.sdp import SessionDescription
from hypothesis import given, settings
from hypothesis import strategies as st

from host_engine.outputs.whip_answer import read_answer

KINDS = ("audio", "video")
MEDIA = """m={kind} 9 UDP/TLS/RTP/SAVPF {number}
c=IN IP4 192.0.2.1
a=recvonly
a=mid:{mid}
a=rtcp-mux
a=ice-ufrag:EsAw
a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1
a=fingerprint:sha-256 19:E2:1C:3B:4B:9F:81:E6:B8:5C:F4:A5:A8:D8:73:04:BB:05:2F:70:9F:04:A9:0E:05:E9:26:33:E8:70:88:A2
a=setup:passive
a=rtpmap:{number} {codec}
a=candidate:1 1 udp 2015363327 192.0.2.1 40000 typ host
a=candidate:2 1 tcp 1015021823 192.0.2.1 40001 typ host tcptype passive
a=end-of-candidates
"""
HEAD = """v=0
o=- 1 1 IN IP4 192.0.2.1
s=-
t=0 0
a=group:BUNDLE 0 1
a=ice-lite
"""
SOUND = MEDIA.format(kind="audio", number=111, mid=0, codec="opus/48000/2")
PICTURES = MEDIA.format(kind="video", number=96, mid=1, codec="H264/90000")
ANSWER = HEAD + SOUND + PICTURES


@pytest.mark.parametrize(
    "text",
    [
        ANSWER,
        ANSWER.replace("\n", "\r\n"),
        ANSWER.replace("a=recvonly\n", "a=sendrecv\n"),
        ANSWER.replace("a=recvonly\n", ""),
        ANSWER.replace("a=recvonly\n", "").replace("a=ice-lite\n", "a=ice-lite\na=recvonly\n"),
    ],
)
def test_an_answer_is_taken_and_only_takes(text: str) -> None:
    media = SessionDescription.parse(read_answer(text, KINDS)).media
    assert [each.direction for each in media] == ["recvonly", "recvonly"]
    assert [[each.ip for each in one.ice_candidates] for one in media] == [["192.0.2.1"], ["192.0.2.1"]]
    assert not any(each.ice_candidates_complete for each in media)
    assert all(each.ice.iceLite for each in media)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not SDP"),
        ("<html>", "is not SDP"),
        (ANSWER + "a=x\n" * 700, "has more than 600 lines"),
        (HEAD + "m=video x\n", "is not well-formed SDP"),
        (HEAD + SOUND, "is none to what was offered, audio and video"),
        (HEAD + PICTURES + SOUND, "is none to what was offered, audio and video"),
        (ANSWER + PICTURES, "is none to what was offered, audio and video"),
        (ANSWER.replace("m=video 9", "m=video 0"), "takes no pictures"),
        (ANSWER.replace("a=recvonly", "a=inactive"), "takes no sound"),
        (ANSWER.replace("a=recvonly", "a=sendonly"), "takes no sound"),
        (ANSWER.replace("H264", "VP8"), "wants its pictures in another codec than H264"),
        (ANSWER.replace("opus/48000/2", "PCMU/8000"), "wants its sound in another codec than opus"),
        (ANSWER.replace("a=ice-pwd:P2uYro0UCOQ4zxjKXaWCBui1\n", ""), "has no valid a=ice-ufrag and a=ice-pwd"),
        (ANSWER.replace("sha-256", "md5"), "a=fingerprint in SHA-256"),
        (ANSWER.replace("a=setup:passive\n", ""), "has no a=setup"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_answer(text, KINDS)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_no_mutation_raises_anything_but_value_errors(data: st.DataObject) -> None:
    lines = ANSWER.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        line, junk = lines[at], data.draw(st.text(max_size=12))
        cut = data.draw(st.integers(0, len(line)))
        lines[at] = data.draw(st.sampled_from(["", junk, line[:cut] + junk, line[:cut], line + "\n" + line]))
    with contextlib.suppress(ValueError):
        assert read_answer("\n".join(lines), KINDS)
