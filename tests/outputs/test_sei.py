"""User data in front of a picture's slices is found again, whatever its bytes, and harms no decoder."""

import re

import av
from flashes import SMALL, encoded
from hypothesis import given
from hypothesis import strategies as st

from host_engine.outputs import h264, sei

WHOSE = bytes(range(100, 116))


@given(st.one_of(st.binary(max_size=600), st.binary(max_size=600).map(lambda data: data.replace(b"\1", b"\0"))))
def test_words_are_found_as_they_were(words):
    unit = sei.message(WHOSE, words)
    assert unit.startswith(sei.START)
    assert not re.search(rb"\0\0[\0-\2]", unit[4:])  # nothing in it looks like the start of another unit
    (bare,) = h264.units(unit)
    assert list(sei.words([bare], WHOSE)) == [words]
    assert list(sei.words([bare], bytes(16))) == []


@given(st.lists(st.binary(max_size=80), max_size=4))
def test_any_bytes_are_read_without_harm(units):
    for words in sei.words([bytes([6]) + each for each in units] + units, WHOSE):
        assert isinstance(words, bytes)


def test_it_stands_between_the_parameters_and_the_first_slice():
    picture = bytes(encoded(range(1))[0].video)
    marked = sei.with_message(picture, sei.message(WHOSE, b"hello"))
    kinds = [unit[0] & 31 for unit in h264.units(marked)]
    before = [unit[0] & 31 for unit in h264.units(picture)]
    at = next(index for index, kind in enumerate(before) if kind in sei.SLICES)
    assert kinds == [*before[:at], sei.KIND, *before[at:]]
    assert [unit for unit in h264.units(marked) if unit[0] & 31 != sei.KIND] == [
        unit for unit in h264.units(picture) if unit[0] & 31 != sei.KIND
    ]


def test_what_is_no_picture_stays_as_it_is():
    for data in (b"", b"\0\0\1", b"\0\0\0\1\x67abc", b"no start code"):
        assert sei.with_message(data, sei.message(WHOSE, b"x")) == data


def test_a_decoder_sees_the_same_pictures():
    units = encoded(range(30))
    message = sei.message(WHOSE, b"\0" * 300)

    def pictures(mark: bool):
        decoder = av.CodecContext.create("h264", "r")
        for unit in units:
            data = bytes(unit.video)
            yield from decoder.decode(av.Packet(sei.with_message(data, message) if mark and unit.key else data))
        yield from decoder.decode(None)

    plain, marked = ([frame.to_ndarray() for frame in pictures(mark)] for mark in (False, True))
    assert len(plain) == len(marked) == 30
    assert all((one == other).all() for one, other in zip(plain, marked, strict=True))
    assert plain[0].shape == (SMALL.height * 3 // 2, SMALL.width)
