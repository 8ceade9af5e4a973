"""Phrases of the lists, and where they stand in a text: a small way to write word patterns that cannot run wild."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from host_engine.gate.wording import SIGN, Token, words

GAP = 4  # words that "..." may stand for
LONGEST = 12  # words of a phrase


class Part(NamedTuple):
    """One word of a phrase: any of some words, or of their beginnings; `gap`: up to four words of any kind."""

    whole: frozenset[str]
    begins: tuple[str, ...] = ()
    optional: bool = False
    gap: bool = False
    number: bool = False  # any digits

    def fits(self, word: str) -> bool:
        if self.number:
            return word[:1].isdecimal()
        return word in self.whole or (bool(self.begins) and word.startswith(self.begins))


@dataclass(frozen=True)
class Phrase:
    """A phrase as it is written: `best|finest tea*`, `our? customers love`, `cures ... acne`."""

    written: str
    parts: tuple[Part, ...]

    def end(self, row: Sequence[str], at: int, part: int = 0) -> int | None:
        """Where it ends in a row of words if it begins at `at`, else None."""
        if part == len(self.parts):
            return at
        wanted = self.parts[part]
        if wanted.gap:
            ends = (self.end(row, at + skip, part + 1) for skip in range(GAP + 1) if at + skip <= len(row))
            return next((end for end in ends if end is not None), None)
        if at < len(row) and wanted.fits(row[at]) and (end := self.end(row, at + 1, part + 1)) is not None:
            return end
        return self.end(row, at, part + 1) if wanted.optional else None


class Hit(NamedTuple):
    """A phrase stands at the tokens from `first` up to, not including, `end`; `owner` says what it means."""

    owner: object
    first: int
    end: int


@lru_cache(16_384)
def parse(written: str) -> Phrase:
    """The phrase of a list. Raises ValueError with a sentence where it is none."""
    parts: list[Part] = []
    for piece in written.split():
        if piece == "...":
            parts.append(Part(frozenset(), gap=True))
            continue
        if piece == "NUMBER":
            parts.append(Part(frozenset(), number=True))
            continue
        optional = piece.endswith("?")
        parts += _parts(piece.removesuffix("?"), optional, written)
    if not parts or parts[0].gap or parts[0].optional or parts[-1].gap:
        raise ValueError(f"'{written}' must begin and end with a word that is not optional")
    if len(parts) > LONGEST:
        raise ValueError(f"'{written}' has {len(parts)} words; at most {LONGEST} fit in a phrase")
    return Phrase(written, tuple(parts))


def _parts(piece: str, optional: bool, written: str) -> list[Part]:
    whole: set[str] = set()
    begins: list[str] = []
    alternatives = piece.split("|")
    for each in alternatives:
        found = words(each.removesuffix("*"))
        if not found or "*" in each.removesuffix("*"):
            raise ValueError(f"'{each}' in '{written}' is no word; * may end a word, | stands between words")
        if len(found) > 1:
            if len(alternatives) > 1:
                raise ValueError(f"'{each}' in '{written}' is read as several words; write a phrase for each instead")
            tail = (
                Part(frozenset(), found[-1:], optional)
                if each.endswith("*")
                else Part(frozenset(found[-1:]), (), optional)
            )
            return [*(Part(frozenset({word}), (), optional) for word in found[:-1]), tail]
        if each.endswith("*"):
            if len(found[0]) < 2:
                raise ValueError(f"'{each}' in '{written}' is too short before its *; write two letters at least")
            begins.append(found[0])
        else:
            whole.add(found[0])
    return [Part(frozenset(whole), tuple(begins), optional)]


class Phrasebook:
    """Phrases with their meanings, found all at once: each word of a text is looked up once."""

    def __init__(self, entries: Iterable[tuple[object, Phrase]]) -> None:
        self._whole: dict[str, list[tuple[object, Phrase]]] = {}
        self._begins: dict[str, list[tuple[object, Phrase]]] = {}
        self._numbers: list[tuple[object, Phrase]] = []
        for owner, phrase in entries:
            if phrase.parts[0].number:
                self._numbers.append((owner, phrase))
            for word in phrase.parts[0].whole:
                self._whole.setdefault(word, []).append((owner, phrase))
            for word in phrase.parts[0].begins:
                self._begins.setdefault(word[:2], []).append((owner, phrase))

    def find(self, tokens: Sequence[Token]) -> list[Hit]:
        """Every phrase of a text, each within one sentence; signs inside it do not matter."""
        spoken = [n for n, token in enumerate(tokens) if token.kind != SIGN]
        row = [tokens[n].text for n in spoken]
        hits = []
        for at, word in enumerate(row):
            known = self._whole.get(word, ())
            begun = self._begins.get(word[:2], ())
            counted = self._numbers if word[:1].isdecimal() else ()
            for owner, phrase in (*known, *begun, *counted):
                end = phrase.end(row, at)
                if end is not None and end > at and _together(tokens, spoken[at], spoken[end - 1]):
                    hits.append(Hit(owner, spoken[at], spoken[end - 1] + 1))
        return hits


def _together(tokens: Sequence[Token], first: int, last: int) -> bool:
    return tokens[first].sentence == tokens[last].sentence
