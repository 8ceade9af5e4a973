"""How long a voice takes for a sentence, without having it spoken: a model fitted to sentences that were."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from host_engine.show.lines import seconds as rough
from host_engine.show.rundown import Line

SHORTEST = 0.4  # seconds


class Model(NamedTuple):
    """Seconds for each letter, word, pause at a comma, pause at a full stop, and for every line."""

    letter: float
    word: float
    comma: float
    stop: float
    line: float


# Least squares over sentences of the demo catalogs and the personas' phrases, as the default voices say them (flite for
# English, espeak-ng for others); errors are of a quarter of them that was left out: en 160 sentences, 0.18 s off a mean
# of 4.2 s; de 142, 0.24 of 4.4; es 21, 0.10 of 2.2; fr 23, 0.10 of 2.0.
FITTED: Mapping[str, Model] = {
    "en": Model(0.0630, 0.0142, 0.2328, 0.2106, 0.5360),
    "de": Model(0.0645, 0.0436, 0.2704, 0.2272, 0.1239),
    "es": Model(0.0617, 0.0325, 0.2936, 0.5557, 0.3289),
    "fr": Model(0.0292, 0.0997, 0.3350, 0.3233, 0.5413),
}
# Too few sentences for a fit: by how much these voices are slower than the rough measure that lines are split by.
SLOWER: Mapping[str, float] = {"it": 1.148, "pt": 1.122, "nl": 1.080}


def seconds(line: Line) -> float:
    """About how many seconds a line takes."""
    return spoken(line.said, line.language)


def spoken(said: str, language: str) -> float:
    """About how many seconds these words take, which are spelled out as they are spoken."""
    base = language.split("-")[0]
    if model := FITTED.get(base):
        return max(SHORTEST, float(np.dot(model, _features(said))))
    return max(SHORTEST, rough(said, language) * SLOWER.get(base, 1.0))


def fit(texts: Sequence[str], lengths: Sequence[float]) -> Model:
    """The model that is nearest to how long so many texts took, by least squares. Raises ValueError for too few."""
    if len(texts) < 2 * len(Model._fields):
        raise ValueError(f"{len(texts)} sentences are too few for a fit; it takes {2 * len(Model._fields)}")
    found, *_ = np.linalg.lstsq(np.array([_features(text) for text in texts]), np.array(lengths), rcond=None)
    return Model(*map(float, found))


def _features(said: str) -> tuple[float, float, float, float, float]:
    commas, stops = len(re.findall(r"[,;:–—](?=\s)", said)), len(re.findall(r"[.!?…](?=\s)", said))
    return sum(map(str.isalpha, said)), len(said.split()), commas, stops, 1.0
