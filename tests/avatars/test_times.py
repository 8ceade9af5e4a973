"""Time codes, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.avatars.times import code, seconds, stretch


@pytest.mark.parametrize(
    ("text", "found"),
    [("0:12.48", 12.48), ("1:02:03", 3723), ("90", 90), ("90s", 90), ("2m", 120), (" 12:00 ", 720), ("0", 0)],
)
def test_people_write_times_in_many_ways(text: str, found: float) -> None:
    assert seconds(text) == pytest.approx(found)


@given(st.integers(0, 10_000_000))
def test_a_code_is_read_as_it_is_written(hundredths: int) -> None:
    assert seconds(code(hundredths / 100)) == pytest.approx(hundredths / 100)


@pytest.mark.parametrize("text", ["soon", "1:2:3:4", "-3", ""])
def test_what_is_no_time_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        seconds(text)


def test_stretches() -> None:
    assert stretch("0:03-0:08.5") == (3, 8.5)
    with pytest.raises(ValueError, match="ends before it begins"):
        stretch("5-4")
    with pytest.raises(ValueError, match="not a stretch"):
        stretch("5")
