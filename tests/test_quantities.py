"""Durations and sizes as people write them."""

import pytest

from host_engine.document.quantities import in_words, seconds, size


@pytest.mark.parametrize(
    ("written", "meant"),
    [("90", 90), ("90s", 90), ("15m", 900), ("1.5h", 5400), ("1h30m", 5400), ("1H 30M".replace(" ", ""), 5400)],
)
def test_durations(written, meant):
    assert seconds(written) == meant


@pytest.mark.parametrize("wrong", ["", "m", "15 minutes", "-5m", "30m1h", "1h30"])
def test_what_is_no_duration_is_said(wrong):
    with pytest.raises(ValueError, match=r"is not a duration; write it like 90s, 15m or 1h30m"):
        seconds(wrong)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("500000", 500_000), ("200GB", 200 * 10**9), ("1.5 TB", 1_500 * 10**9), ("1GiB", 2**30), ("10mb", 10**7)],
)
def test_sizes(written, meant):
    assert size(written) == meant


@pytest.mark.parametrize("wrong", ["", "GB", "200 gigs", "-1GB", "1.5"])
def test_what_is_no_size_is_said(wrong):
    with pytest.raises(ValueError, match=r"is not a size; write it like 500MB, 200GB or 1.5TB"):
        size(wrong)


def test_sizes_in_words():
    assert [in_words(size) for size in (0, 999, 12_345, 2.5e9, 3e12)] == [
        "0 bytes",
        "999 bytes",
        "12.3 kB",
        "2.5 GB",
        "3.0 TB",
    ]
