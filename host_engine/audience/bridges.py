"""What the host says at once while an answer is still being made: spoken ahead, so that it waits for nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

from host_engine.audience.counsel import Talk

log = logging.getLogger(__name__)

REMEMBERED = 200  # phrases of which it is known that they were spoken ahead

Speak = Callable[[str, str], object]
"""(language, text): have the text spoken, so that it is kept. Blocks; it may raise."""


class Bridges:
    """Phrases in turn. Only what has been spoken ahead is given out: those without a name always, soon after the start,
    those with the name of a viewer once they have been made ready for her."""

    def __init__(self, speak: Speak, threads: Executor) -> None:
        self._speak, self._threads = speak, threads
        self._ready: dict[tuple[str, str], None] = {}
        self._turn = 0

    def prepare(self, talk: Talk, language: str, name: str = "") -> None:
        """Have the phrases of a language spoken, with this name or without any. Returns at once."""
        wanted = [_filled(each, name) for each in talk.phrase("bridge", language) if ("{name}" in each) == bool(name)]
        for text in wanted[: 1 if name else None]:
            if (language, text) not in self._ready:
                self._threads.submit(self._make, language, text)

    def phrase(self, talk: Talk, language: str, name: str = "") -> str | None:
        """One that is ready, with the name if that is; None where none is."""
        self._turn += 1
        for named in (True, False) if name else (False,):
            ready = self._of(talk.phrase("bridge", language), language, name if named else "")
            if ready:
                return ready[self._turn % len(ready)]
        return None

    def _of(self, phrases: Sequence[str], language: str, name: str) -> list[str]:
        texts = [_filled(each, name) for each in phrases if ("{name}" in each) == bool(name)]
        return [text for text in texts if (language, text) in self._ready]

    def _make(self, language: str, text: str) -> None:
        try:
            self._speak(language, text)
        except Exception as problem:
            log.warning("The bridge '%s' could not be spoken ahead: %s", text, problem)
            return
        self._ready[language, text] = None
        while len(self._ready) > REMEMBERED:
            del self._ready[next(iter(self._ready))]


def _filled(phrase: str, name: str) -> str:
    return phrase.replace("{name}", name)
