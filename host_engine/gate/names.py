"""Which products a text names: by title, by id, or by a word that only one title has."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from copy import copy
from typing import NamedTuple

from host_engine.gate.wording import SIGN, WORD, Wording, fold, words
from host_engine.priority import gently
from host_engine.show.catalog import Catalog, Product

_LOWER = re.compile(r"(?<![^\W\d_])[^\W\d_]+")
SHORTEST = 3  # letters of a word that can be a name by itself
LONGEST = 24  # words of a title that is looked for


class Mention(NamedTuple):
    """The tokens from `first` up to, not including, `end` name one product, or several that are called the same."""

    first: int
    end: int
    products: tuple[str, ...]  # ids
    whole: bool  # by its full title


class Names:
    """The names of everything in a catalog, looked up by rows of words: the catalog's size does not matter."""

    def __init__(self, catalog: Catalog, small: Collection[str] = ()) -> None:
        """`small`: words that say nothing by themselves and name no product."""
        self._rows: dict[str, tuple[str, ...]] = {}
        self._whole: set[str] = set()
        self._lengths: set[int] = set()
        self._having: dict[str, list[str]] = {}  # word of a title -> the products that have it
        self._small = small
        for product in gently(catalog.products):
            self._enter(product)
            for word in dict.fromkeys(words(product.title)):
                self._having.setdefault(word, []).append(product.id)
        self._common = _common(catalog.products) if self._having else frozenset()
        self._proper = {word: tuple(ids) for word, ids in self._having.items() if self._is_proper(word)}

    def successor(self, before: Iterable[Product], after: Iterable[Product]) -> Names:
        """The names of the same catalog with the products `after` in the place of `before`."""
        made = copy(self)
        made._rows, made._whole, made._lengths = dict(self._rows), set(self._whole), set(self._lengths)
        made._having, made._proper = dict(self._having), dict(self._proper)
        before, after = list(before), list(after)
        made._common = self._common | _common(after)
        for product in before:
            made._take_out(product)
        for product in after:
            made._enter(product)
            for word in dict.fromkeys(words(product.title)):
                made._having[word] = [*made._having.get(word, ()), product.id]
        for word in {word for product in (*before, *after) for word in words(product.title)}:
            made._proper.pop(word, None)
            if made._is_proper(word):
                made._proper[word] = tuple(made._having[word])
        for word in made._common - self._common:
            made._proper.pop(word, None)
        return made

    def _enter(self, product: Product) -> None:
        self._add(words(product.title), product.id, whole=True)
        self._add(_words_of_id(product), product.id)

    def _take_out(self, product: Product) -> None:
        title = words(product.title)
        for row in (title, _words_of_id(product)):
            name = " ".join(row)
            if left := tuple(id for id in self._rows.get(name, ()) if id != product.id):
                self._rows[name] = left
            else:
                self._rows.pop(name, None)
                self._whole.discard(name)
        for word in dict.fromkeys(title):
            if others := [id for id in self._having.get(word, ()) if id != product.id]:
                self._having[word] = others
            else:
                self._having.pop(word, None)

    def _is_proper(self, word: str) -> bool:
        """Whether a word of a title is a name by itself."""
        if len(self._having.get(word, ())) != 1 or len(word) < SHORTEST or not word.isalpha():
            return False
        return word not in self._small and word not in self._common

    def _add(self, row: tuple[str, ...], id: str, whole: bool = False) -> None:
        if not row or len(row) > LONGEST or not _is_name(row):
            return
        name = " ".join(row)
        if id not in self._rows.get(name, ()):
            self._rows[name] = (*self._rows.get(name, ()), id)
        if whole:
            self._whole.add(name)
        self._lengths.add(len(row))

    def find(self, wording: Wording) -> list[Mention]:
        """Every product that is named, from left to right; the longest name at each place."""
        tokens = wording.tokens
        spoken = [n for n, token in enumerate(tokens) if token.kind != SIGN]
        row = [tokens[n].text for n in spoken]
        lengths = sorted((length for length in self._lengths if length <= len(row)), reverse=True)
        found: list[Mention] = []
        at = 0
        while at < len(row):
            mention = self._at(wording, spoken, row, at, lengths)
            if mention is None:
                at += 1
                continue
            found.append(mention[0])
            at += mention[1]
        return found

    def _at(
        self, wording: Wording, spoken: list[int], row: list[str], at: int, lengths: list[int]
    ) -> tuple[Mention, int] | None:
        for length in lengths:
            name = " ".join(row[at : at + length])
            if at + length <= len(row) and (ids := self._rows.get(name)):
                first, last = spoken[at], spoken[at + length - 1]
                return Mention(first, last + 1, ids, name in self._whole), length
        token = wording.tokens[spoken[at]]
        ids = self._proper.get(row[at], ())
        if ids and token.kind == WORD and wording.text[token.start].isupper():
            return Mention(spoken[at], spoken[at] + 1, ids, False), 1
        return None


def _words_of_id(product: Product) -> tuple[str, ...]:
    return words(re.sub(r"[-_.]", " ", product.id))


def _is_name(row: tuple[str, ...]) -> bool:
    """Figures alone name nothing."""
    return any(len(word) > 1 and word.isalpha() for word in row) or all("\u3400" <= word[0] <= "\u9fff" for word in row)


def _common(products: Iterable[Product]) -> frozenset[str]:
    """Words that the products' own texts write small, or that other attributes than titles are made of."""
    found: set[str] = set()
    for product in gently(products):
        for text in _prose(product):
            found.update(word for word in _LOWER.findall(text) if word[0].islower())
        for value in (product.color, product.material, product.pattern, product.brand):
            found.update(_LOWER.findall(value.lower()) if value else ())
    return frozenset(fold(word) for word in found)


def _prose(product: Product) -> Iterator[str]:
    yield product.description
    yield from product.product_highlight
    yield from product.selling_points
    yield from (entry.answer for entry in product.faq)
