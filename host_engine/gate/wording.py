"""A text as the gate reads it: cleaned of tricks, cut into words, numbers and signs, into clauses and sentences."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

WORD, NUMBER, SIGN = "word", "number", "sign"

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff〇"
_TOKEN = re.compile(
    rf"(?P<number>[0-9]+(?:[.,'][0-9]+)*)|(?P<word>[{_CJK}]|(?:(?![{_CJK}])[^\W\d_])+)|(?P<sign>[^\w\s]|_)"
)
_SENTENCE_ENDS = frozenset("!?…。！？؟;\n")
_CLAUSE_ENDS = frozenset(",:、，：;—–()（）·•|")
_VULGAR = {"½": "5", "⅓": "333", "⅔": "667", "¼": "25", "¾": "75", "⅛": "125", "⅕": "2", "⅖": "4", "⅗": "6", "⅘": "8"}
_FRACTION = re.compile(rf"([0-9]*) ?([{''.join(_VULGAR)}])")
_QUOTES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "`": "'", "´": "'", "\u2212": "-", "\u2010": "-", "\u2011": "-"})
_POWERS = str.maketrans({"²": "sq", "³": "cu"})
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһԛԝɡАВЕКМНОРСТХаеοαιρυνκΑΒΕΗΙΚΜΝΟΡΤΧΥΖ",
    "aeopcyxijsdhqwgABEKMHOPCTXaeoaipuvkABEHIKMNOPTXYZ",
)
_HYPHEN = re.compile(r"(?<=[^\W\d_])-(?=\w)|(?<=[0-9])-(?=[^\W\d_])")
_QUOTED = re.compile(rf"[{_CJK}]|(?:(?![{_CJK}])[^\W_])+|[%€$£¥₹₩₺₽₪₫₱₴฿°×+]")
_SENTENCE = re.compile(r"(?<=[!?…。！？؟;\n])|(?<=\.)(?!\w)")
_SPACES = re.compile(r"[^\S\n]+")


# Words that begin another clause: what follows is said of something else.
BUT = frozenset(
    {"but", "while", "whereas", "although", "aber", "wahrend", "jedoch", "ma", "mentre", "pero", "mientras", "mais",
     "tandis", "enquanto", "terwijl", "但", "而"}
)  # fmt: skip


class Token(NamedTuple):
    """One word (a Chinese character is one), number or sign; `text` is folded: lower case, no accents."""

    kind: str
    text: str
    start: int  # in the cleaned text
    end: int
    clause: int
    sentence: int
    glued: bool  # nothing stands between it and the token before


class Wording(NamedTuple):
    """A cleaned text with its tokens."""

    text: str
    tokens: tuple[Token, ...]
    asks: frozenset[int]  # the sentences that end with a question mark

    def said(self, start: int, end: int) -> str:
        """The text of some tokens, from `start` up to, not including, `end`."""
        return self.text[self.tokens[start].start : self.tokens[max(start, end - 1)].end] if self.tokens else ""


def clean(text: str) -> str:
    """The text as it would be heard: compatible signs made plain, invisible ones and lookalike letters taken out."""
    if not text.isascii():
        text = text.translate(_QUOTES).translate(_POWERS)
        text = _FRACTION.sub(lambda found: f" {found[1] or '0'}.{_VULGAR[found[2]]} ", text)
        text = unicodedata.normalize("NFKC", text)
        text = "".join(_visible(sign) for sign in text).translate(_LOOKALIKES)
    return _HYPHEN.sub(" ", _SPACES.sub(" ", text.replace("`", "'"))).strip()


def _visible(sign: str) -> str:
    if sign < "\u0300":
        kind = unicodedata.category(sign)
        return sign if sign == "\n" or kind not in ("Cc", "Cf") else " " if kind == "Cc" else ""
    kind = unicodedata.category(sign)
    if kind == "Nd":
        return str(unicodedata.digit(sign, 0))
    if kind in ("Cf", "Me", "Cs", "Co", "Cn") or "\ufe00" <= sign <= "\ufe0f":
        return ""
    return " " if kind in ("Zl", "Zp") else sign


@lru_cache(16_384)
def fold(word: str) -> str:
    """A word in lower case and without accents."""
    word = word.casefold()
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(sign for sign in plain if unicodedata.category(sign) != "Mn"))


def read(text: str) -> Wording:
    """The wording of any text."""
    text = clean(text)
    tokens: list[Token] = []
    asks: set[int] = set()
    clause = sentence = last = 0
    for match in _TOKEN.finditer(text):
        if "\n" in text[last : match.start()]:
            clause, sentence = clause + 1, sentence + 1
        kind = str(match.lastgroup)
        shown = match[0]
        folded = fold(shown) if kind == WORD else shown
        if folded in BUT:
            clause += 1
        tokens.append(
            Token(kind, folded, match.start(), match.end(), clause, sentence, last == match.start() and last > 0)
        )
        last = match.end()
        if kind == SIGN:
            if shown in "?？؟":
                asks.add(sentence)
            if shown in _SENTENCE_ENDS or (shown == "." and _ends(text, last)):
                clause, sentence = clause + 1, sentence + 1
            elif shown in _CLAUSE_ENDS:
                clause += 1
    return Wording(text, tuple(tokens), frozenset(asks))


def _ends(text: str, at: int) -> bool:
    """Whether a full stop before `at` ends a sentence."""
    return at >= len(text) or not text[at].isalnum()


def words(text: str) -> tuple[str, ...]:
    """The folded words and numbers of a text, without signs: what two texts share when they say the same."""
    return tuple(token.text for token in read(text).tokens if token.kind != SIGN)


def quote(text: str) -> str:
    """What is compared when a sentence is looked up: words, numbers, and the signs that mean something."""
    return " ".join(_QUOTED.findall(text.casefold()))


def split(text: str) -> list[str]:
    """The sentences of a cleaned text."""
    return [part for part in _SENTENCE.split(text) if part and not part.isspace()]


def stem(word: str) -> str:
    """The beginning of a word, by which its forms are known."""
    return word if len(word) < 5 else word[: max(4, min(6, len(word) - 2))]


def among(row: str) -> frozenset[str]:
    """The words of a row, for tables that are easier to read without quotes."""
    return frozenset(row.split())
