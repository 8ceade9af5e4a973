"""Whether a question asks for the least or the most of something: the cheapest, the lighter of two."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from host_engine.audience.answers.cues import Cue, cues_of, has_cue
from host_engine.audience.answers.lists import listed


class Rank(NamedTuple):
    """What is asked for: the one with the least or the most of an aspect, or which of two has less or more of it."""

    aspect: str  # "price", "weight", "size", "height"
    more: bool


def rank(tokens: Sequence[str], language: str, degree: str) -> Rank | None:
    """The rank that a question asks for; `degree`: "most" of all that there is, "than" of two products."""
    there = frozenset(tokens)
    for asked, cues in _ranks(language, degree):
        if any(has_cue(cue, tokens, there) for cue in cues):
            return asked
    return None


@cache
def _ranks(language: str, degree: str) -> tuple[tuple[Rank, tuple[Cue, ...]], ...]:
    return tuple(
        (Rank(aspect, way == "more"), cues_of(written[language][degree], language))
        for aspect, ways in listed("ranks").items()
        for way, written in ways.items()
        if language in written
    )
