"""From what a model streams to sentences that may be said: bounded, plain, in the language asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from host_engine.audience.answer import WriterError
from host_engine.audience.writer.plain import plain
from host_engine.audience.writer.repeated import Repetition
from host_engine.audience.writer.sentences import SentenceCutter
from host_engine.audience.writer.thinking import Unthinking
from host_engine.audience.writer.tongue import other_language

MOST_SENTENCES = 5
MOST_SIGNS = 600  # said; more than half a minute nobody listens to
MOST_READ = 20_000  # signs streamed, thoughts among them
_ENDS = ".!?…。！？:;\"”»’')]"


class Wording:
    """One answer as it comes. `full` says that no more is wanted of the model. All methods raise WriterError."""

    def __init__(self, language: str, name: str, forbids: Callable[[str], tuple[str, ...]]) -> None:
        """`name` of the host; `forbids` tells which words of a sentence are never said."""
        self.language = language
        self.full = False
        self._forbids = forbids
        self._label = re.compile(rf"^(?:{re.escape(name)}|answer|reply|host|assistant|antwort)\s?:\s+", re.IGNORECASE)
        self._thinking, self._cutter = Unthinking(), SentenceCutter(language)
        self._repetition = Repetition()
        self._said: list[str] = []
        self._read = 0

    def feed(self, text: str) -> Iterator[str]:
        """The sentences that are over with this piece."""
        self._read += len(text)
        if self._read > MOST_READ:
            raise WriterError("the model talks without end")
        said = self._thinking.feed(text)
        if self._thinking.betrayed:
            if self._said:
                raise WriterError("the model thought aloud instead of answering")
            self._thinking.betrayed = False
            self._cutter = SentenceCutter(self.language)  # all so far was thought, not said
        for raw in self._cutter.feed(said):
            yield from self._sentence(raw)

    def end(self, ended: str) -> Iterator[str]:
        """What is left; the start of a sentence is left out where the model was cut off (`ended` is not "stop")."""
        for raw in self._cutter.feed(self._thinking.end()):
            yield from self._sentence(raw)
        if ended == "stop" and (rest := self._cutter.end()):
            yield from self._sentence(rest)
        if not self._said:
            raise WriterError(f"the model said nothing (it ended with '{ended}')")

    def _sentence(self, raw: str) -> Iterator[str]:
        text = plain(raw)
        text = self._label.sub("", text) if not self._said else text
        if text.count('"') % 2:
            text = text.replace('"', "").strip()
        if self.full or not any(map(str.isalnum, text)):
            return
        if self._repetition.found(text) or len(" ".join((*self._said, text))) > MOST_SIGNS:
            self.full = True
            return
        if forbidden := self._forbids(text):
            raise WriterError(f"the model said what is never said: {', '.join(forbidden)}")
        if other := other_language(" ".join((*self._said, text)), self.language):
            raise WriterError(f"the model answered in another language ({other} instead of {self.language})")
        if text[-1] not in _ENDS:
            text += "。" if self.language.startswith("zh") else "."
        self._said.append(text)
        self.full = len(self._said) >= MOST_SENTENCES
        yield text
