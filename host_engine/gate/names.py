"""Which products a text names: by title, by id, or by a word that only one title has."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from host_engine.gate.wording import SIGN, WORD, Wording, fold, words
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
        seen: dict[str, list[str]] = {}
        for product in catalog.products:
            title = words(product.title)
            self._add(title, product.id, whole=True)
            self._add(words(re.sub(r"[-_.]", " ", product.id)), product.id)
            for word in dict.fromkeys(title):
                seen.setdefault(word, []).append(product.id)
        common = _common(catalog) if len(seen) else frozenset()
        self._proper = {
            word: (ids[0],)
            for word, ids in seen.items()
            if len(ids) == 1 and len(word) >= SHORTEST and word.isalpha() and word not in small and word not in common
        }

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


def _is_name(row: tuple[str, ...]) -> bool:
    """Figures alone name nothing."""
    return any(len(word) > 1 and word.isalpha() for word in row) or all("\u3400" <= word[0] <= "\u9fff" for word in row)


def _common(catalog: Catalog) -> frozenset[str]:
    """Words that the catalog's own texts write small, or that other attributes than titles are made of."""
    found: set[str] = set()
    for product in catalog.products:
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
