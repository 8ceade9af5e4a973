"""A catalog knows its prices at every instant, and takes pictures for what their first bytes say they are."""

from __future__ import annotations

import struct
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.show.catalog import load_catalog
from host_engine.show.money import Money, parse_money
from host_engine.show.pictures import Header, check_picture

PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR"
VP8X = b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + (99).to_bytes(3, "little") + (49).to_bytes(3, "little")
JPEG = b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + bytes(14) + b"\xff\xc0" + struct.pack(">HBHH", 17, 8, 50, 100)


def test_the_sale_price_holds_from_its_start_until_its_end(shop: Callable[..., Path]) -> None:
    sencha = load_catalog(shop()).product("sencha")
    full, reduced = Money(Decimal("15.00"), "EUR"), Money(Decimal("12.00"), "EUR")
    assert sencha.price_at(datetime(2025, 12, 31, tzinfo=UTC)) == full
    assert sencha.price_at(datetime(2026, 1, 1, tzinfo=UTC)) == reduced
    assert sencha.price_at(datetime(2026, 2, 1, tzinfo=UTC)) == full


def test_paths_start_at_the_folder_and_addresses_are_no_files(shop: Callable[..., Path]) -> None:
    folder = shop(("title: Pot", "title: Pot\n    image_link: https://shop.example/pot.png"))
    catalog = load_catalog(folder)
    assert catalog.file(catalog.product("sencha").image_link) == folder / "sencha.png"
    assert catalog.file(catalog.product("pot").image_link) is None
    assert catalog.logo_path is None


@given(st.decimals(0, 999_999, places=2), st.sampled_from(["EUR", "USD", "CHF", "PLN"]))
def test_every_amount_is_read_back(amount: Decimal, currency: str) -> None:
    assert parse_money(str(Money(amount, currency))) == (amount, currency)


@given(st.text(max_size=12) | st.text("0123456789.,- EURSD", max_size=12))
def test_what_is_no_amount_is_refused_with_a_sentence(text: str) -> None:
    refused = ""
    try:
        assert parse_money(text).amount >= 0
    except ValueError as wrong:
        refused = str(wrong)
    assert not refused or refused.startswith("'")


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "€1,299.50"), ("de", "1.299,50 €"), ("fr", "1 299,50 €"), ("de-CH", "EUR 1’299.50")]
)
def test_prices_are_shown_as_the_language_writes_them(language: str, shown: str) -> None:
    assert Money(Decimal("1299.50"), "EUR").shown(language).replace("€ 1’299.50", "EUR 1’299.50") == shown


@pytest.mark.parametrize(
    ("content", "header"),
    [
        (PNG + struct.pack(">II", 100, 50), Header("png", 100, 50)),
        (b"GIF89a" + struct.pack("<HH", 100, 50), Header("gif", 100, 50)),
        (VP8X, Header("webp", 100, 50)),
        (JPEG, Header("jpeg", 100, 50)),
    ],
)
def test_a_picture_is_known_by_its_first_bytes(tmp_path: Path, content: bytes, header: Header) -> None:
    (tmp_path / "a").write_bytes(content)
    assert check_picture(tmp_path / "a") == header


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is not a picture"),
        (b"<svg/>", "the file is not a picture"),
        (PNG[:14], "the file is not a picture"),
        (JPEG[:9], "the file is not a picture"),
        (PNG + struct.pack(">II", 9000, 50), "the picture is 9000 x 50 pixels; at most 8000 a side are shown"),
        (PNG + struct.pack(">II", 0, 50), "the picture has no pixels"),
        (PNG + struct.pack(">II", 9, 9) + bytes(20_000_001), "the picture has 20 MB; at most 20 MB are shown"),
    ],
)
def test_what_is_no_picture_or_huge_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(ValueError, match=sentence):
        check_picture(tmp_path / "a")


@given(st.binary(max_size=60))
def test_no_bytes_confuse_the_picture_check(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes"
    for start in (b"", PNG, b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBPVP8L", b"GIF89a"):
        path.write_bytes(start + content)
        with suppress(ValueError):
            assert check_picture(path).width > 0
