"""Which products a question names: by the words of their titles and texts, their kinds, in any language of answers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from host_engine.audience.answers.glossary import concepts, goods
from host_engine.audience.answers.lists import listed, particles
from host_engine.audience.answers.tongue import small_words
from host_engine.audience.answers.words import is_han, stem, words
from host_engine.priority import gently
from host_engine.show.catalog import Catalog, Product

NAMED = 0.6  # a product with less is not meant
TIE = 0.88  # of the best score: then both may be meant
_COMPOUND = 0.85  # what a part of a compound says, or a compound with the word in it
_STRONG = 0.4  # weights from which on a word counts as a name
_TITLE = 1.0  # the weight of a word of the title
_NAME = 0.9  # weights from which on it names the thing itself
_DESCRIBES = 0.45  # at most what a word of a description, a colour or a material says
_MOST_TIED = 6
_LONG = 200  # words of a description that are read
_SMALL = 500  # products of a catalog of which every text is read for what it may mean
_NEW = 0.1  # of the products: where more are new, all are read anew

_Row = NDArray[np.float64]  # (products,) what one word of a question says for each


class Named(NamedTuple):
    """Products that one mention may mean, the likeliest first; where there are several, they tie."""

    products: tuple[int, ...]
    score: float
    places: frozenset[int]  # of the words that speak for them
    names: frozenset[int]  # of those words that name them, as words of a description do not


class _Posting(NamedTuple):
    """The products that have a word, what it says for each, and how rare it is: 1 for a word of one product only."""

    products: NDArray[np.int64]
    weights: NDArray[np.float64]
    rarity: float


class Shelf:
    """The words of all products, each with what it says for which product. Built once, then only read."""

    def __init__(self, catalog: Catalog) -> None:
        self.products = catalog.products
        self.vocabulary: set[str] = set()
        self._language = catalog.language.split("-")[0]
        self._plain = frozenset(stem(word) for word in words(" ".join(listed("plain").values())))
        self._postings: dict[str, list[tuple[int, float]]] = {}
        self._made: dict[str, _Posting] = {}
        self._titles: set[str] = set()
        self._several = len({product.brand for product in catalog.products}) > 1
        self._small = len(catalog.products) <= _SMALL
        for n, product in enumerate(gently(catalog.products)):
            for key, weight in self._weights(product).items():
                self._postings.setdefault(key, []).append((n, weight))
        self._compounds = self._long_ones()

    def successor(self, catalog: Catalog) -> Shelf:
        """The shelf of the next catalog: what is said of products that it shares with this one is taken over.

        A change of a few products of 10 000 takes some milliseconds, a product that is taken out some tens.
        """
        moved = moves(self.products, catalog.products)
        if moved is None or not self._reads_like(catalog):
            return Shelf(catalog)
        made = copy(self)
        made.products = catalog.products
        made.vocabulary, made._titles = set(self.vocabulary), set(self._titles)
        made._made = dict(self._made)
        if len(self.products) == len(catalog.products) and all(old in (None, new) for new, old in enumerate(moved)):
            made._replace(self, [new for new, old in enumerate(moved) if old is None])
        else:
            made._rearrange(self, moved)
        if made._titles != self._titles:
            made._compounds = made._long_ones()
        return made

    def _reads_like(self, catalog: Catalog) -> bool:
        """Whether products say the same on a shelf of that catalog as on this one."""
        several = len({product.brand for product in catalog.products}) > 1
        small = len(catalog.products) <= _SMALL
        same = (self._language, self._several, self._small)
        return same == (catalog.language.split("-")[0], several, small)

    def _replace(self, before: Shelf, places: Iterable[int]) -> None:
        """Other products stand at these places."""
        self._postings = dict(before._postings)
        for n in places:
            old, new = self._weights(before.products[n]), self._weights(self.products[n])
            for key in {**old, **new}:
                if old.get(key) == new.get(key):
                    continue
                row = [each for each in self._postings.get(key, ()) if each[0] != n]
                self._put(key, sorted([*row, (n, new[key])]) if key in new else row)

    def _rearrange(self, before: Shelf, moved: Sequence[int | None]) -> None:
        """Products stand at other places, or are gone; `moved`: where each was."""
        places = {old: new for new, old in enumerate(moved) if old is not None}
        self._postings, self._made = {}, {}
        for key, row in gently(before._postings.items()):
            self._put(key, [(places[n], weight) for n, weight in row if n in places])
        for n in (new for new, old in enumerate(moved) if old is None):
            for key, weight in self._weights(self.products[n]).items():
                self._postings.setdefault(key, []).append((n, weight))

    def _put(self, key: str, row: list[tuple[int, float]]) -> None:
        self._made.pop(key, None)
        if row:
            self._postings[key] = row
        else:
            self._postings.pop(key, None)

    def _long_ones(self) -> list[str]:
        return sorted(word for word in self._titles if len(word) >= 5 and word.isalpha())

    def named(self, tokens: Sequence[str], language: str) -> list[Named]:
        """The mentions of products in a question, the clearest first; at most three."""
        about = concepts(tokens, language)
        read = (
            (place, self._row(word, about[place], language, measured=_measures(tokens, place)))
            for place, word in enumerate(tokens)
        )
        rows = {place: row for place, row in read if row is not None}
        found: list[Named] = []
        while rows and len(found) < 3:
            scores = np.sum(list(rows.values()), axis=0)
            best = float(scores.max(initial=0.0))
            if best < NAMED:
                break
            first = int(scores.argmax())
            places = frozenset(place for place, row in rows.items() if row[first] > 0.6 * row.max())
            places = places or frozenset(place for place, row in rows.items() if row[first] > 0)
            same = np.sum([rows[place] for place in places], axis=0)  # others must be named by the same words
            tied = np.flatnonzero(same >= TIE * same[first])
            order = tied[np.argsort(-same[tied], kind="stable")][:_MOST_TIED]
            strong = {place for place in places if rows[place][order[0]] > _DESCRIBES}
            names = self._grown(strong, tokens, int(order[0]))
            found.append(Named(tuple(int(n) for n in order), best, places, names))
            rows = {place: row for place, row in rows.items() if place not in places}
        return found

    def _grown(self, names: set[int], tokens: Sequence[str], product: int) -> frozenset[int]:
        """With the words beside them that are of the title too, though many titles have them: "mug number 77"."""
        title = {stem(word) for word in words(self.products[product].title, self._language)}
        for step in (-1, 1):
            for start in tuple(names):
                at = start + step
                while 0 <= at < len(tokens) and stem(tokens[at]) in title:
                    names.add(at)
                    at += step
        return frozenset(names)

    def has_concept(self, concept: str) -> bool:
        """Whether any product is such a thing, or has to do with it."""
        return concept in self._postings

    def knows(self, word: str) -> bool:
        """Whether any product has the word."""
        return stem(word) in self._postings

    def having(self, word: str, about: Iterable[str], most: int) -> set[int]:
        """Products that have the word, or what it may mean; at most so many of each, the likeliest ones."""
        found: set[int] = set()
        for key in (stem(word), *about):
            if posting := self._posting(key):
                found.update(posting.products[np.argsort(-posting.weights, kind="stable")[:most]].tolist())
        return found

    def _row(self, word: str, about: Iterable[str], language: str, measured: bool = False) -> _Row | None:
        """What a word says for each product; None where it says nothing for any. `measured`: a number with its unit."""
        small = word in small_words(language) or len(word) < 2
        keys = [] if small else [(stem(word), 0.5 if stem(word) in self._plain else 1.0)]
        keys += [(concept, 1.0) for concept in about]
        topic = bool(about) and not goods() & set(about)  # such as induction: it names nothing
        least = _TITLE if measured else _NAME if topic or word[0].isdigit() else 0.0
        plain = small or stem(word) in self._plain or is_han(word)
        if not plain and not self._strongly(stem(word)):
            keys += [(stem(each), _COMPOUND) for each in self._compounds_of(word)]
        row: _Row | None = None
        for key, share in keys:
            if posting := self._posting(key):
                row = np.zeros(len(self.products)) if row is None else row
                at, weights = posting.products, posting.weights * (posting.weights >= least)
                row[at] = np.maximum(row[at], weights * (share * posting.rarity))
        return row

    def _posting(self, key: str) -> _Posting | None:
        """As arrays, made when the word is first asked for."""
        made = self._made.get(key)
        if made is None and (written := self._postings.get(key)):
            products, weights = zip(*written, strict=True)
            having, count = sum(weight >= _STRONG for weight in weights) or len(weights), len(self.products)
            rarity = math.log((count + 1) / having) / math.log(count + 1)
            made = self._made[key] = _Posting(np.array(products), np.array(weights), rarity)
        return made

    def _strongly(self, key: str) -> bool:
        posting = self._posting(key)
        return posting is not None and bool((posting.weights >= 0.9).any())

    def _compounds_of(self, word: str) -> Iterator[str]:
        """Words of titles that end with this one, or that this one ends with."""
        if len(word) < 3 or not word.isalpha():
            return
        for each in self._compounds:
            if each != word and (each.endswith(word) or (word.endswith(each) and len(each) >= 5)):
                yield each

    def _weights(self, product: Product) -> dict[str, float]:
        found: dict[str, float] = {}
        for text, weight, kind in _texts(product, self._several):
            tokens = words(text, self._language)[:_LONG]
            if weight >= _STRONG:
                self.vocabulary.update(tokens)
            if kind == "title":
                self._titles.update(tokens)
            about = concepts(tokens, self._language) if self._small or weight >= 0.7 else ()
            keys = [*map(stem, tokens), *(concept for each in about for concept in each)]
            small = small_words(self._language)
            for key, word in zip(keys, [*tokens, *keys[len(tokens) :]], strict=True):
                if word not in small and found.get(key, 0.0) < weight:
                    found[key] = weight
        return found


def moves(before: Sequence[Product], after: Sequence[Product]) -> list[int | None] | None:
    """Where each product of the next catalog stood in this one; None for one that is new or says something else.

    None for all where so many are new that nothing is gained by knowing it.
    """
    places = {id(product): n for n, product in enumerate(before)}
    found = [places.get(id(product)) for product in after]
    return found if found.count(None) <= max(_NEW * len(after), 1) else None


def _measures(tokens: Sequence[str], place: int) -> bool:
    """Whether it is a number with its unit: 250 g is no part number, whatever article number has a 250 in it."""
    return tokens[place].isdigit() and place + 1 < len(tokens) and tokens[place + 1] in particles("units")


def _texts(product: Product, several_brands: bool) -> Iterator[tuple[str, float, str]]:
    """The texts that may name a product, with what their words say for it."""
    yield product.title, 1.0, "title"
    for number in filter(None, (product.id, product.mpn)):
        yield " ".join(part for part in words(number) if len(part) >= 3), 0.9, "id"
    if product.product_type:
        parts = product.product_type.split(">")
        yield " ".join(reversed(parts)), 0.7, "type"
    if product.google_product_category:
        kind = product.google_product_category.rsplit(">", 1)[-1]
        yield kind, 0.4 if "&" in kind else 0.65, "type"  # "Tea & Infusions" names more than the thing
    if product.brand and several_brands:
        yield product.brand, 0.5, "brand"
    for text in (product.color, product.material, product.pattern, product.size):
        if text:
            yield text, 0.4, "attribute"
    yield product.description, 0.35, "text"
    for text in product.product_highlight:
        yield text, 0.3, "text"
