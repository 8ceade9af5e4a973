"""What a host knows besides the catalog: notes and typical answers, found by meaning or by words."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from host_engine.audience.meaning import MeaningError
from host_engine.audience.persona.lexical import Lexical
from host_engine.audience.persona.never import folded
from host_engine.audience.persona.notes import Passage

log = logging.getLogger(__name__)

Vectors = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts -> (n, 384), each of unit length: near each other when they mean the same."""

LEAST = 0.35  # a passage below has nothing to do with the question
_WORDS_COUNT = 0.2  # how much shared words add to meaning


class Hit(NamedTuple):
    """A passage that may answer a question, and how surely, 0..1."""

    passage: Passage
    score: float


class Knowledge:
    """Passages that can be asked for. Meaning is used from `learn` on, words alone before it. Safe from any thread."""

    def __init__(self, passages: Sequence[Passage] = ()) -> None:
        self.passages = tuple(passages)
        noted = [each for each in self.passages if each.source.startswith("knowledge:")]
        self.notes = tuple((each, folded(each.text)) for each in noted)  # with their texts as they are compared
        self._of: list[int] = []  # the passage of each text
        texts: list[str] = []
        for n, each in enumerate(self.passages):
            said = each.about if each.source.startswith("example:") else (" ".join((*each.about, each.text)),)
            texts += said
            self._of += [n] * len(said)
        self._texts = texts
        self._lexical = Lexical(texts)
        self._meaning: tuple[Vectors, NDArray[np.float32]] | None = None

    @property
    def learnt(self) -> bool:
        """Whether passages are found by meaning."""
        return self._meaning is not None

    def learn(self, vectors: Vectors) -> None:
        """Understand all passages; takes some 0.1 s each, so call it from a thread that stands back.

        Where meaning is not to be had, words go on deciding.
        """
        try:
            if self._texts:
                self._meaning = vectors, np.concatenate([vectors([text]) for text in self._texts])
        except MeaningError as error:
            log.warning("Notes are found by their words only: %s", error)

    def find(self, question: str, most: int = 3, least: float = LEAST) -> tuple[Hit, ...]:
        """The passages that fit best, best first. Takes some 25 ms once `learn` was called."""
        if not self._texts or not question.strip():
            return ()
        scores = np.asarray(self._lexical.scores(question), np.float32)
        if self._meaning is not None:
            scores = self._near(question, *self._meaning) + _WORDS_COUNT * scores
        best: dict[int, float] = {}
        for n, score in zip(self._of, scores, strict=True):
            best[n] = max(best.get(n, 0.0), float(score))
        ranked = sorted(best, key=lambda n: -best[n])[:most]
        return tuple(Hit(self.passages[n], min(1.0, best[n])) for n in ranked if best[n] >= least)

    def _near(self, question: str, vectors: Vectors, known: NDArray[np.float32]) -> NDArray[np.float32]:
        try:
            return np.asarray(known @ vectors([question])[0], np.float32)
        except MeaningError as error:
            log.warning("Notes are found by their words from now on: %s", error)
            self._meaning = None
            return np.zeros(len(self._texts), np.float32)
