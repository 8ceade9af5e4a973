"""Lines that nobody says: silence for as long as it takes to read them, with the time of each word."""

from __future__ import annotations

import unicodedata

import numpy as np

from host_engine.media import Phoneme, Speech, Word

NAME = "nobody"  # as the as-run log has it
RATE = 48_000
PACE = 14.0  # letters read in a second
WIDE = 3.0  # letters that a Chinese sign counts for
LEAST = 0.18  # seconds of a word
REST = {",": 0.15, ";": 0.2, ":": 0.2, ".": 0.35, "!": 0.35, "?": 0.35, "，": 0.15, "。": 0.35, "！": 0.35, "？": 0.35}
BEFORE, AFTER = 0.3, 0.6  # seconds


class Unspoken:
    """Speaks like a voice, and nothing is heard: captions, cards and scenes go on at the pace of somebody who reads."""

    name = NAME
    settings = ""

    def speak(self, text: str) -> Speech:
        """The text as silence at 48 kHz, with the times of its words. From any thread; never fails."""
        at, words = BEFORE, list[Word]()
        for word in text.split():
            end = at + seconds(word)
            words.append(Word(word, at, end))
            at = end + REST.get(word[-1:], 0.0)
        length = at + AFTER
        silence = np.zeros(round(length * RATE), np.float32)
        return Speech(text, silence, tuple(words), (Phoneme("", 0.0, len(silence) / RATE),), NAME)


def seconds(word: str) -> float:
    """How long somebody reads a word."""
    letters = sum(WIDE if unicodedata.east_asian_width(sign) in "WF" else 1.0 for sign in word)
    return max(LEAST, (letters + 1) / PACE)
