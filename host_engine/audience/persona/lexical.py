"""How much of a question's words a text has: what finds notes where nothing understands meaning."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from host_engine.audience.persona.never import folded
from host_engine.audience.writer.tongue import USUAL

_WORDS = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+")
_LEAST = 3  # letters
_ASKING = (
    "what which who whom whose where when why how should would could does did any some there here then than them "
    "cosa quale quali chi dove quando perché come posso puoi vorrei "
    "was welche welcher welches welchem wer wo wann warum wie soll sollte kann könnte gibt man denn mein meine "
    "quoi quel quelle quels qui où quand pourquoi comment dois puis peux est-ce "
    "qué cuál cuáles quién dónde cuándo cómo debo puedo hay"
)
_EMPTY = frozenset(_ASKING.split()).union(*USUAL.values())  # words that say nothing of what a text is about
_STEM = 5  # letters by which forms of a word are taken for the same: brew, brewing; Kanne, Kannen


def terms(text: str) -> set[str]:
    """What is compared: how the words begin that say something, and pairs of signs where words are not spaced."""
    plain = folded(text)
    words = _WORDS.findall(_UNSPACED.sub(" ", plain))
    found = {word[:_STEM] for word in words if len(word) >= _LEAST and word not in _EMPTY}
    for run in _UNSPACED.findall(plain):
        found |= {run[at : at + 2] for at in range(max(1, len(run) - 1))}
    return found


class Lexical:
    """Scores texts by the share of a question's terms that they have, where rare terms count more (idf)."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = [terms(text) for text in texts]
        self._in = Counter(term for text in self._texts for term in text)

    def scores(self, question: str) -> Sequence[float]:
        """Of each text, 0..1."""
        weights = {term: math.log(1 + len(self._texts) / (1 + self._in[term])) for term in terms(question)}
        whole = sum(weights.values())
        if not whole:
            return [0.0] * len(self._texts)
        return [sum(weights[term] for term in weights.keys() & text) / whole for text in self._texts]
