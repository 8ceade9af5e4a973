"""Amounts of money as product feeds write them ("15.00 EUR") and as people read them ("15,00 €")."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from babel.numbers import format_currency, get_currency_precision, list_currencies

from host_engine.document.wording import nearest
from host_engine.show.vocabulary import CODES

_AMOUNT = re.compile(r"(\d{1,9}(?:\.\d+)?) ?([A-Za-z]{3})", re.ASCII)


class Money(NamedTuple):
    """An amount, zero or more, in a currency (ISO 4217)."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def shown(self, language: str) -> str:
        """As people of the language write it; the sign and the number are held together by ordinary spaces."""
        return _shown(self.amount, self.currency, language)


def parse_money(written: object) -> Money:
    """The amount written as "15.00 EUR". Raises ValueError with a sentence."""
    text = str(written).strip()
    if text.startswith(("-", "−")):
        raise ValueError(f"'{text}' is below zero")
    match = _AMOUNT.fullmatch(text)
    if match is None:
        if re.fullmatch(r"[\d.]+", text, re.ASCII):
            raise ValueError(f"'{text}' has no currency; write it like '15.00 EUR'")
        raise ValueError(f"'{text[:60]}' is not an amount; write it like '15.00 EUR'")
    amount, currency = Decimal(match[1]), match[2]
    check_currency(currency)
    if -int(amount.as_tuple().exponent) > (places := _places(currency)):
        raise ValueError(f"'{text}' has more than the {places} decimals that {currency} has")
    return Money(amount, currency)


def check_currency(currency: str) -> str:
    """The currency code itself. Raises ValueError where there is no such currency."""
    if currency not in _currencies():
        raise ValueError(f"'{currency}' is not a currency (ISO 4217){nearest(currency, CODES)}")
    return currency


@lru_cache(4096)
def _shown(amount: Decimal, currency: str, language: str) -> str:
    text: str = format_currency(amount, currency, locale=language.replace("-", "_"))
    return " ".join(text.split())


@lru_cache
def _currencies() -> frozenset[str]:
    return frozenset(list_currencies())


@lru_cache
def _places(currency: str) -> int:
    return get_currency_precision(currency)
