"""AMF0: what is written is read back, and no bytes can do worse than AmfError."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.outputs import amf

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)
leaves = st.none() | st.booleans() | st.floats(allow_nan=False) | texts
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(texts, inner, max_size=5)
        | st.dictionaries(texts, inner, max_size=5).map(amf.Array)
    ),
    max_leaves=8,
)


@given(st.lists(values, max_size=5))
def test_round_trip(items: list[Any]) -> None:
    assert amf.decode(amf.encode(*items)) == items


@given(st.binary(max_size=300) | st.lists(values, max_size=3).map(lambda items: amf.encode(*items)[:-1]))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        amf.decode(data)
    except amf.AmfError:
        return


@pytest.mark.parametrize(
    "data",
    [b"\x0a\xff\xff\xff\xff", b"\x0c\xff\xff\xff\xffabc", b"\x03\x00\x01a" * 50_000, b"\x0a\0\0\0\1" * 50_000],
    ids=["endless array", "endless text", "deep object", "deep array"],
)
def test_hostile_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(amf.AmfError):
        amf.decode(data)


def test_the_notation_is_that_of_the_specification() -> None:
    assert amf.encode("connect", 1, {"app": "live"}).hex() == (
        "020007636f6e6e656374003ff00000000000000300036170700200046c697665000009"
    )
    assert amf.encode(amf.Array(stereo=True)).hex() == "0800000001000673746572656f0101000009"
    assert amf.encode(None).hex() == "05"
    assert amf.decode(bytes.fromhex("0b" + "4202a05f20000000" + "0000")) == [10e9]
    assert amf.decode(amf.encode("x" * 70_000)) == ["x" * 70_000]
    with pytest.raises(TypeError, match="object"):
        amf.encode({"a": 3, "b": object()})
