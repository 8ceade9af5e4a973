"""Words and topics that a host never says, found in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")  # scripts without spaces between words
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")


class Forbidden(NamedTuple):
    """What is never said: patterns over the folded text, each with the word or topic as the file names it."""

    patterns: tuple[tuple[re.Pattern[str], str], ...] = ()

    @classmethod
    def of(cls, words: Iterable[str], topics: Mapping[str, Iterable[str]]) -> Forbidden:
        """A star at the end of a word stands for any ending."""
        named = [(word, word.rstrip("*")) for word in words]
        named += [(word, topic) for topic, marks in topics.items() for word in marks]
        return cls(tuple((_pattern(word), name) for word, name in named if word.strip("* ")))

    def found(self, text: str) -> tuple[str, ...]:
        """The words and topics that are in the text, each once. Case, width and hidden signs do not matter."""
        plain = folded(text)
        return tuple(dict.fromkeys(name for pattern, name in self.patterns if pattern.search(plain)))


def folded(text: str) -> str:
    """The text as it is compared: one width, one case, single spaces, nothing hidden."""
    return " ".join(_UNSEEN.sub("", unicodedata.normalize("NFKC", text)).casefold().split())


def _pattern(word: str) -> re.Pattern[str]:
    bare = re.escape(folded(word.rstrip("*"))).replace(r"\ ", r"[\W_]+")
    if _UNSPACED.search(word):
        return re.compile(bare)
    return re.compile(rf"(?<!\w){bare}" + ("" if word.endswith("*") else r"(?!\w)"))
