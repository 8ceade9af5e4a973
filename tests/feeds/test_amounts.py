"""Prices as shops write them, in more than twenty currencies; what may be read in two ways is not guessed."""

from __future__ import annotations

import pytest

from host_engine.feeds.amounts import amount


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("15.00 EUR", "15.00 EUR"), ("EUR 15,00", "15.00 EUR"), ("15 €", "15.00 EUR"), ("€15.5", "15.50 EUR"),
        ("1.234,50 €", "1234.50 EUR"), ("1 234,50 €", "1234.50 EUR"), ("1\u202f234,50\u00a0€", "1234.50 EUR"),
        ("$1,234.50", "1234.50 USD"), ("US$ 9", "9.00 USD"), ("1,234 USD", "1234.00 USD"), ("£0.99", "0.99 GBP"),
        (".50 GBP", "0.50 GBP"), ("CHF 1'234.50", "1234.50 CHF"), ("Fr. 12.-", "12.00 CHF"), ("12,– €", "12.00 EUR"),
        ("1500 JPY", "1500 JPY"), ("1500.00 JPY", "1500 JPY"), ("¥1,500", "1500 JPY"), ("1.250 KWD", "1.250 KWD"),
        ("12.5 KWD", "12.500 KWD"), ("0.125 BHD", "0.125 BHD"), ("199,00 zł", "199.00 PLN"), ("1299 Kč", "1299.00 CZK"),
        ("₹ 1,23,456.00", "123456.00 INR"), ("₩15000", "15000 KRW"), ("250.000.000 VND", "250000000 VND"),
        ("R$ 10,00", "10.00 BRL"), ("99 SEK", "99.00 SEK"), ("99.90 NOK", "99.90 NOK"), ("99 DKK", "99.00 DKK"),
        ("12.00 AUD", "12.00 AUD"), ("A$12", "12.00 AUD"), ("12 CAD", "12.00 CAD"), ("₺100", "100.00 TRY"),
        ("₪20.00", "20.00 ILS"), ("50 AED", "50.00 AED"), ("20.00 ZAR", "20.00 ZAR"), ("15.0000 EUR", "15.00 EUR"),
        ("٢٥.٥٠ AED", "25.50 AED"), ("15.00 eur", "15.00 EUR"), ("0,500 EUR", "0.50 EUR"),
    ],
)  # fmt: skip
def test_what_shops_write(written: str, meant: str) -> None:
    assert str(amount(written)) == meant


@pytest.mark.parametrize(
    ("written", "default", "meant"),
    [
        ("15", "EUR", "15.00 EUR"), ("15,00", "EUR", "15.00 EUR"), ("$15", "CAD", "15.00 CAD"),
        ("$15", "EUR", "15.00 USD"), ("¥15", "CNY", "15.00 CNY"), ("99 kr", "SEK", "99.00 SEK"),
        ("1500", "JPY", "1500 JPY"),
    ],
)  # fmt: skip
def test_what_is_not_written_is_said_by_whoever_imports(written: str, default: str, meant: str) -> None:
    assert str(amount(written, default)) == meant


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("1.500 EUR", "may be 1500 or 1,500"),
        ("1,250 KWD", "may be 1250 or 1,250"),
        ("15", "has no currency"),
        ("99 kr", "may be Swedish, Norwegian or Danish"),
        ("-5 EUR", "below zero"),
        ("0.00 EUR", "is 0"),
        ("15-20 EUR", "is not one amount"),
        ("from 15 EUR", "is not one amount"),
        ("15 XYZ", "is not a currency"),
        ("15.999 EUR", "may be"),
        ("1234.567 EUR", "more than the 2 decimals"),
        ("1.2.3,4 EUR", "points and commas"),
        ("99999999999 EUR", "more than anything costs"),
        ("9" * 79, "more than anything costs"),
        ("free", "is not one amount"),
        ("", "is not one amount"),
    ],
)
def test_what_cannot_be_read_or_may_be_read_twice_is_refused(written: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        amount(written, "EUR" if written == "9" * 79 else None)
