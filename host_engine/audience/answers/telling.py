"""What the catalog tells in passing: the sentence about a product that has every word of the question."""

from __future__ import annotations

import re
from collections.abc import Iterator

from host_engine.audience.answers.entries import Term
from host_engine.audience.answers.lists import particles
from host_engine.audience.answers.reply import Ground, Reply
from host_engine.audience.answers.words import alike, words
from host_engine.show.catalog import Product
from host_engine.show.evidence import Evidence

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_ALONE = 5  # letters of a single word that a question may hang on
_MOST = 5  # words that count; what has more says something of its own
_SAME = 0.9


def told(ground: Ground, place: int) -> Reply | None:
    """The sentence of the catalog, in its own words; None where a word of the question is in none."""
    asked, index = ground.asked, ground.index
    if asked.asked_in != index.language or asked.asked_in != asked.language:
        return None
    named = {at for mention in asked.mentions for at in mention.names}
    terms = [
        term
        for term in index.entries.terms(asked.tokens, asked.asked_in, named)
        if term.word not in particles("asking")
    ]
    if not 0 < len(terms) <= _MOST or (len(terms) == 1 and len(terms[0].word) < _ALONE):
        return None
    for evidence, sentence in _sentences(index.catalog.products[place]):
        said = index.entries.terms(words(sentence, index.language), index.language)
        if all(any(_same(term, other) for other in said) for term in terms):
            text = sentence if sentence[-1:] in ".!?" else f"{sentence}."
            return Reply(text, (ground.sheet(place).named, evidence), place, "about")
    return None


def _same(one: Term, other: Term) -> bool:
    return bool(one.about & other.about) or alike(one.word, other.word) >= _SAME


def _sentences(product: Product) -> Iterator[tuple[Evidence, str]]:
    for text in product.selling_points:
        yield Evidence(product.id, "selling_points", text), text
    for sentence in _SENTENCE.split(product.description):
        yield Evidence(product.id, "description", product.description), sentence
    for faq in product.faq:
        for sentence in _SENTENCE.split(faq.answer):
            if len(words(sentence)) > 2:
                yield Evidence(product.id, "faq", faq.answer), sentence
