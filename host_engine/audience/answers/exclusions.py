"""What a question wants to go without: "is there a box without green tea?", "which one is not black?"."""

from __future__ import annotations

from collections.abc import Sequence

from host_engine.audience.answers.lists import particles

_REACH = 3  # words behind "without" that it speaks of
_HAN = ("不含", "不要", "没有", "除了", "不带", "不是", "无")
_WHETHER = "有没有"  # "is there": no negation, though one is in it


def excluded(tokens: Sequence[str], language: str) -> frozenset[int]:
    """The places of the words that are to be left out: those behind "without", and behind "not" where something is
    to be chosen."""
    chosen = bool(particles("choosing") & set(tokens))
    before = particles("excluding") | (particles("negations") - particles("nothing") if chosen else frozenset())
    found: set[int] = set()
    for place, word in enumerate(tokens):
        if word in before or (language == "zh" and word.replace(_WHETHER, "").endswith(_HAN)):
            end = place + 1 if language == "zh" else place + _REACH
            while end + 1 < len(tokens) and tokens[end + 1] in particles("either"):
                end += 2  # "not of glass or stoneware"
            found.update(range(place + 1, min(end + 1, len(tokens))))
    return frozenset(found)


def excludes(tokens: Sequence[str]) -> bool:
    """Whether something is to be left out."""
    return bool(particles("excluding") & set(tokens))
