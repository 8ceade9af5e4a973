"""In which language a question is written: by its script, its small words and its letters."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import cache

from host_engine.audience.answers.countries import names_of_places
from host_engine.audience.answers.cues import cue_words
from host_engine.audience.answers.glossary import known_words
from host_engine.audience.answers.lists import listed
from host_engine.audience.answers.words import folded, is_han, words

LANGUAGES = ("en", "de", "it", "fr", "es", "zh")  # that answers are given in
_DEFAULT = 0.55  # what the shop's own language is ahead by: a short question is rather in it
_GOODS = 0.8  # for the name of a thing
_CUE = 0.8  # for a word by which the kind of a question is told
_COUNTRY = 0.4  # for the name of a country or a city, which people write in any language
_SPACED = 0.3  # for the space that French has before a question mark
_SIGN = 0.7  # for a letter that other languages do not have


def language_of(text: str, default: str, names: Container[str] = ()) -> str:
    """One of LANGUAGES; `default` where it cannot be told. `names`: folded words that tell little, as products' do."""
    found = words(text)
    han = sum(len(word) for word in found if is_han(word))
    if han:
        kana = any("぀" <= sign <= "ヿ" or "가" <= sign <= "힣" for sign in text)
        letters = sum(sign.isalpha() for sign in text)
        if han * 3 >= letters and not kana:
            return "zh"
    weights = _weights()
    scores = dict.fromkeys(LANGUAGES, 0.0)
    scores[default] = scores.get(default, 0.0) + _DEFAULT
    for word in found:
        for language, weight in weights.get(word, {}).items():
            scores[language] += weight * (0.3 if word in names else 1.0)
    for language, signs in _signs().items():
        scores[language] += _SIGN * min(2, sum(sign in signs for sign in text.lower()))
    scores["fr"] += _SPACED if re.search(r"\w [?!:](?:\s|$)", text) else 0.0
    best = max(scores, key=lambda language: (scores[language], language == default))
    return best if best in LANGUAGES else default


@cache
def small_words(language: str) -> frozenset[str]:
    """The words of the list of a language, folded."""
    return frozenset(folded(listed("tongues").get(language, {}).get("words", "")).split())


@cache
def _weights() -> dict[str, dict[str, float]]:
    """word -> language -> what it speaks for it: the fewer languages have the word, the more."""
    found: dict[str, dict[str, float]] = {}
    for language in LANGUAGES:
        for word in small_words(language):
            found.setdefault(word, {})[language] = 1.0
        for word in known_words(language):
            if len(word) >= 4:
                found.setdefault(word, {}).setdefault(language, _GOODS)
        for words_of, weight in ((cue_words(language), _CUE), (names_of_places(language), _COUNTRY)):
            for word in words_of:
                if len(word) >= 4:
                    found.setdefault(word, {}).setdefault(language, weight)
    return {
        word: {each: weight / len(having) ** 1.5 for each, weight in having.items()} for word, having in found.items()
    }


@cache
def _signs() -> dict[str, frozenset[str]]:
    return {language: frozenset(listed("tongues").get(language, {}).get("signs", "")) for language in LANGUAGES}
