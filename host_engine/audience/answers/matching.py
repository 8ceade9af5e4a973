"""Which question of the catalog is asked: by words, by meaning, and by what it is about."""

from __future__ import annotations

from collections.abc import Iterable

from host_engine.audience.answers.cues import cue_words, spoken_for
from host_engine.audience.answers.entries import Entry, Match, Term, by_meaning, masked, without_name
from host_engine.audience.answers.exclusions import excluded, excludes
from host_engine.audience.answers.glossary import concepts, goods
from host_engine.audience.answers.index import Index
from host_engine.audience.answers.lists import particles
from host_engine.audience.answers.reading import PRONOUN, Nearness, Reading
from host_engine.audience.answers.tongue import small_words
from host_engine.audience.answers.words import stem, words

ENTRY_BESIDE = 0.45  # of a clause with its topic
OFF_TOPIC = 0.55  # what is left of the likeness to an entry without any of the topics that are asked about
OTHER_PRODUCT = 0.75  # ... to an entry of a product that nobody named
NOT_MEANT = 0.5  # ... where all words of the question are as much of the product that is meant
WITHOUT_THE_SAME = 0.75  # likeness at least of a question and an entry that leave out the same thing
_SMALL = 60  # products of a shop in which all questions are looked through


def best_entry(index: Index, reading: Reading, near: Nearness | None, subject: int | None) -> Match | None:
    """The question of the catalog that this one is most like: of the product, else of the shop."""
    entries = index.entries
    same = reading.language == entries.language
    places = {place for mention in reading.mentions for place in mention.names} if subject is not None else set()
    whole = entries.terms(reading.tokens, reading.language)
    without = entries.terms(reading.tokens, reading.language, places)
    topics = topics_of(index, reading)
    best: Match | None = None
    for entry in candidates(index, reading, subject):
        of_shop = entry.product is None
        text = " ".join(reading.tokens) if of_shop else reading.masked
        score = entries.likeness(text, whole if of_shop else without, entry, same)
        if near is not None and same and len(known := near.known(masked(entry))):
            meant = calibrated(by_meaning(near.question if of_shop else near.masked, known))
            score = max(0.5 * score + 0.5 * meant, 0.92 * meant)
        if (topics and not topics & entries.about(entry)) or not (topics or same):
            score *= OFF_TOPIC
        if entry.product is not None and entry.product != subject:
            score *= OTHER_PRODUCT if _foreign(index, reading, without, subject) else NOT_MEANT
        if reading.left_out and _goes_without(index, reading, entry):
            score = max(score, WITHOUT_THE_SAME)
        if best is None or score > best.score:
            best = Match(entry, score)
    return best


def _goes_without(index: Index, reading: Reading, entry: Entry) -> bool:
    """Whether something is to be left out, and the entry is about just that."""
    language = index.entries.language
    asked = _keys([word for place, word in enumerate(reading.tokens) if place in reading.left_out], reading.language)
    for phrase in entry.phrases if asked else ():
        tokens = words(phrase, language)
        if excludes(tokens):
            left_out = excluded(tokens, language)
            if asked & _keys([word for place, word in enumerate(tokens) if place in left_out], language):
                return True
    return False


def _keys(tokens: list[str], language: str) -> frozenset[str]:
    """Their concepts, and the stems of words that count."""
    small = small_words(language)
    stems = (stem(word) for word in tokens if word not in small)
    return frozenset((*stems, *(each for about in concepts(tokens, language) for each in about)))


def _foreign(index: Index, reading: Reading, asked: Iterable[Term], subject: int | None) -> bool:
    """Whether the question has a word that the texts of its product have not, and that is none of any question."""
    if subject is None or reading.mentions:
        return True
    known, language = index.entries.known_of(subject, index.shelf.products[subject]), reading.language
    asking = cue_words(language) | particles("asking")
    return any(
        not (term.about & known or (reading.language == index.language and stem(term.word) in known))
        for term in asked
        if term.about or term.word not in asking
    )


def beside(index: Index, reading: Reading, subject: int | None) -> Entry | None:
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
        masked_clause = without_name(clause, places, PRONOUN.get(reading.language, ""))
        alone = Reading(" ".join(clause), reading.language, clause, named, masked_clause)
        match = best_entry(index, alone, None, subject) if topics_of(index, alone) else None
        if match and match.score >= ENTRY_BESIDE and match.entry.product == subject:
            return match.entry
    return None


def momentary(index: Index, entry: Entry) -> str:
    """The kind of an entry whose answer may have become false, such as "when is it back?": it is made anew. Else ""."""
    language = index.language
    scores = spoken_for(words(entry.phrases[0], language), language) if language == index.entries.language else {}
    best = max(scores, key=lambda kind: scores[kind], default="")
    return best if best in ("price", "sale", "saving", "stock", "human") and scores[best] >= 1 else ""


def calibrated(cosine: float) -> float:
    """A cosine of MiniLM as a degree of sameness: paraphrases of questions lie from 0.5 to 1, others below 0.4."""
    return min(1.0, max(0.0, (cosine - 0.25) / 0.6))


def topics_of(index: Index, reading: Reading) -> set[str]:
    """What the question asks about, as far as the glossary has a name for it."""
    terms = index.entries.terms(reading.tokens, reading.language)
    return {concept for term in terms for concept in term.about} - goods()


def candidates(index: Index, reading: Reading, subject: int | None) -> Iterable[Entry]:
    """The product's questions and the shop's; in a small shop all, where none is named nor pointed at."""
    if reading.mentions or len(index.shelf.products) > _SMALL or particles("pointing") & set(reading.tokens):
        return (*(index.entries.of(subject) if subject is not None else ()), *index.entries.shop)
    return index.entries.all()
