"""Amounts of money in a text, with the coin's name or sign on either side, and cents behind it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from host_engine.gate.claim import Claim, Reading
from host_engine.gate.numbers import Number, number_at
from host_engine.gate.tongues import HAN_CLASSIFIERS, TONGUES
from host_engine.gate.units import CENTS, COIN_FIRSTS, COINS, PERCENT, TENTHS, UNITS, WEIGHTS_AND_MONEY
from host_engine.gate.wording import SIGN, WORD, Token

_CENT = Decimal("0.01")


def is_cent(token: Token) -> bool:
    """ "50p", but not "50 p"; 角 stands behind 元 only."""
    return token.text in CENTS and token.text not in TENTHS and (len(token.text) > 2 or token.glued)


def past_dash(tokens: Sequence[Token], end: int) -> int:
    """Behind the dash of "15,- €"."""
    row = "".join(token.text for token in tokens[end : end + 2])
    return end + 2 if row in (",-", ".-", ",–", ".–", ",—") else end


def coin_at(tokens: Sequence[Token], at: int) -> tuple[frozenset[str], int] | None:
    """The currency that is named at a token, and where its name ends."""
    if at >= len(tokens) or tokens[at].text not in COIN_FIRSTS:
        return None
    for length in (4, 3, 2, 1):
        coins = COINS.get(tuple(token.text for token in tokens[at : at + length]))
        if coins is not None and at + length <= len(tokens):
            return coins, at + length
    return None


def coin_first(tokens: Sequence[Token], at: int, coin: tuple[frozenset[str], int], language: str) -> Claim | None:
    """€15, EUR 15; or a currency without any number, which may hide one that nobody can read."""
    coins, end = coin
    sign = tokens[at].kind == SIGN
    number = number_at(tokens, end, language) if end < len(tokens) else None
    if number and not number.shy and (sign or not number.spoken) and tokens[at].sentence == tokens[end].sentence:
        after = coin_at(tokens, number.end)
        if after is None or after[0] == coins:
            last = number.end if after is None else after[1]
            return Claim("money", (Reading("", amount(number)),), at, last, coins, spoken=number.spoken)
    if not sign and len(tokens[at].text) < 4 and tokens[at].text not in ("元", "块"):
        return None
    return Claim("money", (), at, end, coins, attached=False)


def amount(number: Number) -> Decimal:
    """Money has no three decimals: there the sign parts thousands."""
    return number.value if number.whole is None else number.whole


def money_at(
    tokens: Sequence[Token], at: int, number: Number, coin: tuple[frozenset[str], int], language: str
) -> Claim:
    coins, end = coin
    value = amount(number)
    cents = _cents(tokens, end, language)
    readings = [Reading("", value if cents is None else value + cents[0])]
    last = end if cents is None else cents[1]
    if cents is None and tokens[end - 1].text in WEIGHTS_AND_MONEY and (unit := UNITS.get((tokens[end - 1].text,))):
        readings.append(Reading(unit.dimension, value * unit.factor))
    return Claim("money", tuple(readings), at, last, coins, spoken=number.spoken)


def _cents(tokens: Sequence[Token], at: int, language: str) -> tuple[Decimal, int] | None:
    """What follows the coin: "and fifty cents", "fünfzig", "五角"."""
    tongue = TONGUES[language]
    start = at
    if at < len(tokens) and tokens[at].text in (*tongue.and_, "con", "和"):
        at += 1
    if at >= len(tokens) or tokens[at].sentence != tokens[at - 1].sentence:
        return None
    number = number_at(tokens, at, language)
    if number is None or number.value >= 100 or number.value != int(number.value):
        return None
    after = tokens[number.end] if number.end < len(tokens) else None
    if after and after.text in CENTS:
        share = Decimal("0.1") if after.text in TENTHS else _CENT
        return number.value * share, number.end + 1
    if after and after.text == "分" and language == "zh":
        return number.value * _CENT, number.end + 1
    if language == "zh":
        tenth = (
            number.value < 10 and at == start and not (after and after.kind == WORD and after.text in HAN_CLASSIFIERS)
        )
        return (number.value / 10, number.end) if tenth and number.spoken else None
    ends = after is None or after.kind == SIGN or after.sentence != tokens[at].sentence
    plain = number.value >= 10 and not number.shy
    return (number.value * _CENT, number.end) if plain and ends and not _percent_or_coin(tokens, number.end) else None


def _percent_or_coin(tokens: Sequence[Token], at: int) -> bool:
    return bool(name_at(tokens, at, PERCENT)) or coin_at(tokens, at) is not None


def name_at(tokens: Sequence[Token], at: int, names: Collection[tuple[str, ...]]) -> int | None:
    """Where one of the names ends that begins at a token."""
    if at >= len(tokens):
        return None
    for length in (4, 3, 2, 1):
        if at + length <= len(tokens) and tuple(token.text for token in tokens[at : at + length]) in names:
            return at + length
    return None
