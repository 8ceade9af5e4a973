"""Personal data: found in what viewers write, and never in a log."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from host_engine.audience.firewall.plain import visible, words
from host_engine.audience.numbers import is_card, is_ean, is_iban, is_phone
from host_engine.audience.personal import LOGGED, found, redacted, spelt_out

PERSONAL = [
    ("mail", "write to jo.smith+tea@mail.example.org today"),
    ("mail", "jo (at) mail (dot) org"),
    ("mail", "ana arroba correo punto es"),
    ("phone", "call +44 7700 900123"),
    ("phone", "tel. 030/1234567"),
    ("phone", "我的手机号是13812345678"),
    ("iban", "my iban de89 3704 0044 0532 0130 00 ok"),
    ("iban", "IT60X0542811101000000123456"),
    ("card", "4111 1111 1111 1111"),
    ("id", "RSSMRA85T10A562S"),
    ("id", "078-05-1120"),
    ("address", "I live at 14 Willow Lane, ok?"),
    ("address", "ich wohne in der Lindenstraße 5"),
    ("address", "我住在南京路100号"),
]
HARMLESS = [
    "sizes 36 38 40 42 44",
    "shades 01 02 03 04 05",
    "600-800-1000 watts",
    "120x200x210 cm",
    "01.12.2026 - 24.12.2026",
    "order number 4820199377",
    "EAN 4006381333931",
    "4006381333931",
    "from 2026-12-24 to 2027-01-06",
    "$1,234,567.00",
    "10,000 mAh or 20,000 mAh",
    "100-240 V, 50-60 Hz",
    "I saw it at amazon.com.au",
    "do you deliver to Baker Street",
]


@pytest.mark.parametrize(("what", "text"), PERSONAL)
def test_personal_data_is_found(what, text):
    assert what in {each.what for each in found(visible(text))}


@pytest.mark.parametrize("text", HARMLESS)
def test_prices_sizes_and_dates_are_none(text):
    assert not found(visible(text))


@pytest.mark.parametrize(("what", "text"), PERSONAL)
def test_no_log_has_it(what, text):
    line = redacted(text)
    assert f"[{what}]" in line
    secret = max((text[each.start : each.end] for each in found(text) if each.what == what), key=len)
    assert secret not in line


def test_a_log_has_less_than_the_firewall_lets_pass():
    assert redacted("order 4820199377 from 221b Baker Street") == "order [number] from [address]"
    assert redacted("see https://x.example/?token=abc now") == "see [link] now"
    assert redacted("me@x.at.example.com") == "[mail]"


def test_a_line_of_a_log_is_one_short_line():
    assert redacted("a\nERROR forged line\r\n\u202eb\u0007") == "a ERROR forged line b"
    assert len(redacted("long words " * 100_000)) == LOGGED


def test_digits_in_words_are_a_number():
    assert spelt_out(words("five five five one two three four"))
    assert spelt_out(list("一三八一二三四五六七八"))
    assert not spelt_out(words("one or two or three of four"))


def test_check_digits():
    assert is_card("4111 1111 1111 1111")
    assert not is_card("4111 1111 1111 1112")
    assert is_iban("GB82 WEST 1234 5698 7654 32 and more") == 27
    assert not is_iban("GB82 WEST 1234 5698 7654 33")
    assert not is_iban("XX82 WEST 1234 5698 7654 32")
    assert is_ean("4006381333931")
    assert not is_ean("4006381333932")
    assert is_phone("555 010 4477", "my number is ", "")
    assert not is_phone("555 010 4477", "", " ml")


@given(st.text(max_size=400) | st.text("0123456789 +-()./@.a", max_size=400))
def test_redacting_never_fails_and_leaves_no_long_number(text):
    line = redacted(text)
    assert len(line) <= LOGGED
    assert "\n" not in line
    digits = 0
    for each in line:
        digits = digits + 1 if each.isascii() and each.isdecimal() else 0
        assert digits < 7


@given(st.text(max_size=300))
def test_what_is_found_lies_in_the_text(text):
    seen = visible(text)
    for piece in found(seen):
        assert 0 <= piece.start < piece.end <= len(seen)
