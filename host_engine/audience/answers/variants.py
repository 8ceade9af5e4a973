"""Products that differ in size or colour only: which of them a question means."""

from __future__ import annotations

from collections.abc import Sequence

from host_engine.audience.answers.index import Index
from host_engine.audience.answers.words import words
from host_engine.show.catalog import Product

_SIZES = frozenset(["xs", "s", "m", "l", "xl", "xxl", "xxxl", "2xl", "3xl", "4xl"])


def variant(index: Index, place: int, tokens: Sequence[str]) -> int:
    """The variant of a product whose colour and size the question has; the product itself where it has neither."""
    group = index.variants(place)
    if len(group) < 2:
        return place
    return max(group, key=lambda each: (_asked(index.catalog.products[each], tokens), each == place))


def no_such_size(index: Index, place: int, tokens: Sequence[str]) -> bool:
    """Whether the question asks for a size that no variant of the product has, such as XL."""
    group = [index.catalog.products[each] for each in index.variants(place)]
    sizes = {word for product in group for word in words(product.size or "")}
    asked = _SIZES & set(tokens) - {"s", "m", "l"} | {word for word in ("s", "m", "l") if _said(word, tokens)}
    return bool(group and sizes & _SIZES and asked) and not asked & sizes


def _asked(product: Product, tokens: Sequence[str]) -> float:
    color, size = words(product.color or ""), words(product.size or "")
    score = 2.0 if color and set(color) <= set(tokens) else 0.0
    fits = bool(size) and all(_said(word, tokens) if len(word) == 1 else word in tokens for word in size)
    return score + (1.5 if fits else 0.0)


def _said(letter: str, tokens: Sequence[str]) -> bool:
    """Whether a single letter is meant as a size: at the end, or after a word that announces one."""
    before = ("in", "size", "grosse", "taglia", "taille", "talla", "a", "en")
    places = (place for place, word in enumerate(tokens) if word == letter)
    return any(place == len(tokens) - 1 or (place and tokens[place - 1] in before) for place in places)
