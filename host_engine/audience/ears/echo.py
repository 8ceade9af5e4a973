"""Whether a microphone has only heard the host: an utterance that repeats what is on air is dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from rapidfuzz import fuzz

from host_engine.audience.ears.guards import SPACELESS, plain

ALIKE = 82.0  # of 100: what is left of a sentence that a loudspeaker said and a recogniser misheard in places
LEAST = 3  # words: shorter ones belong to everybody ("thank you")
LEAST_SIGNS = 6  # of a script without spaces
RECENT = 4000  # letters of what was said on air that are looked at

_plain = lru_cache(256)(plain)  # lines stay for a while

OnAir = Callable[[], Iterable[str]]


class Echo:
    """Compares letters, not words, as a recogniser mishears words but keeps their sound.

    on_air: the texts that are being said or were said a moment ago, oldest first; of a line with numbers best both as
    it is read and as it is said.
    """

    def __init__(self, on_air: OnAir = lambda: ()) -> None:
        self._on_air = on_air

    def repeats(self, text: str) -> bool:
        """Whether the text is part of what is on air. Some tenths of a millisecond at most."""
        words = plain(text)
        if len(words.split()) < LEAST and not (SPACELESS.search(words) and len(words) >= LEAST_SIGNS):
            return False
        said = " ".join(_plain(line) for line in self._on_air())[-RECENT:]
        if len(said) < 0.8 * len(words):  # a short line inside a long question makes no echo of it
            return False
        return fuzz.partial_ratio(words, said, score_cutoff=ALIKE) > 0
