"""The questions that shoppers ask as the catalog has them, found by words and by meaning."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from copy import copy
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from rapidfuzz import fuzz

from host_engine.audience.answers.glossary import concepts
from host_engine.audience.answers.lists import particles
from host_engine.audience.answers.tongue import small_words
from host_engine.audience.answers.words import alike, folded, is_han, stem, words
from host_engine.audience.meaning import Vectors
from host_engine.priority import gently
from host_engine.show.catalog import Catalog, Faq, Product

_RARE = 1.0  # weight of a word that no question of the catalog has
_REMEMBERED = 5000  # texts whose words are remembered
_KNOWN_OF = 200  # products whose words are remembered
_KNOWN_ENOUGH = 40_000  # phrases that the rarity of words is counted over


class Entry(NamedTuple):
    """One question of the catalog, with its answer."""

    product: int | None  # of the shelf; None for the shop's own
    phrases: tuple[str, ...]
    answer: str
    title: str = ""  # of the product


class Match(NamedTuple):
    """An entry and how well it fits a question, 0..1."""

    entry: Entry
    score: float


class Term(NamedTuple):
    """A word that counts, with what it may mean."""

    word: str
    about: frozenset[str]


class Entries:
    """All questions of a catalog, product by product. Built once, then only read."""

    def __init__(self, catalog: Catalog) -> None:
        self.language = catalog.language.split("-")[0]
        self.shop = tuple(_entry(None, faq) for faq in catalog.faq)
        self._of = {n: self._entries(n, product) for n, product in enumerate(gently(catalog.products)) if product.faq}
        self._terms: dict[str, tuple[Term, ...]] = {}
        self._about: dict[int, frozenset[str]] = {}  # entries live as long as this does
        self._known: dict[int, frozenset[str]] = {}
        self._having: Counter[str] = Counter()
        self._count = 1
        for entry in self.all():
            for phrase in entry.phrases:
                self._count += 1
                self._having.update({stem(word) for word in words(phrase, self.language)})
            if self._count > _KNOWN_ENOUGH:
                break

    def successor(self, catalog: Catalog, moved: Sequence[int | None]) -> Entries:
        """The entries of the next catalog, in the same language; `moved`: where each of its products was, as `moves`
        says it. What is known of the rarity of words stays."""
        made = copy(self)
        made.shop = tuple(_entry(None, faq) for faq in catalog.faq)
        made._about, made._known, made._of = {}, {}, {}
        for n, (product, old) in enumerate(zip(catalog.products, moved, strict=True)):
            if old is None and product.faq:
                made._of[n] = self._entries(n, product)
            elif old is not None and (known := self._of.get(old)):
                made._of[n] = known if old == n else tuple(each._replace(product=n) for each in known)
        return made

    def of(self, product: int) -> tuple[Entry, ...]:
        """The entries of a product."""
        return self._of.get(product, ())

    def all(self) -> Iterable[Entry]:
        """The shop's own first, then product by product."""
        yield from self.shop
        for entries in self._of.values():
            yield from entries

    def vocabulary(self, most: int = 5000) -> set[str]:
        """The words of the questions, the frequent ones first."""
        found: set[str] = set()
        for entry in self.all():
            for phrase in entry.phrases:
                found.update(words(phrase, self.language))
            if len(found) > most:
                break
        return found

    def terms(self, tokens: Sequence[str], language: str, without: Iterable[int] = ()) -> tuple[Term, ...]:
        """The words of a question that count, without those at these places, which only name a product."""
        small, left = small_words(language), set(without)
        about = concepts(tokens, language)
        return tuple(
            Term(word, about[place])
            for place, word in enumerate(tokens)
            if place not in left and (about[place] or not (word in small or is_han(word)))
        )

    def about(self, entry: Entry) -> frozenset[str]:
        """What an entry may be about: the concepts of its phrases and of its answer."""
        found = self._about.get(id(entry))
        if found is None:
            texts = (*entry.phrases, entry.answer)
            each = (concepts(words(text, self.language), self.language) for text in texts)
            found = frozenset(concept for tokens in each for about in tokens for concept in about)
            self._about[id(entry)] = found
        return found

    def known_of(self, n: int, product: Product) -> frozenset[str]:
        """The stems and concepts of all that is said of a product."""
        found = self._known.get(n)
        if found is None:
            answers = (faq.answer for faq in product.faq)
            phrases = (phrase for faq in product.faq for phrase in faq.questions)
            texts = (product.title, product.description, product.size or "", *product.selling_points,
                     *product.product_highlight, *answers, *phrases)  # fmt: skip
            tokens = words(" ".join(texts), self.language)
            concept = (each for about in concepts(tokens, self.language) for each in about)
            if len(self._known) >= _KNOWN_OF:
                self._known.clear()
            found = self._known[n] = frozenset((*map(stem, tokens), *concept))
        return found

    def likeness(self, text: str, asked: tuple[Term, ...], entry: Entry, same: bool) -> float:
        """How much a question looks like an entry, by words alone, 0..1. `same`: both are in one language."""
        if not asked:
            return 0.0
        wide = 0.0 if same else 0.9 * self._widely(asked, entry)
        best = max((self._phrase(text, asked, phrase, same, entry, wide) for phrase in entry.phrases), default=0.0)
        answer = self._read(entry.answer)
        backed = self._covered(asked, answer, same)
        return min(1.0, 0.85 * best + 0.15 * backed) if best else 0.25 * backed

    def _widely(self, asked: tuple[Term, ...], entry: Entry) -> float:
        """The share of a question in another language that any of an entry's phrases, or its answer, is about."""
        about = self.about(entry)
        weights = [(1.0 if term.about else 0.25, bool(term.about & about)) for term in asked]
        whole = sum(weight for weight, _ in weights)
        return sum(weight for weight, found in weights if found) / whole if whole else 0.0

    def _phrase(self, text: str, asked: tuple[Term, ...], phrase: str, same: bool, entry: Entry, wide: float) -> float:
        terms = self._read(phrase)
        if not same and entry.title:  # its name may be left out of the question
            named = {stem(word) for word in words(entry.title, self.language)} | _things_of(entry.title, self.language)
            terms = tuple(t for t in terms if stem(t.word) not in named and not (t.about and t.about <= named))
        if not terms:
            return 0.6 * fuzz.ratio(text, folded(phrase)) / 100 if same else 0.0
        there, back = max(wide, self._covered(asked, terms, same)), self._covered(terms, asked, same)
        if not there or not back:
            return 0.0
        both = 2 * there * back / (there + back)
        if not same:
            return 0.8 * both
        return 0.7 * both + 0.3 * fuzz.token_sort_ratio(text, folded(phrase)) / 100

    def _read(self, text: str) -> tuple[Term, ...]:
        """The terms of a text of the catalog, remembered."""
        found = self._terms.get(text)
        if found is None:
            if len(self._terms) >= _REMEMBERED:
                self._terms.clear()
            found = self._terms[text] = self.terms(words(text, self.language), self.language)
        return found

    def _covered(self, these: tuple[Term, ...], those: tuple[Term, ...], same: bool) -> float:
        """The share of the first terms that the second ones have, where rare words count more."""
        whole = found = 0.0
        for term in these:
            weight = self._weight(term.word) if same else (1.0 if term.about else 0.25)
            whole += weight
            found += weight * max((_fits(term, other, same) for other in those), default=0.0)
        return found / whole if whole else 0.0

    def _weight(self, word: str) -> float:
        having = self._having.get(stem(word), 0)
        return math.log(1 + self._count / having) / math.log(1 + self._count) if having else _RARE

    @staticmethod
    def _entries(n: int, product: Product) -> tuple[Entry, ...]:
        return tuple(_entry(n, faq, product.title) for faq in product.faq)


