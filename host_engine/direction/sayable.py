"""Words that somebody typed for the host to say: whether they are words, and how they are cut into lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple

from host_engine.direction.refusals import NotDone
from host_engine.show.languages import ABBREVIATIONS
from host_engine.show.lines import LONGEST, seconds, split
from host_engine.show.spoken import Token, tokens

MOST = 1000  # letters: more than a minute of speech
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MARKUP = re.compile(r"<\s*[/!?]?\s*[A-Za-z][^<>]*>|<!--|&#?\w{1,31};|\[\[|\]\]|\{\{|\}\}|\{\w+\}", re.ASCII)
_RUN = re.compile(r"(\S)\1{19}")  # nobody says a letter twenty times
PILED = 4  # marks over one letter, more than any script needs

Pieces = Callable[[str], tuple[Token, ...]]


class Spoken(NamedTuple):
    """A part of the words that fits in a line."""

    text: str
    tokens: tuple[Token, ...]


def checked(text: str) -> str:
    """The words in one line of text. Raises NotDone (422) for what no host can say, with a sentence that says why."""
    if len(text) > MOST:
        raise NotDone(f"These are {len(text)} letters; at most {MOST} can be said in one go. Please cut them up.", 422)
    for sign in text:
        kind = unicodedata.category(sign)
        if sign in _BIDI or kind in ("Cs", "Co", "Cn") or (kind == "Cc" and not sign.isspace()):
            said = f"The words hold a sign that cannot be seen (U+{ord(sign):04X}); please type them anew."
            raise NotDone(said, 422)
    words = " ".join(unicodedata.normalize("NFC", text).split())
    if any(len(marks) > PILED for marks in "".join(_mark(sign) for sign in words).split()):
        raise NotDone("Some letters carry so many marks that nobody could read them; please type the words anew.", 422)
    if found := _MARKUP.search(words):
        said = f"'{found[0][:40]}' is markup, which would be read out; please write only what is to be said."
        raise NotDone(said, 422)
    if not words or _RUN.search(words):
        raise NotDone("There are no words in this that could be said.", 422)
    return words


def _mark(sign: str) -> str:
    return "^" if unicodedata.category(sign) in ("Mn", "Me") else " "


def spoken(words: str, language: str, pronunciations: Mapping[str, str]) -> list[Spoken]:
    """The words cut into parts of at most some eight seconds. Raises NotDone (422) where nothing can be said."""
    tongue = language.split("-")[0].lower()
    tongue = tongue if tongue in ABBREVIATIONS else "en"

    def takes(part: str) -> float:
        return seconds(" ".join(each.said for each in tokens(part, language, pronunciations)), tongue)

    try:
        parts: tuple[str, ...] | list[str] = split(words, tongue, takes)
    except ValueError:
        parts = _anyhow(words, takes(words))
    found = [Spoken(part, tokens(part, language, pronunciations)) for part in parts]
    found = [each for each in found if any(token.said for token in each.tokens)]
    if not found:
        raise NotDone("There are no words in this that could be said.", 422)
    return found


def _anyhow(words: str, takes: float) -> list[str]:
    """Parts of about the right length, cut between two words, or within one where there are none."""
    pieces = words.split()
    if len(pieces) == 1:
        size = max(1, int(len(words) * LONGEST / takes))
        return [words[at : at + size] for at in range(0, len(words), size)]
    step = max(1, int(len(pieces) * LONGEST / takes))
    return [" ".join(pieces[at : at + step]) for at in range(0, len(pieces), step)]
