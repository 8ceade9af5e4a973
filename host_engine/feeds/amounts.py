"""Prices as feeds write them: "15.00 EUR", "EUR 15,00", "1.234,50 €", "¥1500", "1.250 KWD"."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from babel.numbers import get_currency_precision

from host_engine.show.money import Money, check_currency, parse_money
from host_engine.show.vocabulary import SIGNS

TOO_MUCH = 1_000_000_000
_SIGNS = {
    **SIGNS,
    "C$": "CAD",
    "S$": "SGD",
    "NT$": "TWD",
    "RM": "MYR",
    "₸": "KZT",
    "₦": "NGN",
    "Ft": "HUF",
    "lei": "RON",
}
_DOLLARS = frozenset(["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "BRL"])
_SHARED = {"$": _DOLLARS, "¥": frozenset({"JPY", "CNY"}), "£": frozenset({"GBP", "EGP", "LBP"})}
_KRONER = frozenset({"SEK", "NOK", "DKK", "ISK", "CZK"})
_SIGN = "|".join(sorted((re.escape(each) for each in _SIGNS), key=len, reverse=True))
_NUMBER = r"(?:[0-9](?:[0-9.,'’\s]*[0-9])?|[.,][0-9]+)"
_WRITTEN = re.compile(
    rf"(?P<before>[A-Za-z]{{3}}(?![A-Za-z])|{_SIGN}|kr\.?)?\s*(?P<minus>[-−–])?\s*"
    rf"(?P<number>{_NUMBER})(?:[.,][-–—])?\s*(?P<after>[A-Za-z]{{3}}|{_SIGN}|kr\.?)?"
)


def amount(written: str, currency: str | None = None) -> Money:
    """The amount. `currency` stands for what is not written. Raises ValueError with a sentence.

    Where a point may be that of thousands as well as that of decimals, nothing is guessed: a price on air is a promise.
    """
    text = "".join(_plain_digit(sign) for sign in unicodedata.normalize("NFKC", written[:80])).strip()
    match = _WRITTEN.fullmatch(" ".join(text.split()))
    if match is None:
        raise ValueError(f"'{written[:40]}' is not one amount of money; write it like '15.00 EUR'")
    if match["minus"]:
        raise ValueError(f"'{written[:40]}' is below zero")
    code = _code(match["before"] or match["after"], currency, written)
    value = number(match["number"], _places(code))
    if value >= TOO_MUCH:
        raise ValueError(f"'{written[:40]}' is more than anything costs")
    if value == 0:
        raise ValueError("its price is 0; nothing can be said of what it costs")
    return parse_money(f"{_shown(value, _places(code))} {code}")


def number(written: str, places: int = 2) -> Decimal:
    """The value of a number in which points, commas, spaces and apostrophes may part thousands. Raises ValueError."""
    text = re.sub(r"['’\s]", "", written)
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return Decimal(text)
    whole, sign, fraction = text[:last], text[last], text[last + 1 :]
    other = "," if sign == "." else "."
    if other in whole:
        if sign in whole or not _grouped(whole, other):
            raise ValueError(f"'{written}' has points and commas where none can be")
        return Decimal(f"{whole.replace(other, '')}.{fraction}")
    if sign in whole:
        if not _grouped(text, sign):
            raise ValueError(f"'{written}' has points or commas where none can be")
        return Decimal(text.replace(sign, ""))
    if len(fraction) == 3 and 1 <= len(whole) <= 3 and whole.strip("0") and (sign == "." or places == 3):
        if sign == "." and places == 3:
            return Decimal(f"{whole}.{fraction}")
        raise ValueError(f"'{written}' may be {whole}{fraction} or {whole},{fraction}; write it with two decimals")
    if len(fraction) == 3 and sign == "," and 1 <= len(whole) <= 3 and whole.strip("0"):
        return Decimal(whole + fraction)
    return Decimal(f"{whole or '0'}.{fraction}")


def _grouped(text: str, sign: str) -> bool:
    first, *others = text.split(sign)
    return 1 <= len(first) <= 3 and all(len(each) in (2, 3) for each in others[:-1]) and len(others[-1]) == 3


def _code(sign: str | None, default: str | None, written: str) -> str:
    if sign is None:
        if default is None:
            raise ValueError(f"'{written[:40]}' has no currency; say which with --currency EUR")
        return check_currency(default)
    bare = sign.rstrip(".")
    if bare.lower() == "kr":
        if default in _KRONER:
            return default
        raise ValueError(f"'{written[:40]}' may be Swedish, Norwegian or Danish crowns; say which with --currency SEK")
    shared = _SHARED.get(sign)
    if shared and default in shared:
        return default
    return _SIGNS.get(sign) or _SIGNS.get(bare) or check_currency(bare.upper())


def _shown(value: Decimal, places: int) -> str:
    """Without zeros that the currency has no room for, and with those that people write."""
    whole = value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
    if -int(whole.as_tuple().exponent) <= places:
        whole = whole.quantize(Decimal(1).scaleb(-places))
    return f"{whole:f}"


@lru_cache
def _places(currency: str) -> int:
    return get_currency_precision(currency)


def _plain_digit(sign: str) -> str:
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else sign
