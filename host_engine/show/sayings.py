"""How each kind of expression is said; None where it is something else after all than its pattern thought."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

from host_engine.show.numerals import (
    amount,
    cardinal,
    clock,
    counted,
    day,
    digits,
    money,
    month_names,
    number,
    ordinal,
    unit,
    unit_name,
    year,
)
from host_engine.show.vocabulary import AMPERE_HOURS, SIGNS, UNITS, Vocabulary

_DIGITS = frozenset("0123456789")
_UNIT = "|".join(sorted(map(re.escape, [*UNITS, *AMPERE_HOURS]), key=len, reverse=True))
_DE_ARTICLES = "der die das den dem des am im vom zum zur beim bis ab jede jeder jedes jeden ein eine"
_YEAR_WORDS = "in since from of by until before after year spring summer autumn fall winter"


def say_address(match: re.Match[str], words: Vocabulary) -> str:
    """A web or mail address: its parts with their signs in words."""
    bare = re.sub(r"^https?://|(?<=//)www\.|^www\.", "", match[0]).strip("/")
    signs = {".": words.dot, "/": words.slash, "-": words.dash, "@": words.at, "_": " ", "+": words.plus}
    parts = re.split(r"([0-9]+|[^\w]|_)", bare)
    return " ".join(digits(part, words) if part[:1] in _DIGITS else signs.get(part, part) for part in parts)


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["y"] or 2000), int(match["m"]), int(match["d"]))
    except ValueError:
        return None


def _word_before(match: re.Match[str]) -> str:
    before = match.string[: match.start()].rsplit(None, 1)
    return before[-1].strip("(„\"'»«").lower() if before else ""


def _inflected(match: re.Match[str]) -> bool:
    return _word_before(match) not in ("der", "die", "das")


def say_iso_date(match: re.Match[str], words: Vocabulary) -> str | None:
    """2026-12-24."""
    when = _date(match)
    return day(when, True, words, _inflected(match)) if when else None


def say_numeric_date(match: re.Match[str], words: Vocabulary) -> str | None:
    """24.12.2026, 24/12/2026 or, in English, 12/24/2026."""
    first, second, number_of_year = int(match["d"]), int(match["m"]), int(match["y"])
    if (words.language == "en" and match["s"] == "/" and first <= 12) or second > 12:
        first, second = second, first  # the month comes first
    try:
        return day(date(number_of_year, second, first), True, words, _inflected(match))
    except ValueError:
        return None


def say_written_date(match: re.Match[str], words: Vocabulary) -> str | None:
    """24 December 2026."""
    months = {name: n for n, name in month_names(words.language).items()}
    try:
        when = date(int(match["y"] or 2000), months[match["m"]], int(match["d"]))
    except ValueError:
        return None
    said = day(when, match["y"] is not None, words, _inflected(match))
    return said.removeprefix("the ") if _word_before(match) in ("the", "this", "every") else said


def say_american_date(match: re.Match[str], words: Vocabulary) -> str | None:
    """December 24, 2026."""
    if words.language != "en" or not 1 <= int(match["d"]) <= 31:
        return None
    tail = f", {year(int(match['y']), words)}" if match["y"] else ""
    return f"{match['m']} {ordinal(int(match['d']), words)}{tail}"


def say_clock(match: re.Match[str], words: Vocabulary) -> str | None:
    """20:30 or 8 pm."""
    parts = match.groupdict()
    half = f"{parts['half'].lower()}m" if parts["half"] else ""
    if words.language == "en" and not half and "m" not in parts:
        return None  # "5 h" is a duration
    return clock(int(parts["h"]), int(parts.get("m") or 0), words, half)


def say_price(match: re.Match[str], words: Vocabulary) -> str | None:
    """15.00 EUR, €15 or 12 €/kg."""
    value, sign = number(match["n"] or match["n2"], words), match["sign"] or match["sign2"]
    if value is None:
        return None
    said = money(value, SIGNS.get(sign, sign), words)
    if match["unit"]:
        said += f" {words.per} {unit_name(Decimal(1), match['unit'], words)}"
    return f"{words.minus} {said}" if match["minus"] else said


def say_percent(match: re.Match[str], words: Vocabulary) -> str | None:
    """-20 % or 10-20 %."""
    numbers = [number(text, words) for text in (match["n"], match["to"]) if text]
    if None in numbers:
        return None
    said = f" {words.to} ".join(amount(value, words) for value in numbers if value is not None)
    sign = {"+": words.plus + " ", None: ""}.get(match["sign"], words.minus + " ")
    return f"{sign}{said} {words.percent}"


def say_dimensions(match: re.Match[str], words: Vocabulary) -> str | None:
    """10 x 20 cm."""
    sides = []
    for side in re.split(r" ?[x×] ?", match[0]):
        measure = re.fullmatch(rf"([0-9 .,'’]+?) ?({_UNIT})?", side)
        value = number(measure[1], words) if measure else None
        if value is None or measure is None:
            return None
        sides.append(unit(value, measure[2], words) if measure[2] else amount(value, words))
    return f" {words.by} ".join(sides)


def say_times(match: re.Match[str], words: Vocabulary) -> str | None:
    """3x."""
    value = number(match["n"], words)
    return None if value is None else f"{counted(value, '', words)} {words.times}"


def say_range(match: re.Match[str], words: Vocabulary) -> str | None:
    """2-3 cm or 1984-1990."""
    low, high = int(match["a"]), int(match["b"])
    if low >= high or (match["a"].startswith("0") and len(match["a"]) > 1):
        return None
    both_years = low >= 1100 and high <= 2100
    say = year if both_years else cardinal
    said = f"{say(low, words)} {words.to} "
    return said + (unit(Decimal(high), match["unit"], words) if match["unit"] else say(high, words))


def say_measure(match: re.Match[str], words: Vocabulary) -> str | None:
    """100 g, -5 °C or 20 km/h."""
    value = number(match["n"], words)
    if value is None:
        return None
    said = unit(value, match["unit"], words)
    if match["per"]:
        said += f" {words.per} {unit_name(Decimal(1), match['per'], words)}"
    return f"{words.minus} {said}" if match["minus"] else said


def say_fraction(match: re.Match[str], words: Vocabulary) -> str:
    """1/2 or 1 ½; others, such as 24/7, by their numbers."""
    written = unicodedata.normalize("NFKC", match["f"]).replace("⁄", "/")
    whole = f"{cardinal(int(match['whole']), words)} " if match["whole"] else ""
    if said := words.halves.get(written):
        return f"{whole}{words.and_} {said}" if whole else said
    return whole + " ".join(cardinal(int(part), words) for part in written.split("/"))


def say_telephone(match: re.Match[str], words: Vocabulary) -> str | None:
    """+49 30 1234567, group by group."""
    count = len(re.findall(r"[0-9]", match[0]))
    if count < 7 or (match[0].isdigit() and match[0][0] != "0") or re.match(r"[1-9][0-9]* ", match[0]):
        return None
    groups = [digits(group, words) for group in re.findall(r"[0-9]+", match[0])]
    return f"{words.plus} {', '.join(groups)}" if match[0].startswith("+") else ", ".join(groups)


def say_ordinal(match: re.Match[str], words: Vocabulary) -> str | None:
    """2nd, 2., 1er."""
    value, end = int(match["n"]), match["end"]
    if words.language == "de":
        before, following = _word_before(match), match.string[match.end() + 1 : match.end() + 2]
        if value > 100 or not (before in _DE_ARTICLES.split() or following.islower()):
            return None
        return ordinal(value, words) + ("" if before in ("der", "die", "das", "jede", "eine") else "n")
    return ordinal(value, words, feminine="ª" in end or end in ("re", "ère"))


def say_numbered(match: re.Match[str], words: Vocabulary) -> str:
    """#1."""
    value = number(match["n"], words)
    return f"{words.number} {digits(match['n'], words) if value is None else amount(value, words)}"


