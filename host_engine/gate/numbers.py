"""Numbers in a text, written with digits or in words of eight languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from num2words import num2words

from host_engine.gate.tongues import HAN_DIGITS, HAN_GROUPS, HAN_IDIOMS, HAN_UNITS, TONGUES, Tongue
from host_engine.gate.wording import NUMBER, WORD, Token, fold
from host_engine.priority import gently

LONGEST_HAN = 24  # signs of a Chinese number
_HALF = Decimal("0.5")


class Number(NamedTuple):
    """A number that ends before the token `end`."""

    value: Decimal
    end: int
    spoken: bool  # in words
    shy: bool = False  # its word means something else too: it counts only before a unit
    whole: Decimal | None = None  # what it is when its sign parts thousands after all, as in "1.299"


def number_at(tokens: Sequence[Token], at: int, language: str) -> Number | None:
    """The longest number that begins with a token; None where none does. `language` as in "de"."""
    token = tokens[at]
    tongue = TONGUES.get(language, TONGUES["en"])
    if token.kind == NUMBER:
        return _multiplied(tokens, _digits(tokens, at, tongue), tongue)
    if token.kind != WORD:
        return None
    if token.text in HAN_DIGITS or token.text in HAN_UNITS or token.text in HAN_GROUPS or token.text == "半":
        return _han(tokens, at)
    if language == "zh":
        return None
    if token.text not in _starts(language) and not any(each in token.text for each in tongue.thousand):
        return None
    found = _spoken(tokens, at, language, tongue)
    if found is None:
        return Number(_HALF, at + 1, True, True) if token.text in tongue.half else None
    return _with_fraction(tokens, _multiplied(tokens, found, tongue), language, tongue)


def _digits(tokens: Sequence[Token], at: int, tongue: Tongue) -> Number:
    text, end = tokens[at].text, at + 1
    if tongue.spaced and text.isdecimal() and len(text) <= 3:
        while (
            end < len(tokens)
            and tokens[end].kind == NUMBER
            and re.fullmatch(r"[0-9]{3}([.,][0-9]+)?", tokens[end].text)
        ):
            text, end = text + tokens[end].text, end + 1
    value, whole = value_of(text, tongue.decimal)
    if (
        end + 1 < len(tokens)
        and tokens[end].text in ("/", "⁄")
        and tokens[end + 1].kind == NUMBER
        and re.fullmatch(r"[2-9]|1[0-9]", tokens[end + 1].text)
        and value < int(tokens[end + 1].text)
        and not (end + 2 < len(tokens) and tokens[end + 2].text == "/")
    ):
        return Number((value / int(tokens[end + 1].text)).quantize(Decimal("0.001")), end + 2, False)
    return Number(value, end, False, False, whole)


def value_of(text: str, decimal: str) -> tuple[Decimal, Decimal | None]:
    """The value of digits with signs between them; and, where the last sign may as well part thousands, that value.

    `decimal`: the sign of the language; two digits after the last sign are decimals in all of them.
    """
    parts = re.split(r"[.,']", text)
    signs = re.findall(r"[.,']", text)
    joined = "".join(parts)
    if not signs:
        return Decimal(joined[:40]), None
    groups = all(len(part) == 3 for part in parts[1:]) and len(parts[0]) <= 3 and parts[0] != "0"
    if groups and (len(set(signs)) == 1) and (len(signs) > 1 or signs[0] != decimal):
        return Decimal(joined[:40]), None
    value = Decimal("".join(parts[:-1])[:40] + "." + parts[-1][:20])
    return value, Decimal(joined[:40]) if groups and len(signs) == 1 else None


def _multiplied(tokens: Sequence[Token], number: Number, tongue: Tongue) -> Number:
    """A number with "k", "thousand", "million" or 万 behind it."""
    if number.end >= len(tokens):
        return number
    after = tokens[number.end]
    if after.text == "k" and after.glued and not number.spoken:
        return Number(number.value * 1000, number.end + 1, False)
    if after.text in HAN_GROUPS:
        return Number(number.value * HAN_GROUPS[after.text], number.end + 1, number.spoken)
    if after.text in tongue.million:
        return Number(number.value * 1_000_000, number.end + 1, number.spoken)
    if after.text in tongue.thousand and not number.spoken:
        return Number(number.value * 1000, number.end + 1, False)
    return number


def _spoken(tokens: Sequence[Token], at: int, language: str, tongue: Tongue) -> Number | None:
    """Hundreds and thousands, in words that may be written as one."""
    small = _small(language)
    first = _match(tokens, at, small)
    if first is None:
        return _compound(tokens[at].text, at, small, tongue)
    value, end = first
    shy = end == at + 1 and tokens[at].text in tongue.shy
    if end < len(tokens) and tokens[end].text in tongue.thousand and value < 1000:
        value, end, shy = value * 1000, end + 1, False
    if value >= 1000 and value % 1000 == 0:
        skip = end + (end < len(tokens) and tokens[end].text in (*tongue.and_, ","))
        rest = _match(tokens, skip, small)
        listed = skip > end and tokens[end].text == "," and rest is not None and rest[0] < 100
        if rest and rest[0] < 1000 and not listed and not (skip > end and rest[0] < 10 and language != "en"):
            value, end, shy = value + rest[0], rest[1], False
    return Number(Decimal(value), end, True, shy)


def _compound(text: str, at: int, small: dict[tuple[str, ...], int], tongue: Tongue) -> Number | None:
    """A German, Dutch or Italian number of thousands in one word."""
    for thousand in tongue.thousand:
        before, found, after = text.partition(thousand)
        if not found or (not before and not after):
            continue
        after = next((after.removeprefix(each) for each in tongue.and_ if after.startswith(each)), after)
        left, right = small.get((before,), 1 if not before else None), small.get((after,), 0 if not after else None)
        if left is not None and right is not None and left < 1000 and right < 1000:
            return Number(Decimal(left * 1000 + right), at + 1, True)
    for halves in tongue.and_half:
        if len(halves) == 1 and text.endswith(halves[0]) and (n := small.get((text.removesuffix(halves[0]),))):
            return Number(n + _HALF, at + 1, True)
    return Number(Decimal("1.5"), at + 1, True) if text in ("anderthalb", "anderthalbe", "anderhalf") else None


def _with_fraction(tokens: Sequence[Token], number: Number, language: str, tongue: Tongue) -> Number:
    """What follows a number in words: "and a half", "point five"."""
    rest = [token.text for token in tokens[number.end : number.end + 3]]
    for half in tongue.and_half:
        if tuple(rest[: len(half)]) == half:
            return Number(number.value + _HALF, number.end + len(half), True)
    if not rest or rest[0] not in tongue.point:
        return number
    digits, at, small = "", number.end + 1, _small(language)
    while at < len(tokens) and len(digits) < 6 and (found := _match(tokens, at, small)) and found[0] < 100:
        digits, at = digits + str(found[0]), found[1]
        if len(digits) == 2 and found[0] > 9:
            break
    return Number(number.value + Decimal(f"0.{digits}"), at, True) if digits else number


def _match(tokens: Sequence[Token], at: int, small: dict[tuple[str, ...], int]) -> tuple[int, int] | None:
    """The longest row of words from `at` that is a number below a thousand (or a thousand itself), and its end."""
    for length in range(min(6, len(tokens) - at), 0, -1):
        value = small.get(tuple(token.text for token in tokens[at : at + length]))
        if value is not None:
            return value, at + length
    return None


@lru_cache
def _small(language: str) -> dict[tuple[str, ...], int]:
    """0 to 999 in words, and other forms of them."""
    found: dict[tuple[str, ...], int] = {}
    for n in gently(range(1000)):  # a quarter of a second in all
        said = tuple(map(fold, re.split(r"[-,\s]+", num2words(n, lang=language))))
        found[said] = n
        if language == "en" and "and" in said:
            found[tuple(word for word in said if word != "and")] = n
        if n < 100:
            found[("".join(said),)] = n  # "thirtythree"
        if language == "de":
            whole = "".join(said)
            found[(whole,)] = n
            found[(whole.replace("einhundert", "hundert", 1),)] = n
    if language == "de":  # as those write who have no umlauts
        for said, n in list(found.items()):
            for plain, typed in (("funf", "fuenf"), ("zwolf", "zwoelf"), ("dreissig", "dreizig")):
                if plain in said[0]:
                    found[(said[0].replace(plain, typed),)] = n
    for extra, n in TONGUES[language].extra.items():
        found[tuple(extra.split())] = n
    return found


@lru_cache
def _starts(language: str) -> frozenset[str]:
    """Every word that a number may begin with."""
    tongue = TONGUES[language]
    halves = [half[0] for half in tongue.and_half if len(half) == 1]
    glued = {said[0] + half for said in _small(language) if len(said) == 1 for half in halves}
    alone = {"anderthalb", "anderthalbe", "anderhalf"}
    return frozenset({said[0] for said in _small(language)} | tongue.half | glued | alone)


def _han(tokens: Sequence[Token], at: int) -> Number | None:
    """A Chinese number, which needs a unit behind it to be one."""
    row = "".join(token.text if len(token.text) == 1 else " " for token in tokens[max(0, at - 2) : at + 16])
    here = min(at, 2)
    for idiom in HAN_IDIOMS:
        spot = row.find(idiom)
        while spot >= 0:
            if spot <= here < spot + len(idiom):
                return None
            spot = row.find(idiom, spot + 1)
    total = section = digit = 0
    unit, end, seen, spelled = 1, at, False, ""
    while end < min(len(tokens), at + LONGEST_HAN):
        sign = tokens[end].text
        if sign in HAN_DIGITS:
            digit, spelled = HAN_DIGITS[sign], spelled + str(HAN_DIGITS[sign])
            seen = True
        elif sign in HAN_UNITS:
            section, unit, digit, spelled, seen = section + (digit or 1) * HAN_UNITS[sign], HAN_UNITS[sign], 0, "", True
        elif sign in HAN_GROUPS and seen:
            total, section, digit, unit, spelled = (
                (total + section + digit) * HAN_GROUPS[sign],
                0,
                0,
                HAN_GROUPS[sign],
                "",
            )
        else:
            break
        end += 1
    if not seen:
        return Number(_HALF, at + 1, True, True) if tokens[at].text == "半" else None
    value = Decimal(int(spelled) if len(spelled) > 1 and not (total or section) else total + section + digit)
    if len(spelled) == 1 and digit and unit >= 100 and tokens[end - 2].text in {**HAN_UNITS, **HAN_GROUPS}:
        value += digit * (unit // 10) - digit  # 三百五 is 350
    return _han_fraction(tokens, Number(value, end, True, True))


def _han_fraction(tokens: Sequence[Token], number: Number) -> Number:
    if number.end < len(tokens) and tokens[number.end].text == "点":
        digits, at = "", number.end + 1
        while at < len(tokens) and tokens[at].text in HAN_DIGITS:
            digits, at = digits + str(HAN_DIGITS[tokens[at].text]), at + 1
        if digits:
            return Number(number.value + Decimal(f"0.{digits}"), at, True, True)
    return number
