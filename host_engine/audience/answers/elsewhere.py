"""Questions about what the shop does not have: things it never had, products that were taken out of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice

from host_engine.audience.answer import Asking
from host_engine.audience.answers.cues import cue_words
from host_engine.audience.answers.entries import Entry
from host_engine.audience.answers.glossary import concepts, things
from host_engine.audience.answers.index import Index
from host_engine.audience.answers.lists import particles
from host_engine.audience.answers.reading import Reading
from host_engine.audience.answers.shelf import NAMED
from host_engine.audience.answers.tongue import small_words
from host_engine.audience.answers.words import is_han

_THINGS = frozenset({"price", "stock", "buy", "sell", "color", "size", "material", "unknown"})
"""Kinds in which a thing that nobody knows is a thing that the shop does not have."""

_READ = 500  # questions of the catalog that are looked through


def gone(asking: Asking, index: Index, reading: Reading, subject: int | None, now: datetime) -> bool:
    """Whether it is about something that the shop does not have any more."""
    if subject is not None and not index.offered(subject, now):
        return True
    best = reading.mentions[0].score if reading.mentions else 0.0
    if index.gone is not None:
        left = index.gone.named(reading.tokens, reading.language)
        if left and left[0].score >= NAMED and left[0].score > best + 0.05:
            return True
    return not reading.mentions and asking.product is not None and index.place(asking.product) is None


def elsewhere(index: Index, reading: Reading, kind: str, subject: int | None) -> bool:
    """Whether it is about a thing that the shop does not have: named as a good, or after an article."""
    if reading.mentions or kind not in _THINGS:
        return False
    named = things(reading.tokens, reading.language)
    if named and not any(map(index.shelf.has_concept, named)):
        return True
    if kind in ("unknown", "color", "size", "material"):  # the lid's colour: of a part of what is shown
        return False
    tokens = reading.tokens
    strange = {place for place, word in enumerate(tokens) if _strange(index, word, reading.language)}
    strange -= {place for place in strange if _whom_for(index, reading, place)}
    if kind == "sell":
        return bool(strange)
    pointing = any(word in particles("pointing") and place + 1 not in strange for place, word in enumerate(tokens))
    if pointing or particles("generic") & set(tokens):
        return False
    return any(_after_article(tokens, place) for place in strange)


def _strange(index: Index, word: str, language: str) -> bool:
    """A word that neither questions nor this shop have."""
    known = (
        word in small_words(language)
        or word in cue_words(language)
        or word in particles("generic")
        or index.shelf.knows(word)
    )
    return not known and len(word) >= 3 and not word.isdigit() and not is_han(word)


def _whom_for(index: Index, reading: Reading, place: int) -> bool:
    """A word after "for" that a question of the catalog is about, such as left-handed people: it is no thing."""
    if not particles("purpose") & set(reading.tokens[max(0, place - 2) : place]):
        return False
    about = concepts(reading.tokens, reading.language)[place]
    return bool(about) and any(about & index.entries.about(entry) for entry in _few(index))


def _few(index: Index) -> Iterable[Entry]:
    return islice(index.entries.all(), _READ)


def _after_article(tokens: Sequence[str], place: int) -> bool:
    return any(
        word in particles("articles") or word in particles("pointing") for word in tokens[max(0, place - 2) : place]
    )
