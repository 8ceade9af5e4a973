"""RTMP's chunks: what is cut is put together again, and a hostile peer finds every bound closed."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.outputs import chunks
from host_engine.outputs.chunks import ChunkReader, Message, ProtocolError, cut

messages = st.builds(
    Message,
    st.sampled_from([8, 9, 18, 20]),
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**35) | st.sampled_from([0xFFFFFE, 0xFFFFFF, 0x1000000, 0xFFFFFFFF, 0x100000000]),
    st.binary(max_size=700),
)


def read(data: bytes) -> list[Message]:
    """Every message of a peer that sends these bytes and goes away."""

    async def all_messages() -> list[Message]:
        stream = asyncio.StreamReader()
        stream.feed_data(data)
        stream.feed_eof()
        reader, got = ChunkReader(stream), []
        try:
            while True:
                got.append(await reader.message())
        except asyncio.IncompleteReadError:
            return got

    return asyncio.run(all_messages())


@given(st.lists(messages, max_size=6), st.integers(128, 1000))
def test_round_trip(sent: list[Message], size: int) -> None:
    data = cut(Message(chunks.SET_CHUNK_SIZE, 0, 0, size.to_bytes(4, "big")), 2, 128)
    data += b"".join(cut(message, 3 + i, size) for i, message in enumerate(sent))
    assert read(data) == [message._replace(time=message.time % 2**32) for message in sent]


def test_a_time_past_24_bits_stands_in_every_chunk() -> None:
    data = cut(Message(9, 1, 2**32 + 0x01020304, bytes(300)), 6, 128)
    assert data[:16].hex() == "06" + "ffffff" + "00012c" + "09" + "01000000" + "01020304"
    assert data[16 + 128 :][:5].hex() == "c6" + "01020304"
    assert len(data) == 16 + 300 + 2 * 5


def test_a_time_wraps_at_32_bits() -> None:
    assert cut(Message(9, 1, 2**32, b""), 6, 128)[1:4] == b"\0\0\0"
    assert cut(Message(9, 1, 2**32 - 1, b""), 6, 128)[1:4] == b"\xff\xff\xff"


def test_interleaved_messages_and_short_headers() -> None:
    first, second = bytes(range(200)), b"x" * 10
    data = bytes([3]) + bytes(3) + (200).to_bytes(3, "big") + bytes([20]) + bytes(4) + first[:128]
    data += bytes([0x00, 10]) + (5).to_bytes(3, "big") + (10).to_bytes(3, "big") + bytes([20]) + bytes(4) + second
    data += bytes([0xC3]) + first[128:]
    data += bytes([0x80, 10]) + (7).to_bytes(3, "big") + second  # the same size and kind, 7 ms later
    data += bytes([0xC0, 10]) + second  # and again
    got = read(data)
    assert [message.body for message in got] == [second, first, second, second]
    assert [message.time for message in got] == [5, 0, 12, 19]


def test_an_aborted_message_is_forgotten() -> None:
    half = cut(Message(20, 0, 0, bytes(200)), 3, 128)[:140]
    abort = cut(Message(chunks.ABORT, 0, 0, (3).to_bytes(4, "big")), 2, 128)
    assert read(half + abort + cut(Message(20, 0, 0, b"yes"), 3, 128)) == [Message(20, 0, 0, b"yes")]


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read(data)
    except ProtocolError:
        return


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (bytes([3]) + bytes(3) + b"\xff\xff\xff" + bytes(5), "16777215 bytes"),
        (bytes([0xC3]), "never began"),
        (b"".join(bytes([n]) + bytes(3) + b"\0\0\5" + bytes(5) + b"x" * 5 for n in range(3, 40)), "never began"),
        (cut(Message(chunks.SET_CHUNK_SIZE, 0, 0, (1).to_bytes(4, "big")), 2, 128), "chunks of 1 bytes"),
        (cut(Message(8, 0, 0, b""), 3, 128) * 5000, "more than any server"),
        (cut(Message(chunks.SET_CHUNK_SIZE, 0, 0, (128).to_bytes(4, "big")), 2, 128) * 5000, "more than any server"),
        (cut(Message(20, 0, 0, bytes(200)), 3, 128)[:140] * 5000, "more than any server"),
    ],
    ids=["giant", "continuation", "many streams", "tiny chunks", "flood", "control flood", "never finished"],
)
def test_hostile_peers(data: bytes, words: str) -> None:
    with pytest.raises(ProtocolError, match=words):
        read(data)
