"""Days and months that a text names, in figures or in words of eight languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from babel.dates import get_month_names
from num2words import num2words

from host_engine.gate.numbers import number_at
from host_engine.gate.wording import NUMBER, WORD, Token, among, fold, words

_ISO = re.compile(r"[12][0-9]{3}")
_DOTTED = re.compile(r"([0-3]?[0-9])\.([01]?[0-9])\.([12][0-9]{3}|[0-9]{2})")
_SHORT = re.compile(r"([0-3]?[0-9])\.([01]?[0-9])")
_BEFORE_MONTH = among(
    "in im ab seit bis until till by from since of mid late early middle end start beginning anfang mitte ende fino da "
    "dal entro di a meta fine inizio en jusqu au depuis des mi fin debut desde hasta de finales mediados principios "
    "ate em tot vanaf begin eind"
)
_DAY_WORDS = among("am vom bis ab zum den dem seit der on until the by from al il le el")
_OF = frozenset({"of", "de", "d", "del", "di", "the"})
_SUFFIX = frozenset({"st", "nd", "rd", "th", "er", "ere", "e", "º", "ª", "o", "."})


class Day(NamedTuple):
    """A day, or a month where `day` is None, named by the tokens from `first` up to, not including, `end`."""

    first: int
    end: int
    month: int
    day: int | None = None
    year: int | None = None
    swapped: bool = False  # day and month may be the other way round

    def fits(self, when: date) -> bool:
        """Whether that day is the one that is named."""
        if self.year is not None and self.year not in (when.year, when.year % 100):
            return False
        if self.day is None:
            return self.month == when.month
        exact = (self.month, self.day) == (when.month, when.day)
        return exact or (self.swapped and (self.day, self.month) == (when.month, when.day))


def find(tokens: Sequence[Token], language: str) -> list[Day]:
    """Every day and month of a text, from left to right."""
    found: list[Day] = []
    at = 0
    while at < len(tokens):
        day = _at(tokens, at, language)
        if day is not None:
            found.append(day)
            at = day.end
        else:
            at += 1
    return found


def _at(tokens: Sequence[Token], at: int, language: str) -> Day | None:
    token = tokens[at]
    if token.kind == NUMBER:
        return _figures(tokens, at) or _shortened(tokens, at, language) or _day_first(tokens, at, at + 1, language)
    if token.kind != WORD:
        return None
    if language == "zh":
        return _han(tokens, at)
    if (month := _months(language).get(token.text)) is not None:
        return _month_first(tokens, at, month, language)
    ordinal = _ordinal(tokens, at, language)
    return _day_first(tokens, at, ordinal[1], language, ordinal[0]) if ordinal else None


def _figures(tokens: Sequence[Token], at: int) -> Day | None:
    """2026-12-31, 31.12.2026, 12/31/2026."""
    text = tokens[at].text
    if dotted := _DOTTED.fullmatch(text):
        return _checked(at, at + 1, int(dotted[2]), int(dotted[1]), int(dotted[3]))
    if at + 4 >= len(tokens):
        return None
    row = [token.text for token in tokens[at : at + 5]]
    if not all(part.isdecimal() and len(part) <= 4 for part in row[::2]):
        return None
    if row[1] == row[3] == "-" and _ISO.fullmatch(row[0]):
        return _checked(at, at + 5, int(row[2]), int(row[4]), int(row[0]))
    if row[1] == row[3] == "/" and len(row[4]) in (2, 4):
        first, second = int(row[0]), int(row[2])
        return _checked(at, at + 5, first, second, int(row[4]), True) or _checked(
            at, at + 5, second, first, int(row[4])
        )
    return None


def _shortened(tokens: Sequence[Token], at: int, language: str) -> Day | None:
    """31.12. behind "bis" and the like."""
    short = _SHORT.fullmatch(tokens[at].text)
    dot = at + 1 < len(tokens) and tokens[at + 1].text == "." and tokens[at + 1].glued
    before = at > 0 and tokens[at - 1].text in _DAY_WORDS
    if short and dot and before and language in ("de", "nl"):
        return _checked(at, at + 2, int(short[2]), int(short[1]), None)
    return None


def _day_first(tokens: Sequence[Token], at: int, end: int, language: str, day: int | None = None) -> Day | None:
    """31 December 2026, 31st of December, 31. Dezember, quince de febrero, 2月15日."""
    if language == "zh":
        return _han(tokens, at)
    if day is None:
        if not tokens[at].text.isdecimal() or not 1 <= int(tokens[at].text[:3]) <= 31:
            return None
        day = int(tokens[at].text[:3])
    while end < len(tokens) and (tokens[end].text in _SUFFIX or tokens[end].text in _OF) and end < at + 5:
        end += 1
    month = _months(language).get(tokens[end].text) if end < len(tokens) else None
    if month is None:
        return None
    end, year = _year(tokens, end + 1, language)
    return _checked(at, end, month, day, year)


def _month_first(tokens: Sequence[Token], at: int, month: int, language: str) -> Day | None:
    """December 31st, 2026; or the month alone behind a word such as "in"."""
    end = at + 1
    if language == "en" and end < len(tokens):
        if end + 1 < len(tokens) and tokens[end].text == "the":
            end += 1
        ordinal = _ordinal(tokens, end, language)
        if tokens[end].text.isdecimal() and 1 <= int(tokens[end].text[:3]) <= 31:
            ordinal = (int(tokens[end].text[:3]), end + 1)
        if ordinal and not (ordinal[1] < len(tokens) and tokens[ordinal[1]].text in ("%", "percent")):
            day, end = ordinal
            if end < len(tokens) and tokens[end].text in _SUFFIX and tokens[end].text != ".":
                end += 1
            end, year = _year(tokens, end, language)
            return _checked(at, end, month, day, year)
    end, year = _year(tokens, at + 1, language)
    if len(tokens[at].text) < 3 or tokens[at].text not in _wide(language):
        return None
    if year is None and not (at > 0 and tokens[at - 1].text in _BEFORE_MONTH):
        return None
    return Day(at, end, month, None, year)


def _year(tokens: Sequence[Token], at: int, language: str) -> tuple[int, int | None]:
    """Where the date ends, and its year if one follows."""
    start = at
    while at < len(tokens) and tokens[at].text in (",", "de", "del") and at < start + 2:
        at += 1
    if at >= len(tokens):
        return start, None
    if tokens[at].kind == NUMBER:
        return (at + 1, int(tokens[at].text)) if _ISO.fullmatch(tokens[at].text) else (start, None)
    said = number_at(tokens, at, language)
    if said is None:
        return start, None
    if 1900 <= said.value <= 2100:
        return said.end, int(said.value)
    rest = number_at(tokens, said.end, language) if said.value in (19, 20) and said.end < len(tokens) else None
    return (rest.end, int(said.value * 100 + rest.value)) if rest and 0 < rest.value < 100 else (start, None)


def _han(tokens: Sequence[Token], at: int) -> Day | None:
    """2027年2月15日, 二月十五号, 2月."""
    first = number_at(tokens, at, "zh")
    if first is None or first.end >= len(tokens):
        return None
    year, month, end = None, first, first.end
    if tokens[end].text == "年" and 1900 <= first.value <= 2100:
        year = int(first.value)
        found = number_at(tokens, end + 1, "zh") if end + 1 < len(tokens) else None
        if found is None or found.end >= len(tokens):
            return None
        month, end = found, found.end
    if tokens[end].text != "月" or not 1 <= month.value <= 12:
        return None
    last = number_at(tokens, end + 1, "zh") if end + 1 < len(tokens) else None
    if last and last.end < len(tokens) and tokens[last.end].text in ("日", "号"):
        return _checked(at, last.end + 1, int(month.value), int(last.value), year)
    return Day(at, end + 1, int(month.value), None, year)


def _checked(first: int, end: int, month: int, day: int, year: int | None, swapped: bool = False) -> Day | None:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return Day(first, end, month, day, year, swapped and day <= 12)


def _ordinal(tokens: Sequence[Token], at: int, language: str) -> tuple[int, int] | None:
    """A day of the month in words, and where it ends."""
    known = _ordinals(language)
    if tokens[at].text not in _first_words(language):
        return None
    for length in range(min(4, len(tokens) - at), 0, -1):
        value = known.get(tuple(token.text for token in tokens[at : at + length]))
        if value is not None:
            return value, at + length
    return None


@lru_cache
def _ordinals(language: str) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for n in range(1, 32):
        for kind in ("ordinal", "cardinal"):
            if kind == "cardinal" and language in ("en", "de", "nl"):
                continue
            said = words(num2words(n, lang=language, to=kind).replace("-", " "))
            found[said] = n
            if language == "de":
                found.update({(said[0] + end,): n for end in ("n", "r", "m", "s")})
    return found


@lru_cache
def _first_words(language: str) -> frozenset[str]:
    return frozenset(said[0] for said in _ordinals(language))


@lru_cache
def _months(language: str) -> dict[str, int]:
    found = {fold(name): n for n, name in get_month_names("wide", locale=language).items()}
    short = {fold(name).strip("."): n for n, name in get_month_names("abbreviated", locale=language).items()}
    return {**{name: n for name, n in short.items() if len(name) >= 3}, **found}


@lru_cache
def _wide(language: str) -> frozenset[str]:
    return frozenset(fold(name) for name in get_month_names("wide", locale=language).values())
