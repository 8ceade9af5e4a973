"""What a question asks, and about which product."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from host_engine.audience.answer import Asking
from host_engine.audience.answers.amounts import bound
from host_engine.audience.answers.cues import cue_words, intents, likeness, spoken_for
from host_engine.audience.answers.entries import Entry, Match, by_meaning, masked, without_name
from host_engine.audience.answers.glossary import goods, segmented, things
from host_engine.audience.answers.index import Index
from host_engine.audience.answers.lists import particles
from host_engine.audience.answers.shelf import NAMED, Named
from host_engine.audience.answers.tongue import LANGUAGES, language_of, small_words
from host_engine.audience.answers.words import LONGEST, is_han, stem, words
from host_engine.audience.meaning import Vectors

PRODUCT_KINDS = frozenset(
    {"price", "sale", "saving", "stock", "size", "color", "material", "measure", "brand", "condition", "audience"}
    | {"about", "highlights", "buy"}
)
SOCIAL = ("greeting", "thanks", "follow", "farewell", "praise")
ALWAYS = frozenset({"price", "sale", "saving", "stock", "human", "next", "now", "name", "maker", "link", "compare"})
"""Kinds whose answer depends on the instant or must not come from a text: a question of the catalog never wins."""
VALUES = frozenset({"color", "material", "measure", "brand", "condition"})
"""Kinds that a field answers more exactly than most questions of the catalog do."""
DYNAMIC = ALWAYS | {"recommend", "range", "buy", "sell", "about", "highlights", "medical"}

SURE = 0.5  # of an intent: then it is meant
PROBABLE = 0.4
ENTRY, ENTRY_OVER_FIELD, ENTRY_OVER_DYNAMIC, ENTRY_OVER_VALUE = 0.5, 0.62, 0.68, 0.9
ENTRY_BESIDE = 0.45  # of a clause with its topic
OFF_TOPIC = 0.55  # what is left of the likeness to an entry without any of the topics that are asked about
OTHER_PRODUCT = 0.75  # ... to an entry of a product that nobody named
_SMALL = 60  # products of a shop in which all questions are looked through
_PRONOUN = {"en": "it", "de": "das", "it": "questo", "fr": "ca", "es": "esto"}
_THINGS = frozenset({"price", "stock", "buy", "sell", "color", "size", "material", "unknown"})
"""Kinds in which a thing that nobody knows is a thing that the shop does not have."""


class Nearness(NamedTuple):
    """What is known by meaning: vectors of a question and of the phrases known so far. None: nothing is."""

    question: np.ndarray[tuple[int], np.dtype[np.float32]]  # as it was asked
    masked: np.ndarray[tuple[int], np.dtype[np.float32]]  # with "it" for the names of products
    known: Callable[[Sequence[str]], Vectors]


class Understood(NamedTuple):
    """A question understood: everything that a reply depends on."""

    text: str
    language: str
    tokens: tuple[str, ...]
    kind: str
    score: float
    mentions: tuple[Named, ...]  # of products, of which the first is `subject` where there is any
    subject: int | None  # the product that it is about
    tied: tuple[int, ...]  # products that may be meant as well
    entry: Entry | None = None  # of kind "faq"; of another one what is asked beside it
    second: str = ""  # another kind that the question asks as well


class Reading(NamedTuple):
    """The question as words, before it is understood."""

    text: str
    language: str
    tokens: list[str]
    mentions: list[Named]
    masked: str


def read(asking: Asking, index: Index, real: Callable[[str], bool] | None = None) -> Reading:
    """The words of a question, mistakes put right, with the products that it names; `real`: as Index.right has it."""
    text = " ".join(asking.text[:LONGEST].split())
    language = (asking.language or "").split("-")[0].lower()
    if language not in LANGUAGES:
        language = language_of(text, index.language, index.names())
    tokens = index.right(words(text, language), language, real)
    if language == "zh":
        tokens = [part for word in tokens for part in (segmented(word) if is_han(word) else (word,))]
    mentions = index.shelf.named(tokens, language)
    places = {place for mention in mentions for place in mention.names}
    named = {stem(tokens[place]) for place in places}
    masked = without_name(tokens, named, _PRONOUN.get(language, ""))
    return Reading(text, language, tokens, mentions, masked)


def understood(asking: Asking, index: Index, reading: Reading, near: Nearness | None, now: datetime) -> Understood:
    """The kind of the question and its product; kind "unknown" where it cannot be told."""
    subject, tied = _subject(asking, index, reading, now)
    scores = intent_scores(reading, near)
    match = best_entry(index, reading, near, subject)
    kind, score, entry = _decided(index, reading, scores, match, subject)
    gone = _gone(asking, index, reading, subject, now)
    if gone and (kind in PRODUCT_KINDS or kind in ("unknown", "sell", "faq")):
        kind, score, entry = "gone", 1.0, None
    elif _elsewhere(index, reading, kind, subject):
        kind, score, entry = "absent", score, None
    made = Understood(
        reading.text, reading.language, tuple(reading.tokens), kind, min(1.0, score), tuple(reading.mentions),
        subject, tied, entry, _second(scores, kind),
    )  # fmt: skip
    return made


def intent_scores(reading: Reading, near: Nearness | None) -> dict[str, float]:
    """kind -> how surely it is meant, 0..1."""
    masked = words(reading.text if reading.language == "zh" else reading.masked, reading.language)
    cues = spoken_for(masked, reading.language) or spoken_for(reading.tokens, reading.language)
    alike = dict(likeness(" ".join(masked), reading.language))
    if near is not None and reading.language == "en":
        for kind, intent in intents("en").items():
            known = near.known(intent.like)
            if len(known):
                alike[kind] = max(alike.get(kind, 0.0), _calibrated(by_meaning(near.masked, known)))
    return {kind: 0.6 * min(cues.get(kind, 0.0), 1.1) + 0.4 * likely for kind, likely in alike.items()}


def best_entry(index: Index, reading: Reading, near: Nearness | None, subject: int | None) -> Match | None:
    """The question of the catalog that this one is most like: of the product, else of the shop."""
    entries = index.entries
    same = reading.language == entries.language
    places = {place for mention in reading.mentions for place in mention.names} if subject is not None else set()
    whole = entries.terms(reading.tokens, reading.language)
    without = entries.terms(reading.tokens, reading.language, places)
    topics = _topics(index, reading)
    best: Match | None = None
    for entry in _candidates(index, reading, subject):
        of_shop = entry.product is None
        text = " ".join(reading.tokens) if of_shop else reading.masked
        score = entries.likeness(text, whole if of_shop else without, entry, same)
        if near is not None and same and len(known := near.known(masked(entry))):
            meant = _calibrated(by_meaning(near.question if of_shop else near.masked, known))
            score = max(0.5 * score + 0.5 * meant, 0.92 * meant)
        if (topics and not topics & entries.about(entry)) or not (topics or same):
            score *= OFF_TOPIC
        if entry.product is not None and entry.product != subject:
            score *= OTHER_PRODUCT
        if best is None or score > best.score:
            best = Match(entry, score)
    return best


def _topics(index: Index, reading: Reading) -> set[str]:
    """What the question asks about, as far as the glossary has a name for it."""
    terms = index.entries.terms(reading.tokens, reading.language)
    return {concept for term in terms for concept in term.about} - goods()


def _candidates(index: Index, reading: Reading, subject: int | None) -> Iterable[Entry]:
    """The product's questions and the shop's; in a small shop all, where none is named nor pointed at."""
    if reading.mentions or len(index.shelf.products) > _SMALL or particles("pointing") & set(reading.tokens):
        return (*(index.entries.of(subject) if subject is not None else ()), *index.entries.shop)
    return index.entries.all()


def _calibrated(cosine: float) -> float:
    """A cosine of MiniLM as a degree of sameness: paraphrases of questions lie from 0.5 to 1, others below 0.4."""
    return min(1.0, max(0.0, (cosine - 0.25) / 0.6))


def _decided(
    index: Index, reading: Reading, scores: Mapping[str, float], match: Match | None, subject: int | None
) -> tuple[str, float, Entry | None]:
    kinds = [kind for kind in scores if kind not in SOCIAL and not (kind == "compare" and len(reading.mentions) < 1)]
    top = max(kinds, key=lambda kind: scores[kind], default="unknown")
    score = scores.get(top, 0.0)
    if scores.get("human", 0.0) >= max(SURE, score - 0.1):
        return "human", scores["human"], None
    fits = match.score if match else 0.0
    entry = match.entry if match else None
    if top in ALWAYS and score >= SURE:
        return top, score, _beside(index, reading, subject)
    if entry and fits >= ENTRY and (asked := _momentary(index, entry)):
        return asked, fits, None
    if scores.get("medical", 0.0) >= SURE:
        return ("faq", fits, entry) if fits >= ENTRY else ("medical", scores["medical"], None)
    least = ENTRY_OVER_VALUE if top in VALUES else ENTRY_OVER_DYNAMIC if top in DYNAMIC else ENTRY_OVER_FIELD
    if entry and fits >= (least if score >= SURE else ENTRY):
        return "faq", fits, entry
    if score >= SURE:
        return top, score, None
    social = max(SOCIAL, key=lambda kind: scores.get(kind, 0.0))
    if scores.get(social, 0.0) >= SURE and not reading.mentions:
        return social, scores[social], None
    if score >= PROBABLE and (top not in ("sell", "recommend") or reading.mentions):
        return top, score, None
    if scores.get(social, 0.0) >= SURE:
        return social, scores[social], None
    if _only_names(reading):
        return "about", 0.6, None
    if subject is not None and (named := bound(reading.text)) and named.currency:
        return "price", PROBABLE, None  # "is it £20?"
    return "unknown", score, None


def _beside(index: Index, reading: Reading, subject: int | None) -> Entry | None:
    """What is asked in another clause of a question: "is it dishwasher safe, and how much is it?"."""
    clauses: list[list[str]] = [[]]
    for word in reading.tokens:
        if word in particles("joining"):
            clauses.append([])
        else:
            clauses[-1].append(word)
    for clause in clauses if len(clauses) > 1 else ():
        named = [mention for mention in index.shelf.named(clause, reading.language) if subject in mention.products]
        places = {stem(clause[place]) for mention in named for place in mention.names}
        masked_clause = without_name(clause, places, _PRONOUN.get(reading.language, ""))
        alone = Reading(" ".join(clause), reading.language, clause, named, masked_clause)
        match = best_entry(index, alone, None, subject) if _topics(index, alone) else None
        if match and match.score >= ENTRY_BESIDE and match.entry.product == subject:
            return match.entry
    return None


def _momentary(index: Index, entry: Entry) -> str:
    """The kind of an entry whose answer may have become false, such as "when is it back?": it is made anew. Else ""."""
    language = index.language
    scores = spoken_for(words(entry.phrases[0], language), language) if language == index.entries.language else {}
    best = max(scores, key=lambda kind: scores[kind], default="")
    return best if best in ("price", "sale", "saving", "stock", "human") and scores[best] >= 1 else ""


def _second(scores: Mapping[str, float], kind: str) -> str:
    """Another fact of the product that the question asks for as surely: "how much, and is it in stock?"."""
    if kind not in ("price", "stock", "color", "material", "size"):
        return ""
    others = {each: scores[each] for each in ("price", "stock", "color", "material") if each in scores and each != kind}
    best = max(others, key=lambda each: others[each], default="")
    return best if best and others[best] >= 0.6 else ""


def _subject(asking: Asking, index: Index, reading: Reading, now: datetime) -> tuple[int | None, tuple[int, ...]]:
    pointed, on_air = index.place(asking.product), index.place(asking.on_air)
    if reading.mentions:
        tied = reading.mentions[0].products
        for near in (pointed, on_air):
            if near in tied:
                return near, ()
        offered = [place for place in tied if index.offered(place, now)] or list(tied)
        first = offered[0]
        group = index.catalog.products[first].item_group_id
        others = tuple(
            place for place in offered[1:] if not group or index.catalog.products[place].item_group_id != group
        )
        return first, others
    if pointed is not None or asking.product is not None:
        return pointed, ()
    if on_air is None and len(index.shelf.products) == 1:
        return 0, ()
    return on_air, ()


def _gone(asking: Asking, index: Index, reading: Reading, subject: int | None, now: datetime) -> bool:
    """Whether it is about something that the shop does not have any more."""
    if subject is not None and not index.offered(subject, now):
        return True
    best = reading.mentions[0].score if reading.mentions else 0.0
    if index.gone is not None:
        left = index.gone.named(reading.tokens, reading.language)
        if left and left[0].score >= NAMED and left[0].score > best + 0.05:
            return True
    return not reading.mentions and asking.product is not None and index.place(asking.product) is None


def _elsewhere(index: Index, reading: Reading, kind: str, subject: int | None) -> bool:
    """Whether it is about a thing that the shop does not have: named as a good, or after an article."""
    if reading.mentions or kind not in _THINGS:
        return False
    named = things(reading.tokens, reading.language)
    if named and not any(map(index.shelf.has_concept, named)):
        return True
    if kind == "unknown":
        return False
    tokens = reading.tokens
    strange = {place for place, word in enumerate(tokens) if _strange(index, word, reading.language)}
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


def _after_article(tokens: Sequence[str], place: int) -> bool:
    return any(
        word in particles("articles") or word in particles("pointing") for word in tokens[max(0, place - 2) : place]
    )


def _only_names(reading: Reading) -> bool:
    places = {place for mention in reading.mentions for place in mention.names}
    small = small_words(reading.language)
    left = [word for place, word in enumerate(reading.tokens) if place not in places and word not in small]
    return bool(places) and not left and len(reading.tokens) <= 6