def say_code(match: re.Match[str], words: Vocabulary) -> str:
    """A name such as WH-1000XM4: short and round numbers are read whole, all others digit by digit."""
    parts = re.split(r"([0-9]+)|[-_]", match[0])
    return " ".join(_code_number(part, words) if part[:1] in _DIGITS else part for part in parts if part)


def _code_number(text: str, words: Vocabulary) -> str:
    whole = len(text) <= 2 or (len(text) <= 4 and text.endswith("00"))
    return cardinal(int(text), words) if whole and not text.startswith("0") else digits(text, words)


def say_number(match: re.Match[str], words: Vocabulary) -> str | None:
    """A number by itself; years and rows of digits are told from amounts."""
    text, minus = match["n"], f"{words.minus} " if match["minus"] else ""
    if text[0] in _DIGITS and text.isdecimal() and (len(text) > 6 or (len(text) > 1 and text.startswith("0"))):
        return minus + digits(text, words)
    value = number(text, words)
    if value is None:
        return f" {words.point} ".join(digits(part, words) for part in re.split(r"[.,'’]", text))
    if words.language == "en" and re.fullmatch(r"1[1-9][0-9]{2}|20[0-9]{2}", text):
        recent = re.fullmatch(r"19[0-9]{2}|20[0-4][0-9]", text)
        if recent or _word_before(match) in _YEAR_WORDS.split():
            return year(int(text), words)
    if words.language == "de" and re.fullmatch(r"1[1-9][0-9]{2}", text):
        return year(int(text), words)
    following = re.match(r" ([^\W\d_]{4,})", match.string[match.end() : match.end() + 40])
    if following and (words.language != "de" or following[1][0].isupper()):
        return minus + counted(value, following[1], words)
    return minus + amount(value, words)


def say_lone_sign(match: re.Match[str], words: Vocabulary) -> str:
    """A sign that stands for a word, or for nothing."""
    said = {"&": words.and_, "+": words.plus, "@": words.at, "=": words.equals, "~": words.about, "%": words.percent}
    return said.get(match[0], "," if match[0] in "–—" else "")
