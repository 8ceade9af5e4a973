"""How a text is said: numbers, prices, sizes, dates and signs in the words of its language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Token(NamedTuple):
    """A piece of a text as it is read and as it is said; `said` may be several words, or none."""

    shown: str
    said: str


def tokens(text: str, language: str, pronunciations: Mapping[str, str]) -> tuple[Token, ...]:
    """The pieces of a text."""
    return tuple(Token(word, word) for word in text.split())
