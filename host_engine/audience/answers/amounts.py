"""How much money a question names, and whether as an upper or a lower bound."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from host_engine.audience.answers.words import folded

_CURRENCIES = {
    "EUR": r"€|\beur\b|\beuros?\b|欧元|欧",
    "USD": r"\$|\busd\b|\bdollars?\b|\bdollari?\b|\bdolares?\b|\bbucks?\b|美元|刀",
    "GBP": r"£|\bgbp\b|\bpounds?\b|\bquid\b|\bpfund\b|\bsterline\b|\blivres\b|\blibras\b|英镑",
    "CHF": r"\bchf\b|\bfranken\b|\bfrancs?\b|\bfranchi\b|\bfrancos\b|瑞郎",
    "CNY": r"¥|\bcny\b|\brmb\b|\byuan\b|元|块|人民币",
}
_UPPER = (
    r"\b(?:under|below|less than|up to|max|maximum|at most|cheaper than|within|not more than|no more than|"
    r"unter|bis|weniger als|hochstens|maximal|nicht mehr als|bis zu|sotto|meno di|massimo|fino a|entro|"
    r"moins de|sous|au plus|jusqu a|menos de|por debajo de|bajo|hasta|maximo|como mucho)\b"
)
_LOWER = r"\b(?:over|above|more than|at least|uber|mehr als|mindestens|oltre|piu di|almeno|plus de|au moins|mas de)\b"
_NUMBER = re.compile(r"(?<![\w.,])\d{1,6}(?:[.,]\d{1,2})?(?![\d])")
_HAN_UPPER = "以下|以内|不到|低于|不超过"
_WORDS = {
    "five": 5, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100,
    "funf": 5, "zehn": 10, "funfzehn": 15, "zwanzig": 20, "dreissig": 30, "vierzig": 40, "funfzig": 50, "hundert": 100,
    "cinque": 5, "dieci": 10, "quindici": 15, "venti": 20, "trenta": 30, "quaranta": 40, "cinquanta": 50, "cento": 100,
    "cinq": 5, "dix": 10, "quinze": 15, "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50,
    "cinco": 5, "diez": 10, "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "cien": 100,
}  # fmt: skip


class Bound(NamedTuple):
    """A limit to the price; the currency where one was named."""

    amount: Decimal
    upper: bool
    currency: str | None


def bound(text: str) -> Bound | None:
    """The limit that a question names: "under 20 euros", "weniger als 30 €", "100元以下"; None without one."""
    plain = folded(text).replace("'", " ").replace("’", " ")
    found = _NUMBER.search(plain)
    amount = Decimal(found[0].replace(",", ".")) if found else _in_words(plain)
    if amount is None:
        return None
    currency = next((code for code, pattern in _CURRENCIES.items() if re.search(pattern, plain)), None)
    if re.search(f"{_UPPER}|{_HAN_UPPER}", plain):
        return Bound(amount, True, currency)
    if re.search(f"{_LOWER}|以上", plain):
        return Bound(amount, False, currency)
    return Bound(amount, True, currency) if currency else None


def _in_words(plain: str) -> Decimal | None:
    return next((Decimal(_WORDS[word]) for word in re.findall(r"\w+", plain) if word in _WORDS), None)
