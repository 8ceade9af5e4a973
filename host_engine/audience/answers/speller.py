"""Puts right what was mistyped, by the words that matter here: those of the catalog and of questions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from host_engine.audience.answers.words import is_han

Real = Callable[[str], bool]
_TWO = 8  # letters from which on two mistakes are forgiven


class Speller:
    """Knows words; one that is a mistake away from a known one becomes it, an entirely unknown one stays."""

    def __init__(self, known: Iterable[str]) -> None:
        self._known = frozenset(known)
        self._by_length: dict[int, list[str]] = {}
        for word in self._known:
            if len(word) >= 4 and word.isalpha() and not is_han(word):
                self._by_length.setdefault(len(word), []).append(word)

    def knows(self, word: str) -> bool:
        return word in self._known

    def right(
        self, tokens: list[str], also: Collection[str] = (), real: Callable[[str], bool] | None = None
    ) -> list[str]:
        """The words with mistakes put right. `also`, `real`: words that are right too, those of the language."""
        joined = self._joined(tokens, also)
        right = (word in also or word in self._known or (real is not None and real(word)) for word in joined)
        return [word if fine else self._nearest(word) for word, fine in zip(joined, right, strict=True)]

    def _joined(self, tokens: list[str], also: Collection[str]) -> list[str]:
        """With two words made one where only that is known: "dish washer"."""
        made: list[str] = []
        for word in tokens:
            pair = made[-1] + word if made else ""
            known = self.knows(word) or word in also
            if pair and self.knows(pair) and len(word) > 2 and not (known and self.knows(made[-1])):
                made[-1] = pair
            else:
                made.append(word)
        return made

    def _nearest(self, word: str) -> str:
        if len(word) < 4 or not word.isalpha() or is_han(word):
            return word
        most = 2 if len(word) >= _TWO else 1
        near = [each for length in range(len(word) - most, len(word) + most + 1) for each in self._near(length)]
        for found, _, _ in process.extract(word, near, scorer=OSA.distance, score_cutoff=most, limit=3):
            if found[0] == word[0] or sorted(found) == sorted(word) or len(word) >= _TWO:
                if len(word) == 4 and sorted(found) != sorted(word):
                    continue  # of four letters only swapped ones are a mistake: "blam"
                return str(found)
        return word

    def _near(self, length: int) -> list[str]:
        return self._by_length.get(length, [])
