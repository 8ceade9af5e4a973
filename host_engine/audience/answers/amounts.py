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
_UNDER = (
    r"\b(?:under|below|less than|cheaper than|unter|weniger als|billiger als|gunstiger als|sotto|meno di|"
    r"moins de|menos de|por debajo de|bajo)\b"
)
_UPPER = (
    r"\b(?:up to|max|maximum|at most|within|not more than|no more than|bis|hochstens|maximal|nicht mehr als|bis zu|"
    r"massimo|fino a|entro|sous|au plus|jusqu a|hasta|maximo|como mucho)\b"
)
_LOWER = r"\b(?:over|above|more than|at least|uber|mehr als|mindestens|oltre|piu di|almeno|plus de|au moins|mas de)\b"
_NUMBER = re.compile(r"(?<![a-z\d.,])\d{1,6}(?:[.,]\d{1,2})?(?![\d])")
_HAN_UNDER, _HAN_UPPER = "不到|低于", "以下|以内|不超过"
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
    itself: bool = True  # whether a price of just that amount is within it; "under 20" leaves 20 out

    def holds(self, amount: Decimal) -> bool:
        """Whether a price is within the limit, its number taken as one of the shop's currency."""
        if amount == self.amount:
            return self.itself
        return (amount < self.amount) == self.upper


def bound(text: str) -> Bound | None:
    """The limit that a question names: "under 20 euros", "weniger als 30 €", "100元以下"; None without one."""
    plain = folded(text).replace("'", " ").replace("’", " ")
    amount = _amount(plain)
    if amount is None:
        return None
    currency = next((code for code, pattern in _CURRENCIES.items() if re.search(pattern, plain)), None)
    if re.search(f"{_UNDER}|{_HAN_UNDER}", plain):
        return Bound(amount, True, currency, itself=False)
    if re.search(f"{_UPPER}|{_HAN_UPPER}", plain):
        return Bound(amount, True, currency)
    if re.search(f"{_LOWER}|以上|超过", plain):
        return Bound(amount, False, currency)
    return Bound(amount, True, currency) if currency else None


def _amount(plain: str) -> Decimal | None:
    """Of several numbers the one that is money: "2 gifts under 20", "for 3 people, 40 euros at most"."""
    found = list(_NUMBER.finditer(plain))
    if not found:
        return _in_words(plain)
    chosen = max(found, key=lambda each: (_is_money(plain, each), -each.start()))
    return Decimal(chosen[0].replace(",", "."))


def _is_money(plain: str, number: re.Match[str]) -> int:
    before, after = plain[max(0, number.start() - 20) : number.start()], plain[number.end() : number.end() + 10]
    coin = any(
        re.match(rf"\s*(?:{pattern})", after) or re.search(rf"(?:{pattern})\s*$", before)
        for pattern in _CURRENCIES.values()
    )
    limited = re.search(rf"(?:{_UNDER}|{_UPPER}|{_LOWER})\W*(?:\w+\W+)?$", before)
    limited = limited or re.match(rf"\S?(?:{_HAN_UNDER}|{_HAN_UPPER}|以上)", after)
    return 2 * coin + bool(limited)


def _in_words(plain: str) -> Decimal | None:
    return next((Decimal(_WORDS[word]) for word in re.findall(r"\w+", plain) if word in _WORDS), None)
