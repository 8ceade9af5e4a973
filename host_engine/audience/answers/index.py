"""A catalog made ready for questions: its products, its questions and its words. Built off the loop, then only read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from functools import lru_cache, partial

from host_engine.audience.answers.cues import beginnings, cue_words, spelt
from host_engine.audience.answers.entries import Entries
from host_engine.audience.answers.glossary import known_words
from host_engine.audience.answers.shelf import Shelf, moves
from host_engine.audience.answers.speller import Speller
from host_engine.audience.answers.tongue import LANGUAGES, small_words
from host_engine.show.catalog import Catalog, Product

MOST_REMOVED = 500  # products that are still known by name after they left the catalog


class Index:
    """One committed catalog. `removed` are products of earlier ones, which are politely said to be gone."""

    def __init__(self, catalog: Catalog, removed: Iterable[Product] = (), before: Index | None = None) -> None:
        """`before`: the index of the catalog before: what both say alike is taken over from it."""
        self.catalog = catalog
        self.shelf, self.entries = _made_of(catalog, before)
        self.removed = tuple(product for product in removed if not catalog.has(product.id))[-MOST_REMOVED:]
        known = before is not None and before.removed == self.removed and before.catalog.language == catalog.language
        gone = catalog.model_copy(update={"products": self.removed})
        self.gone: Shelf | None = (before.gone if before and known else Shelf(gone)) if self.removed else None
        base = catalog.language.split("-")[0]
        self.language = base if base in LANGUAGES else "en"
        self._groups: dict[str, list[int]] = {}
        for n, product in enumerate(catalog.products):
            if product.item_group_id:
                self._groups.setdefault(product.item_group_id, []).append(n)
        self._places = {product.id: n for n, product in enumerate(catalog.products)}
        self._words = self.shelf.vocabulary | self.entries.vocabulary() | (self.gone.vocabulary if self.gone else set())
        same = before is not None and before._words == self._words and before.language == self.language
        # by the words only: what knows itself stays in memory when another catalog is in force
        made: Callable[[str], Speller] = lru_cache(len(LANGUAGES))(partial(_made_speller, frozenset(self._words)))
        self._speller: Callable[[str], Speller] = before._speller if before and same else made

    def successor(self, catalog: Catalog, unspoken: Collection[str] = ()) -> Index:
        """The index of the next catalog, which remembers what this one had, but for what is `unspoken`:
        products (ids) that nobody is to speak of any more."""
        there = catalog.ids
        left = (each for each in self.catalog.products if each.id not in there and each.id not in unspoken)
        return Index(catalog, (*self.removed, *left), self)

    def right(self, tokens: list[str], language: str, real: Callable[[str], bool] | None = None) -> list[str]:
        """The words of a question with mistakes put right; `real` tells of English words whether there are such."""
        also = small_words(language) | cue_words(language)
        known = beginnings(language)

        def right(word: str) -> bool:
            return word.startswith(known) or (language == "en" and real is not None and real(word))

        return self._speller(language).right(tokens, also, right)

    def names(self) -> set[str]:
        """Words that say nothing about the language of a question."""
        return self.shelf.vocabulary

    def offered(self, place: int, now: datetime) -> bool:
        """Whether a product of the shelf may still be offered."""
        until = self.catalog.products[place].expiration_date
        return until is None or now < until

    def place(self, id: str | None) -> int | None:
        """Where a product stands on the shelf."""
        return self._places.get(id) if id is not None else None

    def variants(self, place: int) -> tuple[int, ...]:
        """The products of the same group, in the order of the shelf; () without a group."""
        group = self.catalog.products[place].item_group_id
        return tuple(self._groups.get(group, ())) if group else ()


def _made_of(catalog: Catalog, before: Index | None) -> tuple[Shelf, Entries]:
    """The products and the questions of a catalog; as much as can be from what was before."""
    moved = moves(before.catalog.products, catalog.products) if before else None
    if before is None or moved is None or before.catalog.language != catalog.language:
        return Shelf(catalog), Entries(catalog)
    return before.shelf.successor(catalog), before.entries.successor(catalog, moved)


def _made_speller(words: frozenset[str], language: str) -> Speller:
    cues = cue_words(language) if language == "en" else spelt(language)  # of English more is known to be right
    return Speller(words | cues | known_words(language))
