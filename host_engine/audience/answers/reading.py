"""A question as words: in its language, mistakes put right, with the products that it names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from host_engine.audience.answer import Asking
from host_engine.audience.answers.entries import without_name
from host_engine.audience.answers.exclusions import excluded
from host_engine.audience.answers.glossary import segmented
from host_engine.audience.answers.index import Index
from host_engine.audience.answers.shelf import Named
from host_engine.audience.answers.tongue import LANGUAGES, language_of
from host_engine.audience.answers.words import LONGEST, is_han, stem, words
from host_engine.audience.meaning import Vectors

PRONOUN = {"en": "it", "de": "das", "it": "questo", "fr": "ca", "es": "esto"}


class Nearness(NamedTuple):
    """What is known by meaning: vectors of a question and of the phrases known so far. None: nothing is."""

    question: np.ndarray[tuple[int], np.dtype[np.float32]]  # as it was asked
    masked: np.ndarray[tuple[int], np.dtype[np.float32]]  # with "it" for the names of products
    known: Callable[[Sequence[str]], Vectors]


class Reading(NamedTuple):
    """The question as words, before it is understood."""

    text: str
    language: str
    tokens: list[str]
    mentions: list[Named]
    masked: str
    unwanted: tuple[int, ...] = ()  # products that are to be left out
    left_out: frozenset[int] = frozenset()  # places of the words behind "without"


def wanted(asking: Asking) -> str:
    """The language that the answer is to be in; "" where it is that of the question."""
    language = (asking.language or "").split("-")[0].lower()
    return language if language in LANGUAGES else ""


def read(asking: Asking, index: Index, real: Callable[[str], bool] | None = None) -> Reading:
    """The words of a question, mistakes put right, with the products that it names; `real`: as Index.right has it.

    It is read in its own language, whatever the answer is to be in: that may be what a viewer's browser is set to, or
    what the voices speak.
    """
    text = " ".join(asking.text[:LONGEST].split())
    language = language_of(text, wanted(asking) or index.language, index.names())
    tokens = index.right(words(text, language), language, real)
    if language == "zh":
        tokens = [part for word in tokens for part in (segmented(word) if is_han(word) else (word,))]
    left_out = excluded(tokens, language)
    named_ones = index.shelf.named(tokens, language)
    mentions = [mention for mention in named_ones if not mention.places <= left_out]
    unwanted = tuple(place for mention in named_ones if mention.places <= left_out for place in mention.products)
    places = {place for mention in mentions for place in mention.names}
    named = {stem(tokens[place]) for place in places}
    masked = without_name(tokens, named, PRONOUN.get(language, ""))
    return Reading(text, language, tokens, mentions, masked, unwanted, left_out)
