"""How a text is said: numbers, prices, sizes, dates and signs in the words of its language."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from host_engine.show.numerals import amount, digits, number, vocabulary
from host_engine.show.patterns import Found, find
from host_engine.show.vocabulary import Vocabulary

_DASHES = frozenset("–—-")
_UNSAID = frozenset({"So", "Sk", "Cs", "Co", "Cn", "Cc", "Cf", "Sc"})  # emojis, marks, control signs


class Token(NamedTuple):
    """A piece of a text as it is read and as it is said; `said` may be several words, or none."""

    shown: str
    said: str


def tokens(text: str, language: str, pronunciations: Mapping[str, str]) -> tuple[Token, ...]:
    """The pieces of a text: `shown` joined by spaces is the text, `said` joined by spaces is what a voice should say.

    `pronunciations` maps words, or several words, to how they are spelled as they sound. What is said holds no
    digits and no signs of currency. A language that is not known is treated as English.
    """
    text = " ".join(text.split())
    words = vocabulary(language)
    found = list(_found(text, language, pronunciations))
    starts = [each.start for each in found]
    pieces = []
    for start, end in _pieces(text, found):
        inside = found[bisect_left(starts, start) : bisect_left(starts, end)]
        pieces.append(Token(text[start:end], _sayable(_replaced(text, start, end, inside), words)))
    for n, piece in enumerate(pieces[1:]):
        if piece.shown in _DASHES and re.search(r"\w$", pieces[n].said):
            pieces[n] = pieces[n]._replace(said=pieces[n].said + ",")  # a dash is heard as a pause
    return tuple(pieces)


def _found(text: str, language: str, pronunciations: Mapping[str, str]) -> Iterator[Found]:
    """What is said otherwise than it is written: first of all the words whose pronunciation is given."""
    at = 0
    known = {" ".join(word.split()).casefold(): said for word, said in pronunciations.items() if word.strip()}
    for match in _words_of(tuple(known)).finditer(text) if known else ():
        if (said := known.get(match[0].casefold())) is not None:
            yield from find(text, language, at, match.start())
            yield Found(match.start(), match.end(), said)
            at = match.end()
    yield from find(text, language, at, len(text))


@lru_cache(256)
def _words_of(known: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(known, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)


def _pieces(text: str, found: list[Found]) -> Iterator[tuple[int, int]]:
    """The text cut at its spaces, but never inside something that is said as one."""
    start = 0
    inside = iter(found)
    current = next(inside, None)
    for space in re.finditer(" ", text):
        while current and current.end <= space.start():
            current = next(inside, None)
        if current and current.start <= space.start() < current.end:
            continue
        yield start, space.start()
        start = space.end()
    if text:
        yield start, len(text)


def _replaced(text: str, start: int, end: int, found: list[Found]) -> str:
    said, at = [], start
    for each in found:
        left = " " if text[max(start, each.start - 1) : each.start].isalnum() else ""
        right = " " if text[each.end : min(end, each.end + 1)].isalnum() else ""
        said += [text[at : each.start], left, each.said, right]
        at = each.end
    return "".join([*said, text[at:end]])


def _sayable(said: str, words: Vocabulary) -> str:
    """The words with whatever no voice can say turned into words or left out."""
    if not said.isascii() or not said.isprintable() or any(sign in "0123456789$^`" for sign in said):
        said = "".join(_sign(sign, words) for sign in said)
    said = re.sub(r"\s+([,.;:!?…)\]}”»]+)", r"\1", " ".join(said.split()))
    said = re.sub(r"([(\[{„“«]) +", r"\1", said)
    return said if re.search(r"\w", said) else ""


def _sign(sign: str, words: Vocabulary) -> str:
    kind = unicodedata.category(sign)
    if kind[0] == "N":
        return f" {_numeral(sign, words)} "
    return " " if kind in _UNSAID or sign in "$^`\ufe0f\u20e3" else sign


def _numeral(sign: str, words: Vocabulary) -> str:
    value = unicodedata.numeric(sign, None)
    if value is None:
        return ""
    if value == int(value):
        found = number(str(int(value)), words)
        return amount(found, words) if found is not None else digits(str(int(value)), words)
    parts = unicodedata.normalize("NFKC", sign).replace("⁄", "/")
    known = words.halves.get(parts)
    return known or " ".join(digits(part, words) for part in parts.split("/"))