@lru_cache(4096)
def _things_of(title: str, language: str) -> frozenset[str]:
    """The concepts that name a product."""
    return frozenset(each for about in concepts(words(title, language), language) for each in about)


def by_meaning(question: np.ndarray[tuple[int], np.dtype[np.float32]], phrases: Vectors) -> float:
    """How near the nearest phrase is to a question, as a cosine."""
    return float((phrases @ question).max(initial=-1.0))


def _fits(one: Term, other: Term, same: bool) -> float:
    if one.about & other.about:
        return 0.95 if one.word != other.word else 1.0
    return alike(one.word, other.word) if same or one.word == other.word else 0.0


def without_name(phrase: Iterable[str], named: Container[str], pronoun: str = "it") -> str:
    """A phrase with a pronoun for each word that names the product: "does it leak" for "does the kettle leak"."""
    made: list[str] = []
    for word in phrase:
        if stem(word) not in named:
            made.append(word)
        elif made[-1:] != [pronoun]:
            made[-1:] = [pronoun] if made and made[-1] in particles("articles") else [*made[-1:], pronoun]
    return " ".join(made)


@lru_cache(4096)
def masked(entry: Entry) -> tuple[str, ...]:
    """The phrases with "it" for the product's name: what is compared by meaning."""
    named = {stem(word) for word in words(entry.title, "en") if len(word) > 2}
    return tuple(without_name(words(phrase, "en"), named) for phrase in entry.phrases)


def _entry(product: int | None, faq: Faq, title: str = "") -> Entry:
    return Entry(product, tuple(faq.questions), faq.answer, title)
