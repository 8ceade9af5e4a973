"""The figures of a text: prices, percentages, measures, numbers of things, codes and days, each as a claim."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal

from host_engine.gate import dates
from host_engine.gate.claim import Claim, Reading
from host_engine.gate.coins import coin_at, coin_first, is_cent, money_at, name_at, past_dash
from host_engine.gate.numbers import Number, number_at
from host_engine.gate.tongues import HAN_CLASSIFIERS, TONGUES
from host_engine.gate.units import (
    COIN_FIRSTS,
    FIRSTS,
    LONGEST,
    ONLY_IN,
    PERCENT,
    TIME,
    UNITS,
    Unit,
)
from host_engine.gate.wording import NUMBER, SIGN, WORD, Token, stem

_DASHES = frozenset("-–—~～")
_CENT = Decimal("0.01")
SIDES = frozenset({"x", "×", "by", "mal", "per", "por", "sur", "par", "auf", "bij", "乘"})  # of a size, not of a range
OF_THINGS = frozenset({"g", "ml", "mm", "pint", "gallon"})  # not of time: "a day"
OF = frozenset({"a", "an", "the", "of", "de", "d", "di", "ein", "einen", "einem", "un", "een"})
BETWEEN = frozenset({"between", "zwischen", "tra", "fra", "entre", "tussen", "在"})
_CJK = range(0x3400, 0xA000)


def find(
    tokens: Sequence[Token], language: str, small: Collection[str] = (), masked: Collection[int] = ()
) -> list[Claim]:
    """Every figure of a text, from left to right, but none of `masked` tokens. `small`: words without content."""
    days = {day.first: day for day in dates.find(tokens, language)}
    claims: list[Claim] = []
    at = 0
    while at < len(tokens):
        if at in masked:
            at += 1
            continue
        day = days.get(at)
        claim = Claim("date", (), day.first, day.end, day=day) if day else _at(tokens, at, language, small)
        if claim is None:
            at += 1
            continue
        claims.append(claim)
        at = max(at + 1, claim.end)
    claims = _linked(claims, tokens, language)
    return [claim for claim in claims if not _trivial(claim)]


def _trivial(claim: Claim) -> bool:
    """Whether it is an article, or a number that is only a word of another kind here."""
    if claim.kind != "count":
        return False
    return claim.shy or claim.readings[0].value in (0, 1)


def _at(tokens: Sequence[Token], at: int, language: str, small: Collection[str]) -> Claim | None:
    token = tokens[at]
    if token.text in COIN_FIRSTS and (coin := coin_at(tokens, at)):
        return coin_first(tokens, at, coin, language)
    if token.text == "百" and "".join(each.text for each in tokens[at : at + 3]) == "百分之":
        share = number_at(tokens, at + 3, "zh") if at + 3 < len(tokens) else None
        return Claim("percent", (Reading("", share.value),), at, share.end) if share else None
    if "prozent" in token.text and (part := _share_in_a_word(tokens, at, language)):
        return part
    number = number_at(tokens, at, language) or _article(tokens, at, language)
    if number is None:
        return None
    if token.kind == NUMBER and token.glued and _is_code(tokens, at):
        return Claim("code", (), at - 1, at + 1, code=tokens[at - 1].text + token.text)
    return _counted(tokens, at, number, language, small)


def _share_in_a_word(tokens: Sequence[Token], at: int, language: str) -> Claim | None:
    """ "dreißigprozentiger Rabatt"."""
    text = tokens[at].text.partition("prozent")[0]
    number = number_at((tokens[at]._replace(text=text),), 0, language) if text else None
    return Claim("percent", (Reading("", number.value),), at, at + 1, spoken=True) if number else None


def _article(tokens: Sequence[Token], at: int, language: str) -> Number | None:
    """ "a litre" is one litre."""
    if language != "en" or tokens[at].text not in ("a", "an"):
        return None
    unit = _unit(tokens, at + 1, language)
    return (
        Number(Decimal(1), at + 1, True) if unit and unit[0].dimension in ("g", "ml", "mm", "pint", "gallon") else None
    )


def _is_code(tokens: Sequence[Token], at: int) -> bool:
    before = tokens[at - 1] if at else None
    return before is not None and before.kind == WORD and ord(before.text[0]) not in _CJK and len(before.text) <= 6


def _counted(tokens: Sequence[Token], at: int, number: Number, language: str, small: Collection[str]) -> Claim:
    """A number with what stands behind it."""
    end = number.end
    if language == "zh" and end < len(tokens) and tokens[end].text == "折":
        return Claim("percent", (Reading("off", _zhe(number.value)),), at, end + 1, spoken=number.spoken)
    if percent := name_at(tokens, end, PERCENT):
        return Claim("percent", (Reading("", number.value),), at, percent, spoken=number.spoken)
    end = past_dash(tokens, end)
    if coin := coin_at(tokens, end):
        return money_at(tokens, at, number, coin, language)
    end = number.end
    if end < len(tokens) and is_cent(tokens[end]):
        return Claim("money", (Reading("", number.value * _CENT),), at, end + 1, frozenset(), spoken=number.spoken)
    if number.value == Decimal("0.5") and number.spoken and end < len(tokens) and tokens[end].text in OF:
        end += 1  # "half a litre"
    if unit := _unit(tokens, end, language):
        return _measure(tokens, at, number, unit, language)
    return _bare(tokens, at, number, language, small)


def _zhe(value: Decimal) -> Decimal:
    """八折 is 20 % off, 八五折 and 85折 are 15 % off."""
    share = value * 10 if value < 10 else value
    return 100 - share


def _unit(tokens: Sequence[Token], at: int, language: str) -> tuple[Unit, int] | None:
    if at >= len(tokens) or tokens[at].text not in FIRSTS:
        return None
    for length in range(min(LONGEST, len(tokens) - at), 0, -1):
        name = tuple(token.text for token in tokens[at : at + length])
        unit = UNITS.get(name)
        if unit is None or (length == 1 and language not in ONLY_IN.get(name[0], (language,))):
            continue
        if unit.dimension == "clock" and language != "de" and name[0] == "uhr":
            continue
        return unit, at + length
    return None


def _measure(tokens: Sequence[Token], at: int, number: Number, unit: tuple[Unit, int], language: str) -> Claim:
    (dimension, factor), end = unit
    value = number.value
    for half in TONGUES[language].and_half:  # "due litri e mezzo", "两年半"
        if tuple(token.text for token in tokens[end : end + len(half)]) == half:
            value, end = value + Decimal("0.5"), end + len(half)
            break
    readings = [Reading(dimension, value * factor)]
    if number.whole is not None:
        readings.append(Reading(dimension, number.whole * factor))
    shy = number.shy and dimension in TIME and dimension != "month" and value == 1
    return Claim("measure", tuple(readings), at, end, spoken=number.spoken, shy=shy, factor=factor)


def _bare(tokens: Sequence[Token], at: int, number: Number, language: str, small: Collection[str]) -> Claim:
    """A number of things, or a mere number."""
    end = number.end
    readings = [Reading("", number.value)]
    if number.whole is not None:
        readings.append(Reading("", number.whole))
    shy = number.shy
    if language == "zh":
        shy = shy and not (end < len(tokens) and tokens[end].text in HAN_CLASSIFIERS)
    elif number.spoken and end < len(tokens) and tokens[end].kind == WORD and not shy:
        second = number_at(tokens, end, language)
        if second and second.spoken and 10 <= second.value <= 99 and number.value < 1000:
            readings = [
                Reading("", number.value + second.value * _CENT),
                Reading("", number.value * 100 + second.value),
            ]
            end = second.end  # "fifteen fifty"
    if end < len(tokens) and tokens[end].kind == WORD and tokens[end].glued and tokens[end - 1].kind == NUMBER:
        after = tokens[end].text
        if ord(after[0]) not in _CJK and after not in ("st", "nd", "rd", "th", "er", "eme", "e"):
            return Claim("code", (), at, end + 1, code=tokens[end - 1].text + after)
        if after in ("st", "nd", "rd", "th", "er", "eme"):
            shy = True  # "the 3rd"
    words = _window(tokens, end, small)
    label = "" if words else _label(tokens, at, small)
    return Claim("count", tuple(readings), at, end, words=words, label=label, spoken=number.spoken, shy=shy)


def _label(tokens: Sequence[Token], at: int, small: Collection[str]) -> str:
    """The word before a mere number that says what it is, such as "SPF 30"."""
    before = tokens[at - 1] if at else None
    named = before is not None and before.kind == WORD and before.sentence == tokens[at].sentence
    return stem(before.text) if before and named and before.text not in small else ""


def _window(tokens: Sequence[Token], end: int, small: Collection[str]) -> frozenset[str]:
    """The stems of the words behind a number, as far as they belong to it."""
    found = []
    for token in tokens[end : end + 5]:
        if (token.kind == SIGN and token.text not in "-–") or token.kind == NUMBER:
            break
        if token.kind == WORD and token.text not in small:
            found.append(stem(token.text))
    return frozenset(found[:3])


def _linked(claims: list[Claim], tokens: Sequence[Token], language: str) -> list[Claim]:
    """Mere numbers take over the unit of the number that follows: "10 to 15 euros", "45 × 28 cm"."""
    between = TONGUES[language].between | _DASHES
    linked: list[Claim] = []
    for claim in reversed(claims):
        after = linked[-1] if linked else None
        gap = tokens[claim.end : after.first] if after else ()
        joined = len(gap) == 1 and (gap[0].text in between or _ranges(tokens, claim, gap[0], language))
        if after and joined and claim.kind == "count" and after.kind in ("money", "percent", "measure"):
            claim = _like(claim, after)._replace(low=gap[0].text not in SIDES)
        elif after and joined and claim.kind == "money" and after.kind == "count" and gap[0].text in _DASHES:
            linked[-1] = _like(after, claim)
        elif after and joined and claim.kind == "count" and after.kind == "count" and not claim.words:
            low = gap[0].text not in SIDES
            claim = claim._replace(words=after.words, shy=claim.shy and after.shy, low=low)
        linked.append(claim)
    return linked[::-1]


def _ranges(tokens: Sequence[Token], claim: Claim, gap: Token, language: str) -> bool:
    """ "between 30 and 34 pounds"."""
    return claim.first > 0 and tokens[claim.first - 1].text in BETWEEN and gap.text in (*TONGUES[language].and_, "和")


def _like(claim: Claim, other: Claim) -> Claim:
    """The claim in the unit of another."""
    if other.kind != "measure":
        return claim._replace(kind=other.kind, coins=other.coins, shy=False)
    unit = other.readings[0].unit
    readings = tuple(Reading(unit, reading.value * other.factor) for reading in claim.readings)
    return claim._replace(kind="measure", readings=readings, shy=False, factor=other.factor)
