"""What a question is about, as far as its words and its likeness to known questions tell."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from host_engine.audience.answers.lists import listed
from host_engine.audience.answers.words import is_han, words

Cue = tuple[str, ...]  # words; one that may go on ends with *, a gap is ".."
GAP = 4  # words that may stand where a cue has ".."
SURE, LIKELY, AGAINST = 1.0, 0.45, 0.6


class Intent(NamedTuple):
    """A kind of question: the words that speak for it, those against it, and whole examples."""

    sure: tuple[Cue, ...]
    likely: tuple[Cue, ...]
    against: tuple[Cue, ...]
    like: tuple[str, ...]


@cache
def intents(language: str) -> Mapping[str, Intent]:
    """kind -> what its questions look like in that language."""
    read = listed(f"cues-{language}")
    return {
        kind: Intent(
            cues_of(about.get("sure"), language),
            cues_of(about.get("likely"), language),
            cues_of(about.get("not"), language),
            tuple(about.get("like") or ()),
        )
        for kind, about in read.items()
    }


@cache
def spelt(language: str) -> frozenset[str]:
    """The words of cues that mistyped ones may be meant to be: those that are cues alone, and long ones."""
    cues = [cue for each in intents(language).values() for cue in (*each.sure, *each.likely)]
    return frozenset(word for cue in cues for word in cue if word.isalnum() and (len(cue) == 1 or len(word) >= 6))


@cache
def beginnings(language: str) -> tuple[str, ...]:
    """Beginnings of words that cues of the language have, such as "recomiend" for all its forms."""
    cues = (cue for each in intents(language).values() for cue in (*each.sure, *each.likely))
    words_of = (word for cue in (*cues, *_of_ranks(language)) for word in cue)
    return tuple(sorted({word[:-1] for word in words_of if len(word) > 4 and word.endswith("*")}))


@cache
def cue_words(language: str) -> frozenset[str]:
    """Every whole word that a cue of the language has."""
    cues = (cue for each in intents(language).values() for cue in (*each.sure, *each.likely, *each.against))
    return frozenset(word for cue in (*cues, *_of_ranks(language)) for word in cue if word.isalnum())


def cues_of(written: str | None, language: str) -> tuple[Cue, ...]:
    """ "how much .. cost | pric*" as words; a word that may go on keeps its *, a gap stays ".."."""
    made = []
    for cue in (written or "").split("|"):
        parts: list[str] = []
        for part in cue.split():
            if part == "..":
                parts.append(part)
                continue
            found = words(part, language)
            if part.endswith("*") and found:
                found[-1] += "*"
            parts += found
        if parts:
            made.append(tuple(parts))
    return tuple(made)


def has_cue(cue: Cue, tokens: Sequence[str], there: frozenset[str]) -> bool:
    """Whether the words have it; `there`: the same words, for a quick look."""
    if cue[0].isalnum() and cue[0] not in there and not is_han(cue[0]):
        return False  # nearly always
    if len(cue) == 1 and is_han(cue[0]):
        return any(cue[0] in token for token in tokens)
    return any(_from(cue, tokens, start) for start in range(len(tokens)))


def spoken_for(tokens: Sequence[str], language: str) -> dict[str, float]:
    """kind -> what the words of the question say for it, 0..1.2; kinds without any are left out."""
    short, there = len(tokens) <= 2, frozenset(tokens)
    scores: dict[str, float] = {}
    for kind, intent in intents(language).items():
        sure = sum(has_cue(cue, tokens, there) for cue in intent.sure)
        likely = sum(has_cue(cue, tokens, there) for cue in intent.likely)
        if not sure and not likely:
            continue
        score = SURE + 0.1 * min(sure - 1, 2) if sure else 0.0
        score += LIKELY * min(likely, 2) * (2 if short and not sure else 1) * (0.3 if sure else 1)
        score -= AGAINST * min(2, sum(has_cue(cue, tokens, there) for cue in intent.against))
        if score > 0:
            scores[kind] = min(score, 1.2)
    return scores


def likeness(text: str, language: str) -> dict[str, float]:
    """kind -> how much the text looks like one of its examples, 0..1, by groups of three letters."""
    grams, weights = _grams(text), _rarity(language)
    length = _length(grams, weights)
    found: dict[str, float] = {}
    for kind, examples in _examples(language).items():
        best = max((_common(grams, each, weights) / (length * size) for each, size in examples), default=0.0)
        found[kind] = best if length else 0.0
    return found


def _of_ranks(language: str) -> Iterator[Cue]:
    """The words of "cheapest" and "lighter than", which are as good as cues."""
    for ways in listed("ranks").values():
        for written in ways.values():
            for cue in written.get(language, {}).values():
                yield from cues_of(cue, language)


def _from(cue: Cue, tokens: Sequence[str], at: int) -> bool:
    if not cue:
        return True
    if cue[0] == "..":
        return any(_from(cue[1:], tokens, at + skipped) for skipped in range(GAP + 1))
    if at >= len(tokens):
        return False
    word = tokens[at]
    fits = word.startswith(cue[0][:-1]) if cue[0][-1] == "*" else word == cue[0]
    return fits and _from(cue[1:], tokens, at + 1)


def _grams(text: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for word in words(text):
        size = 1 if is_han(word) else 3
        padded = word if size == 1 else f" {word} "
        found.update(padded[at : at + size] for at in range(len(padded) - size + 1))
        if size == 1:
            found.update(padded[at : at + 2] for at in range(len(padded) - 1))
    return found


@cache
def _examples(language: str) -> dict[str, list[tuple[Counter[str], float]]]:
    weights = _rarity(language)
    made = {kind: [_grams(each) for each in intent.like] for kind, intent in intents(language).items()}
    return {kind: [(each, _length(each, weights)) for each in found] for kind, found in made.items()}


@cache
def _rarity(language: str) -> dict[str, float]:
    """Of each group of letters how rare it is among the examples (idf)."""
    examples = [set(_grams(each)) for intent in intents(language).values() for each in intent.like]
    having = Counter(gram for each in examples for gram in each)
    return {gram: math.log((1 + len(examples)) / (0.5 + count)) for gram, count in having.items()}


def _length(grams: Counter[str], weights: Mapping[str, float]) -> float:
    return math.sqrt(sum((count * weights.get(gram, 4.0)) ** 2 for gram, count in grams.items())) or 1.0


def _common(one: Counter[str], other: Counter[str], weights: Mapping[str, float]) -> float:
    return sum(count * one[gram] * weights[gram] ** 2 for gram, count in other.items() if gram in one)
