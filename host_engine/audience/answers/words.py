"""A text as words that can be compared: folded to plain letters, without accents, marks and tricks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 400  # signs of a question; nobody reads on

_HAN = "㐀-鿿豈-﫿"
_WORD = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’`](?=\w)")
_IS_HAN = re.compile(f"[{_HAN}]")
_HIDDEN = frozenset({"Mn", "Me", "Cf", "Cc", "Co", "Cs"})
_ENDINGS = ("ings", "ing", "ies", "es", "ed", "en", "er", "em", "s", "e", "n", "a", "o", "i")


def folded(text: str) -> str:
    """Lower case without accents: "Crème Brûlée" is "creme brulee", "Größe" is "grosse". Han signs stay."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    shown = "".join(" " if sign.isspace() else sign for sign in apart)
    return "".join(sign for sign in shown if unicodedata.category(sign) not in _HIDDEN)


def words(text: str, language: str = "") -> list[str]:
    """The words of a text, folded; runs of Han signs stay whole. Apostrophes part words, but not in English."""
    plain = folded(text)
    if language == "en":
        plain = _APOSTROPHE.sub("", plain) if "'" in plain or "’" in plain or "`" in plain else plain
    return _WORD.findall(plain)


@lru_cache(16384)
def stem(word: str) -> str:
    """A word without the endings that plural and inflection add in the languages of answers; roughly."""
    if len(word) < 4 or word[0].isdigit() or is_han(word):
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= (6 if ending in "aoi" else 3):
            return word[: -len(ending)]
    return word


def is_han(word: str) -> bool:
    """Whether a word is of Chinese signs."""
    return bool(_IS_HAN.match(word))


@lru_cache(65536)
def alike(one: str, other: str) -> float:
    """How alike two folded words are, 0..1: the same, inflected, or one within a compound of the other."""
    if one == other:
        return 1.0
    if stem(one) == stem(other):
        return 0.95
    short, long = sorted((one, other), key=len)
    if len(short) >= 4 and not short.isdigit():
        if long.endswith(short):
            return 0.8
        if long.startswith(short) and len(long) - len(short) <= 6:
            return 0.75
    return 0.0
