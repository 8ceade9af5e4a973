"""Finds what is written with digits and signs in a text, and says how it is said: one rule for each kind of thing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from host_engine.show import sayings
from host_engine.show.languages import ABBREVIATIONS
from host_engine.show.numerals import month_names, unit_name, vocabulary
from host_engine.show.vocabulary import AMPERE_HOURS, CODES, SIGNS, UNITS, Vocabulary

Say = Callable[[re.Match[str], Vocabulary], str | None]


class Rule(NamedTuple):
    """A kind of expression, and how it is said; `say` gives None where it is something else after all."""

    pattern: re.Pattern[str]
    say: Say


class Found(NamedTuple):
    """The text from `start` to `end` is said as `said`."""

    start: int
    end: int
    said: str


_N = r"[0-9]+(?:[.,'’][0-9]+)*"
_SIGN = "|".join(sorted(map(re.escape, SIGNS), key=len, reverse=True))
_CODE = "|".join(CODES)
_UNIT = "|".join(sorted(map(re.escape, [*UNITS, *AMPERE_HOURS]), key=len, reverse=True))
_OCLOCK = r" ?(?:Uhr|uur|h)\b"
_Y, _H = r"[12][0-9]{3}", r"(?P<h>[01]?[0-9]|2[0-4])"
_BEFORE, _AFTER = r"(?<![\w.,’'-])", r"(?![\w])"
_FRACTIONS = "½⅓⅔¼¾⅛"
_DOMAIN = r"(?:com|net|org|io|shop|store|example|test|app|info|tv|live|eu|de|at|ch|fr|es|it|nl|be|pt|uk|us)"


def find(text: str, language: str, start: int, end: int) -> Iterator[Found]:
    """Everything between `start` and `end` that is not said as it is written, from left to right."""
    words, rules = vocabulary(language), _rules(language.split("-")[0])
    any_rule = _any_of(language.split("-")[0])
    at = start
    while at < end and (match := any_rule.search(text, at, end)):
        at = match.start()
        for rule in rules:
            exact = rule.pattern.match(text, at, end)
            if exact and exact.end() > at and (said := rule.say(exact, words)) is not None:
                yield Found(at, exact.end(), said)
                at = exact.end()
                break
        else:
            at += 1


@lru_cache
def _any_of(language: str) -> re.Pattern[str]:
    """All patterns in one, to find the next place where one of them may fit; names may stand once in a pattern only."""
    nameless = (re.sub(r"\(\?P<\w+>", "(?:", rule.pattern.pattern) for rule in _rules(language))
    return re.compile("|".join(f"(?:{pattern})" for pattern in nameless))


@lru_cache
def _rules(language: str) -> tuple[Rule, ...]:
    """The rules of a language; the first that fits is taken."""
    months = "|".join(month_names(vocabulary(language).language).values())
    n = _N if language in ("en", "de") else rf"(?:[0-9]{{1,3}}(?: [0-9]{{3}})+(?:,[0-9]+)?|{_N})"
    price = rf"(?:(?P<sign>{_SIGN}|{_CODE}) ?(?P<n>{n})|(?P<n2>{n})(?:,?[–-])? ?(?P<sign2>{_SIGN}|{_CODE}))"
    of = r" (?:de |of )?"
    # fmt: off
    rules: list[tuple[str, Say]] = [
        (rf"\b(?:https?://)?(?:www\.)?[\w-]+(?:\.[\w-]+)*\.{_DOMAIN}\b(?:/[\w/.~%-]*[\w/])?(?![@\w])",
         sayings.say_address),
        (r"\b(?:https?://|www\.)[^\s<>]+[\w/]", sayings.say_address),
        (r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b", sayings.say_address),
        *((pattern, _as(said)) for pattern, said in _abbreviations(language)),
        (rf"{_BEFORE}(?P<y>[12][0-9]{{3}})-(?P<m>[01][0-9])-(?P<d>[0-3][0-9])(?![\w-])", sayings.say_iso_date),
        (rf"{_BEFORE}(?P<d>[0-3]?[0-9])(?P<s>[./])(?P<m>[0-3]?[0-9])[./](?P<y>[12][0-9]{{3}}){_AFTER}",
         sayings.say_numeric_date),
        (rf"{_BEFORE}(?P<d>[0-3]?[0-9])(?:\.|st|nd|rd|th|er|º)?{of}(?P<m>{months})(?:,?{of}(?P<y>{_Y}))?{_AFTER}",
         sayings.say_written_date),
        (rf"\b(?P<m>{months}) (?P<d>[0-3]?[0-9])(?:st|nd|rd|th)?(?:,? (?P<y>[12][0-9]{{3}}))?{_AFTER}",
         sayings.say_american_date),
        (rf"{_BEFORE}{_H}[:h](?P<m>[0-5][0-9])(?: ?(?P<half>[aApP])\.?[mM]\b\.?|{_OCLOCK})?{_AFTER}",
         sayings.say_clock),
        (rf"{_BEFORE}{_H} ?(?:(?P<half>[aApP])\.?[mM]\b\.?|Uhr\b|uur\b|heures?\b|h(?=\s|$))", sayings.say_clock),
        (rf"(?<![\w.,])(?P<minus>[-−–])?{price}(?:/(?P<unit>{_UNIT}))?{_AFTER}", sayings.say_price),
        (rf"(?<![\w.,])(?P<sign>[-−–+])?(?P<n>{n})(?:[–-](?P<to>{n}))? ?%", sayings.say_percent),
        (rf"{_BEFORE}{n}(?: ?(?:{_UNIT}))?(?: ?[x×] ?{n}(?: ?(?:{_UNIT}))?){{1,3}}{_AFTER}", sayings.say_dimensions),
        (rf"{_BEFORE}(?P<n>{n}) ?[x×](?=\s|$|[.,;!?])", sayings.say_times),
        (rf"{_BEFORE}(?P<a>[0-9]{{1,4}}) ?[–-] ?(?P<b>[0-9]{{1,4}})(?: ?(?P<unit>{_UNIT}))?(?![\w-])",
         sayings.say_range),
        (rf"(?<![\w.,])(?P<minus>[-−–])?(?P<n>{n})[ -]?(?P<unit>{_UNIT})(?:/(?P<per>{_UNIT}))?{_AFTER}",
         sayings.say_measure),
        (rf"{_BEFORE}(?:\+ ?)?[0-9(][0-9]*[0-9 ()/-]{{5,}}[0-9]{_AFTER}", sayings.say_telephone),
        (rf"{_BEFORE}(?:(?P<whole>[0-9]{{1,6}}) )?(?P<f>[0-9]{{1,6}}/[0-9]{{1,6}}){_AFTER}", sayings.say_fraction),
        (rf"{_BEFORE}(?P<whole>[0-9]{{1,6}})? ?(?P<f>[{_FRACTIONS}])", sayings.say_fraction),
        (r"(?<!\w)(?P<unit>[ck]?m[²³]|km/h|°[CF])(?!\w)", _several),
        (rf"{_BEFORE}(?P<n>[0-9]{{1,4}})(?P<end>{_ordinal_ends(language)}){_AFTER}", sayings.say_ordinal),
        (rf"(?:#|№) ?(?P<n>{n})", sayings.say_numbered),
        (r"(?<![\w])(?=\w*[0-9])(?=\w*[^\W\d_])\w+(?:-\w+)*(?!\w)|\b[^\W\d_]+-[0-9][\w-]*", sayings.say_code),
        (rf"(?<![\w.,])(?P<minus>[-−–])?(?P<n>{n})", sayings.say_number),
        (r"(?<=\w) ?/ ?(?=\w)", _as(" ")),
        (r"[&+@=~§%°×–—_*|\\/#<>]", sayings.say_lone_sign),
    ]
    # fmt: on
    return tuple(Rule(re.compile(pattern), say) for pattern, say in rules)


def _ordinal_ends(language: str) -> str:
    return {
        "en": "st|nd|rd|th",
        "de": r"\.(?= [^\W\d])",
        "es": r"\.?[ºª]",
        "fr": "er|re|ère|e|ème",
        "it": "[ºª]",
        "pt": r"\.?[ºª]",
        "nl": "e|ste|de",
    }.get(language, "st|nd|rd|th")


def _abbreviations(language: str) -> Iterator[tuple[str, str]]:
    for written, said in sorted(ABBREVIATIONS.get(language, {}).items(), key=lambda entry: -len(entry[0])):
        if said:
            letters = r"\.\s?".join(map(re.escape, written.removesuffix(".").split(".")))
            numbered = r"(?=\s?[0-9])" if written in ("no.", "nos.", "n.") else ""
            yield rf"(?i:(?<!\w){letters}\.){numbered}", said


def _as(said: str) -> Say:
    return lambda match, words: said


def _several(match: re.Match[str], words: Vocabulary) -> str:
    return unit_name(Decimal(2), match["unit"], words)
