"""A model that has lost its thread says the same again: found in one sentence and across sentences."""

from __future__ import annotations

import re

TIMES = 4  # the same words in a row
_WORDS = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")  # Chinese has no spaces: sign by sign
_LONGEST = 8  # words of what may be repeated


class Repetition:
    """Remembers what was said in one answer."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def found(self, sentence: str) -> bool:
        """Whether the sentence was said before, or says the same words over and over."""
        words = _WORDS.findall(sentence.casefold())
        key = " ".join(words)
        again = key in self._said and len(key) > 4
        self._said.add(key)
        return again or _loops(words) or re.search(r"(\S)\1{9}", sentence) is not None


def _loops(words: list[str]) -> bool:
    for length in range(1, _LONGEST + 1):
        same = 0
        for at in range(length, len(words)):
            same = same + 1 if words[at] == words[at - length] else 0
            if same >= length * (TIMES - 1):
                return True
    return False
