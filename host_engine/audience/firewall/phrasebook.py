"""All phrases of the lists, found in a message in one walk over its words."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache

from rapidfuzz.distance import OSA

from host_engine.audience.firewall.lists import Reason, Wording, shipped, wordings
from host_engine.audience.firewall.phrase import NUMBER, Phrase, Words, parsed
from host_engine.audience.firewall.plain import skeleton, tokens
from host_engine.document import Problems, problem_at

_LONG = 6  # letters of a word in which a slip of the finger is mended
_SHARED = ("self", "harmless")  # classes of one language that spare the others too: some words are in several
_STEM = 3  # letters by which beginnings of words are found

_SHORT = {"u": "you", "r": "are", "ur": "your", "yr": "your", "pls": "please", "plz": "please", "yo": "you"}

Entry = tuple[Reason, Phrase]


class Phrasebook:
    """Finds for which reasons a message is to be stopped. Only phrases whose first word is there are looked at."""

    def __init__(self, wordings: Sequence[Wording]) -> None:
        """Raises Problems with file, line and sentence where a phrase is not one."""
        self._first: dict[str, list[Entry]] = defaultdict(list)
        self._stem: dict[str, list[Entry]] = defaultdict(list)
        self._orders: set[str] = set()
        for reason, phrase in _parsed(wordings):
            self._put((reason, phrase))
        self._first, self._stem = dict(self._first), dict(self._stem)
        self._slips = dict(_slips(self._orders))
        self._spelling = _spelling(wordings)
        self.vocabulary = frozenset(word for word in self._first if word.isalpha() and word.isascii()) | self._orders

    def _put(self, entry: Entry) -> None:
        reason, phrase = entry
        first = phrase.elements[0]
        assert isinstance(first, Words)
        for word in set(first.firsts()):
            self._first[word].append(entry)
        for stem in first.beginnings:
            self._stem[stem[:_STEM]].append(entry)
        if reason == "order":
            inside = [each for each in phrase.elements if isinstance(each, Words)]
            self._orders.update(word for each in inside for word in _letters(each))

    def spelt(self, seen: str) -> str:
        """The text with spellings that only their accents or apostrophes tell from other words made plain."""
        pattern, stands_for = self._spelling
        return pattern.sub(lambda match: stands_for[match[0].lower()], seen)

    def reasons(self, said: Sequence[str]) -> set[Reason]:
        """Why to stop these words, as `plain.tokens` gives them."""
        words = [".", *said, "."]
        there = set(words)
        found: set[Reason] = set()
        possible: dict[str, list[Entry]] = {}
        for at, word in enumerate(words):
            if word not in possible:
                possible[word] = [entry for entry in self._beginning(word) if _may_be(entry[1], there)]
            for reason, phrase in possible[word]:
                if reason not in found and phrase.at(words, at):
                    found.add(reason)
        return found

    def _beginning(self, word: str) -> list[Entry]:
        found = self._first.get(word, [])
        if stem := self._stem.get(word[:_STEM]):
            found = found + stem
        return found + self._first.get(NUMBER, []) if word.isdecimal() else found

    def mended(self, said: Sequence[str]) -> list[str]:
        """The words with slips of the finger put right, in long words of orders only: one letter missing, too many,
        another, or two in the wrong order, but not at the ends. Short forms of chats are written out."""
        return [self._mend(_SHORT.get(word, word)) for word in said]

    def _mend(self, word: str) -> str:
        if len(word) < _LONG or word in self._orders or not (word.isascii() and word.isalpha()):
            return word
        for shorter in (word, *(word[:k] + word[k + 1 :] for k in range(1, len(word) - 1))):
            found = self._slips.get(shorter)
            if found and OSA.distance(word, found, score_cutoff=1) <= 1:
                return found
        return word


def _may_be(phrase: Phrase, there: set[str]) -> bool:
    return not any(map(there.isdisjoint, phrase.needs))


def _parsed(wordings: Sequence[Wording]) -> Iterator[Entry]:
    shared = {name: tuple(word for wording in wordings for word in wording.classes.get(name, ())) for name in _SHARED}
    faults = []
    for wording in wordings:
        lead = frozenset(token for word in wording.lead for token in tokens(skeleton(word)))
        for reason, lines in wording.phrases.items():
            for line in filter(None, map(str.strip, lines.splitlines())):
                try:
                    yield reason, parsed(line, {**wordings[0].classes, **wording.classes, **shared}, lead)
                except ValueError as fault:
                    faults.append(problem_at(shipped(wording.language), ("phrases", reason), str(fault)))
    if faults:
        raise Problems(faults)


def _letters(words: Words) -> Iterator[str]:
    for word in (*words.single, *(word for group in words.several for word in group)):
        if word.isascii() and word.isalpha():
            yield word


def _slips(words: set[str]) -> Iterator[tuple[str, str]]:
    """Each long word with one letter left out, and the word it comes from. Recipe: symmetric deletes (SymSpell)."""
    for word in sorted(words):
        if len(word) >= _LONG:
            yield word, word
            for k in range(1, len(word) - 1):
                yield word[:k] + word[k + 1 :], word


def _spelling(wordings: Sequence[Wording]) -> tuple[re.Pattern[str], dict[str, str]]:
    all_of_them = {spelt: word for wording in wordings for spelt, word in wording.spelling.items()}
    either = "|".join(re.escape(spelt) for spelt in all_of_them)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE), all_of_them


@cache
def phrasebook() -> Phrasebook:
    """The phrases of all shipped lists. Raises Problems with file, line and sentence."""
    return Phrasebook(wordings())
