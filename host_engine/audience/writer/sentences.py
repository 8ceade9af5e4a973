"""Cuts a text that is still being written into sentences, as soon as each is sure to be over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from host_engine.show.languages import ABBREVIATIONS

LONGEST = 280  # signs; a sentence that is longer is cut at its last comma, or at its last space
_END = re.compile(r"[.!?…]+[\"”»’')\]*_]*(?=\s)|[。！？；]+[”’」』）]*|\n")
_ALWAYS = "。！？；"
_BEFORE_NUMBERS = frozenset({"no.", "nos.", "n.", "nr.", "núm."})  # else they are words: "No."
_MAY_END = frozenset({"etc.", "ecc.", "usw.", "enz.", "a.m.", "p.m."})  # and a sentence with them
_OPENERS = "\"“„«‘'([¿¡*_#-"


class SentenceCutter:
    """Takes text in pieces of any size and gives whole sentences back.

    A full stop ends a sentence only where what follows it is known, so that "3.90", "e.g. " and "am 3. Mai" hold.
    """

    def __init__(self, language: str) -> None:
        base = language.split("-")[0]
        self._ordinals = base == "de"
        self._abbreviations = ABBREVIATIONS.get(base, {})
        self._text = ""

    def feed(self, text: str) -> Iterator[str]:
        """The sentences that are over with this piece."""
        self._text += text
        at = 0
        while (end := _END.search(self._text, at)) is not None:
            if end[0] != "\n" and end[0][0] not in _ALWAYS:
                following = self._following(end.end())
                if not following:
                    break  # it depends on what follows
                if self._goes_on(end, following):
                    at = end.end()
                    continue
            yield from self._take(end.end())
            at = 0
        while len(self._text) > LONGEST:
            yield from self._take(_border(self._text))

    def end(self) -> str:
        """What is left: a sentence that nothing ended; "" where there is none."""
        rest, self._text = self._text.strip(), ""
        return rest

    def _following(self, at: int) -> str:
        """The first sign after the spaces."""
        return self._text[at:].lstrip(" \t\u00a0\u202f")[:1]

    def _goes_on(self, end: re.Match[str], following: str) -> bool:
        """Whether the sentence goes on after this full stop."""
        if following == "\n":
            return False
        if following.islower():
            return True
        if not end[0].startswith(".") or end[0].startswith(".."):
            return False
        words = self._text[: end.start() + 1].rsplit(None, 1)
        written = words[-1].lstrip(_OPENERS) if words else ""
        word, before = written.lower(), words[0] if len(words) > 1 else ""
        ordinal = self._ordinals and re.fullmatch(r"\d{1,4}\.", word) is not None
        numbered = re.fullmatch(r"\d{1,2}\.", word) is not None and not before  # "1. First": a list
        initial = re.fullmatch(r"[^\W\d_]\.", word) is not None and written.isupper() and word != "i."
        initial = initial and not before[-1:].isdigit()  # "2 L." is a measure
        if word in _BEFORE_NUMBERS:
            return following.isdigit()
        if word in _MAY_END:
            return False  # small letters were seen to above
        return ordinal or numbered or initial or word in self._abbreviations

    def _take(self, at: int) -> Iterator[str]:
        sentence, self._text = self._text[:at].strip(), self._text[at:].lstrip(" \t")
        if sentence:
            yield sentence


def sentences(text: str, language: str) -> list[str]:
    """The sentences of a text that is whole."""
    cutter = SentenceCutter(language)
    return [each for each in (*cutter.feed(text + " "), cutter.end()) if each]


def _border(text: str) -> int:
    """Where to cut a sentence that is too long."""
    for pattern in (r"[,;:，、：][\"”»’')\]]*\s*", r"\s+"):
        borders = [found.end() for found in re.finditer(pattern, text[:LONGEST])]
        if borders and borders[-1] > LONGEST // 4:
            return borders[-1]
    return LONGEST
