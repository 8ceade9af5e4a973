"""Numbers in words: amounts, ordinals, years, digits, money, units, dates and the clock, in each language."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel.dates import get_month_names
from babel.numbers import get_currency_name
from babel.units import UnknownUnitError, format_unit
from num2words import num2words

from host_engine.show.vocabulary import AMPERE_HOURS, UNITS, VOCABULARIES, Vocabulary

LARGEST = 10**15  # beyond it, numbers are read digit by digit
LONGEST = 18  # signs of a number that is no mere row of digits


def vocabulary(language: str) -> Vocabulary:
    """The words of a language such as "de" or "de-AT"; those of English where it is not known."""
    return VOCABULARIES.get(language.split("-")[0], VOCABULARIES["en"])


def number(written: str, words: Vocabulary) -> Decimal | None:
    """The value of a number as people write it ("1,299.50", "1.299,50", "1 299"), None where it is none."""
    text = re.sub(r"[ '’]", "", written)
    if len(text) > LONGEST:
        return None
    group = "," if words.decimal == "." else "."
    if text.count(group) and text.count(words.decimal) <= 1:
        whole = text.partition(words.decimal)[0]
        if re.fullmatch(rf"[0-9]{{1,3}}(?:\{group}[0-9]{{3}})+", whole):
            text = text.replace(group, "")
    text = text.replace(",", ".")
    try:
        return Decimal(text) if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text) else None
    except InvalidOperation:
        return None


_FEMININE_ENDS = {
    "de": ("e", "ung", "heit", "keit", "ion"),
    "es": ("a", "as", "ción"),
    "it": ("a", "zione"),
    "pt": ("a", "as", "ção"),
}


@lru_cache(4096)
def _num2words(value: int, language: str, to: str) -> str:
    return re.sub(r"[,\s]+", " ", num2words(value, lang=language, to=to))


def cardinal(value: int, words: Vocabulary) -> str:
    """A whole number in words."""
    if abs(value) >= LARGEST:
        return digits(str(value), words)
    said = _num2words(abs(value), words.language, "cardinal")
    return f"{words.minus} {said}" if value < 0 else said


def amount(value: Decimal, words: Vocabulary) -> str:
    """A number in words, with its decimals one by one."""
    whole, _, decimals = f"{value:f}".partition(".")
    said = cardinal(int(whole), words)
    return f"{said} {words.point} {digits(decimals, words)}" if decimals else said


def counted(value: Decimal, thing: str, words: Vocabulary) -> str:
    """A number before the thing it counts: "ein Euro", "veintiún gramos", "une heure"."""
    said = amount(value, words)
    one = words.one_feminine if _is_feminine(thing, words) else words.one
    if value == 1:
        return one
    if words.language == "es" and value == value.to_integral_value():
        said = re.sub(r"veintiuno$", "veintiún" if one == "un" else "veintiuna", said)
        said = re.sub(r"\buno$", one, said)
    return said


def _is_feminine(thing: str, words: Vocabulary) -> bool:
    first = thing.split(" ")[0]
    ends = _FEMININE_ENDS.get(words.language)
    return first in words.feminine or bool(ends and first.endswith(ends))


def digits(written: str, words: Vocabulary) -> str:
    """The digits of a text one by one; everything else in it is left out."""
    return " ".join(_num2words(int(sign), words.language, "cardinal") for sign in written if sign in "0123456789")


def year(value: int, words: Vocabulary) -> str:
    """A year, as "nineteen eighty-four" or "neunzehnhundertvierundachtzig"."""
    if words.language == "en" and 2000 <= value <= 2009:
        return cardinal(value, words).replace(" and ", " ")
    try:
        return _num2words(value, words.language, "year" if words.language in ("en", "de") else "cardinal")
    except (NotImplementedError, ValueError):
        return cardinal(value, words)


def ordinal(value: int, words: Vocabulary, feminine: bool = False) -> str:
    """The number of something in a row."""
    if value < 1 or value >= 10_000:
        return cardinal(value, words)
    said = _num2words(value, words.language, "ordinal")
    if feminine and words.language == "fr":
        return "première" if value == 1 else said
    if feminine and words.language in ("es", "it", "pt"):
        return re.sub(r"o\b", "a", said)
    return said


def money(value: Decimal, currency: str, words: Vocabulary) -> str:
    """A price as it is said: "nineteen euros and ninety cents", "neunzehn Euro neunzig"."""
    names = words.coins.get(currency) or _coin_of_cldr(currency, words)
    whole, cents = int(value), int((value % 1) * 100)
    if value != value.quantize(Decimal("0.01")) or not names[2]:
        return f"{amount(value, words)} {names[1]}"
    small = f"{counted(Decimal(cents), names[2], words)} {names[2] if cents == 1 else names[3]}"
    if not whole and cents:
        return small
    coin = names[0] if whole == 1 else names[1]
    if whole >= 1_000_000 and whole % 1_000_000 == 0 and words.language in ("es", "fr", "it", "pt"):
        coin = f"{'d’' if coin[0] in 'aeio' and words.language == 'fr' else 'de '}{coin}"
    large = counted(Decimal(whole), coin, words)
    if not cents:
        return f"{large} {coin}"
    return words.cents.format(whole=large, coin=coin, cents=cardinal(cents, words), cent=small.rsplit(" ", 1)[-1])


def _coin_of_cldr(currency: str, words: Vocabulary) -> tuple[str, str, str, str]:
    one, several = (get_currency_name(currency, count, locale=words.language) for count in (1, 2))
    return (one, several, "", "")


def unit(value: Decimal, written: str, words: Vocabulary) -> str:
    """A measure with its unit in words: "one hundred grams"."""
    name = unit_name(value, written, words)
    return f"{counted(value, name, words)} {name}"


def unit_name(value: Decimal, written: str, words: Vocabulary) -> str:
    """What a unit is called when there are so many of it."""
    if written in AMPERE_HOURS:
        return AMPERE_HOURS[written][words.language][value != 1]
    return _cldr_unit(value if value < 1000 else Decimal(1000), UNITS[written], words.language)


@lru_cache(4096)
def _cldr_unit(value: Decimal, name: str, language: str) -> str:
    try:
        text = format_unit(value, name, "long", locale=language)
    except UnknownUnitError:  # older CLDR
        text = format_unit(value, "mass-metric-ton", "long", locale=language)
    return re.sub(r"^[\d.,\s]+|[\d.,\s]+$", "", text)


def day(when: date, with_year: bool, words: Vocabulary, inflected: bool = True) -> str:
    """A date in words; in German `inflected` says whether it stands as in "am vierundzwanzigsten"."""
    month, said = month_names(words.language)[when.month], cardinal(when.day, words)
    tail = year(when.year, words) if with_year else ""
    match words.language:
        case "en":
            parts = f"the {ordinal(when.day, words)} of {month}", tail and f", {tail}"
            return "".join(parts)
        case "de":
            return f"{ordinal(when.day, words)}{'n' if inflected else ''} {month} {tail}".rstrip()
        case "es" | "pt":
            return f"{said} de {month}" + (f" de {tail}" if tail else "")
        case "fr" | "it":
            first = {"fr": "premier", "it": "primo"}[words.language]
            return f"{first if when.day == 1 else said} {month} {tail}".rstrip()
    return f"{said} {month} {tail}".rstrip()


@lru_cache
def month_names(language: str) -> dict[int, str]:
    """The months by their number."""
    return dict(get_month_names("wide", locale=language))


def clock(hour: int, minute: int, words: Vocabulary, half: str = "") -> str:
    """A time of the day; `half` is "am" or "pm" where it is written."""
    if words.language == "en":
        half = half or ("am" if hour < 12 else "pm")
        hours = cardinal(hour % 12 or 12, words)
        minutes = "" if not minute else f"oh {cardinal(minute, words)}" if minute < 10 else cardinal(minute, words)
        return " ".join(filter(None, (hours, minutes, " ".join(half.upper()))))
    feminine = words.language in ("es", "it", "fr", "pt")
    one = words.one_feminine if feminine else words.one
    hours = one if hour == 1 else cardinal(hour, words)
    if words.language == "pt" and hour == 2:
        hours = "duas"
    said = (words.clock_minutes if minute else words.clock).format(hours=hours, minutes=cardinal(minute, words))
    return said.replace("heures", "heure").replace("horas", "hora") if hour == 1 else said
