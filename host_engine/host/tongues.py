"""Voices for languages other than the channel's, for answers: opened when one is first needed, and kept."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from host_engine.host.voice import Voice, VoiceError, Voices, open_voices
from host_engine.media import Speech

log = logging.getLogger(__name__)

Open = Callable[[str], Voices]


class Tongues:
    """The channel's own voices for its own language; for any other the best that speaks it here. From any thread."""

    def __init__(self, own: Voice, language: str, open: Open) -> None:
        """`open` opens the voices of a language. Raises VoiceError where there are none."""
        self._own, self._language, self._open = own, base(language), open
        self._others: dict[str, Voices | None] = {}
        self._lock = threading.Lock()

    @classmethod
    def of(cls, own: Voice, language: str, cache: Path | None, gender: str) -> Tongues:
        """With espeak-ng for every language that it has, and flite for English where its library is."""
        return cls(own, language, lambda wanted: open_voices("auto", wanted, cache, gender))

    def sayable(self, language: str) -> bool:
        """Whether somebody speaks the language. Opens its voices, which takes some milliseconds."""
        return base(language) == self._language or self.other(language) is not None

    def other(self, language: str) -> Voices | None:
        """The voices of another language than the channel's; None for its own, and for one that nobody speaks."""
        wanted = base(language)
        if wanted == self._language:
            return None
        with self._lock:
            if wanted not in self._others:
                try:
                    self._others[wanted] = self._open(wanted)
                except VoiceError as problem:
                    log.warning("Answers in '%s' cannot be spoken: %s", wanted, problem)
                    self._others[wanted] = None
            return self._others[wanted]

    def follow(self, language: str) -> None:
        """The channel's own voices speak this language from now on."""
        with self._lock:
            self._language = base(language)

    def speak(self, language: str, text: str) -> Speech:
        """Say a text of that language. Blocks. Raises VoiceError when no voice can."""
        return (self.other(language) or self._own).speak(text)


def base(language: str) -> str:
    """ "de-AT" and "de" are one language."""
    return language.lower().replace("_", "-").split("-")[0]
