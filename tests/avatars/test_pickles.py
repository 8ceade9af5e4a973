"""Pickles: plain values are read as they are, and nothing in a pickle is ever run."""

import os
import pickle
import pickletools
import time
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from host_engine.avatars.pickles import LARGEST, PickleError, read_pickle, values

COORDINATES = [(10, 20, 30, 40), (11, 21, 31, 41), (0.0, 0.0, 0.0, 0.0)]


class Evil:
    """Runs a command when it is unpickled."""

    def __init__(self, command):
        self.command = command

    def __reduce__(self):
        return os.system, (self.command,)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_lists_of_numbers_come_back_as_they_were(protocol):
    for value in (COORDINATES, [list(each) for each in COORDINATES], [], (), [(True, None, "text", -(2**70), 1e300)]):
        assert values(pickle.dumps(value, protocol)) == value


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_arrays_of_numpy_come_back_as_they_were(protocol):
    arrays = [
        np.arange(8, dtype=np.int64).reshape(2, 4),
        np.asfortranarray(np.arange(6, dtype=np.float32).reshape(2, 3)),
        np.array([1.5, -2.5], ">f8"),
        np.array([], np.float32),
        np.array([[True, False]]),
    ]
    for array in arrays:
        found = values(pickle.dumps(array, protocol))
        assert np.array_equal(found, array)
        assert found.shape == array.shape
    numbers = [(np.int64(3), np.int32(-4), np.float32(0.5), np.float64(0.25))]
    assert values(pickle.dumps(numbers, protocol)) == [(3, -4, 0.5, 0.25)]


def test_the_older_names_of_numpy_are_known():
    source = pickle.dumps(np.arange(4), 2).replace(b"numpy._core.multiarray", b"numpy.core.multiarray")
    assert values(source).tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_command_in_a_pickle_is_not_run(tmp_path, protocol):
    witness = tmp_path / "run"
    path = tmp_path / "coords.pkl"
    path.write_bytes(pickle.dumps([(1, 2, 3, 4), Evil(f"touch {witness}")], protocol))
    with pytest.raises(PickleError, match=r"coords\.pkl: it names 'posix\.system'.*not run"):
        read_pickle(path)
    assert not witness.exists()


@pytest.mark.parametrize(
    "source",
    [
        b"cbuiltins\neval\n(S'1/0'\ntR.",
        b"cnumpy\nfromfile\n(S'/etc/passwd'\ntR.",
        b"c_codecs\nencode\n(Vdata\nVzip\ntR.",
        b"(S'ls'\nios\nsystem\n.",  # INST
        b"(cos\nsystem\nS'ls'\no.",  # OBJ
        b"\x80\x02cos\nsystem\n)\x81.",  # NEWOBJ
        b"Pwhoever\n.",  # PERSID
        b"\x82\x01.",  # EXT1
        b"\x80\x04\x95\x00\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x8c\x06system\x93\x8c\x02ls\x85R.",
        b"}.",  # a dict
        b"cnumpy\nndarray\n.",
        b"cnumpy\nndarray\n(I100000000\ntR.",
        b"(dp0\n.",
    ],
)
def test_whatever_is_no_list_of_numbers_is_refused_in_a_sentence(source):
    with pytest.raises(PickleError) as refused:
        values(source)
    assert 10 < len(str(refused.value)) < 200


def test_what_asks_for_endless_memory_is_refused_at_once():
    began = time.monotonic()
    nested = b"]q\x00" + b"".join(b"](h%ch%ceq%c" % (k, k, k + 1) for k in range(40)) + b"."
    huge = b"\x80\x04\x8e" + (2**62).to_bytes(8, "little") + b"abc."
    memo = b"]r\xff\xff\xff\x7f."
    number = b"L" + b"9" * 100_000 + b"L\n."
    itself = b"]q\x00h\x00a."
    array = pickle.dumps(np.zeros(3), 2).replace(b"K\x03\x85", b"J\xff\xff\xff\x7f\x85")
    for source in (nested, huge, number, itself, array):
        with pytest.raises(PickleError):
            values(source)
    assert values(memo) == []
    assert time.monotonic() - began < 60


@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_a_truncated_pickle_is_refused(protocol):
    source = pickle.dumps([COORDINATES, np.arange(5)], protocol)
    for length in range(len(source)):
        with pytest.raises(PickleError):
            values(source[:length])


def test_a_file_that_is_missing_or_too_large_is_refused(tmp_path):
    with pytest.raises(PickleError, match="cannot be read"):
        read_pickle(tmp_path / "none.pkl")
    large = tmp_path / "large.pkl"
    with large.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(PickleError, match="64 MB"):
        read_pickle(large)


CODES = b"".join(opcode.code.encode("latin-1") for opcode in pickletools.opcodes)


@settings(max_examples=200, deadline=2000)
@given(st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(list(CODES)), max_size=60).map(bytes)))
@example(b"\x80\x04.")
@example(b"0.")
@example(b"N(b.")
def test_random_bytes_are_read_or_refused(source):
    try:
        found = values(source)
    except PickleError:
        return
    assert isinstance(found, list | tuple | str | bytes | int | float | np.ndarray | None)


@settings(max_examples=150, deadline=2000)
@given(st.data())
def test_damaged_pickles_are_read_or_refused(data):
    source = bytearray(pickle.dumps([COORDINATES, np.arange(6.0), np.int64(4)], data.draw(st.integers(0, 5))))
    for _ in range(data.draw(st.integers(1, 4))):
        source[data.draw(st.integers(0, len(source) - 1))] = data.draw(st.integers(0, 255))
    with suppress(PickleError):
        values(bytes(source))
