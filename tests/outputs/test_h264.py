"""H.264 byte streams taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.outputs import h264


def no_start_code(unit: bytes) -> bool:
    return b"\0\0\1" not in unit and not unit.endswith(b"\0") and b"\0\0\0" not in unit


nals = st.lists(st.binary(min_size=1, max_size=40).filter(no_start_code), max_size=6)


@given(nals, st.lists(st.booleans(), min_size=6, max_size=6))
def test_units_are_found_behind_start_codes_of_either_length(units: list[bytes], long: list[bool]) -> None:
    stream = b"".join((b"\0" if four else b"") + b"\0\0\1" + unit for unit, four in zip(units, long, strict=False))
    assert h264.units(stream) == units


@given(st.binary(max_size=200))
def test_any_bytes_can_be_split(data: bytes) -> None:
    parameters, body = h264.split(data)
    at = 0
    while at < len(body):
        size = int.from_bytes(body[at : at + 4], "big")
        assert body[at + 4] & 31 not in (h264.SPS, h264.PPS, h264.DELIMITER)
        at += 4 + size
    assert at == len(body)
    assert all(unit[0] & 31 in (h264.SPS, h264.PPS) for unit in parameters)


def test_the_configuration_record() -> None:
    sps, pps = bytes.fromhex("6742c01fda"), bytes.fromhex("68ce3c80")
    assert h264.configuration((sps, pps)).hex() == "0142c01fffe10005" + sps.hex() + "010004" + pps.hex()
    with pytest.raises(ValueError, match="no SPS and PPS"):
        h264.configuration((sps,))
