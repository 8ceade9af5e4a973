"""In which language texts are, told by their small words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from host_engine.gate import lists
from host_engine.show.languages import LANGUAGES

ENOUGH = 4  # small words, below which nothing is told
_WORD = re.compile(r"[^\W\d_]+")


def language_of(texts: Iterable[str]) -> str | None:
    """One of the languages of catalogs; None where the texts are too few, or as much one as another."""
    counts = dict.fromkeys(sorted(LANGUAGES), 0)
    for text in texts:
        for word in _WORD.findall(text[:1000].lower()):
            for name in counts:
                counts[name] += word in lists.small(name)
    first, second = sorted(counts, key=lambda name: -counts[name])[:2]
    return first if counts[first] >= ENOUGH and counts[first] > counts[second] * 1.15 else None
