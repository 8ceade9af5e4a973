"""The products that somebody may mean who writes a part of a title: to be chosen from, never taken for granted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from host_engine.show.catalog import Product

MOST = 20  # that are offered
LONGEST = 200  # letters that are looked for


class Found(NamedTuple):
    """The products with all the words that were written."""

    products: tuple[Product, ...]  # the likeliest first, at most `MOST`
    total: int
    meant: Product | None  # the only one that has this very title


def candidates(said: str, products: Iterable[Product]) -> Found:
    """Those whose title, brand or id has all the words, or parts of them; takes some milliseconds for 10 000."""
    wanted = plain(said[:LONGEST])
    words = [] if len(wanted) == 1 and wanted.isascii() else wanted.split()  # one letter is in every title
    found = [(_likely(wanted, words, title), each) for each in products if (title := _fits(words, each)) is not None]
    found.sort(key=lambda each: each[0])
    exact = [each for likely, each in found if likely == 0]
    return Found(tuple(each for _, each in found[:MOST]), len(found), exact[0] if len(exact) == 1 else None)


def plain(text: str) -> str:
    """Without accents, capitals and signs between words."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return " ".join(re.findall(r"\w+", bare.casefold()))


def _fits(words: list[str], product: Product) -> str | None:
    """The plain title of a product that has all the words."""
    title = plain(product.title)
    text = f"{title} {plain(product.brand or '')} {plain(product.id)}"
    return title if words and all(word in text for word in words) else None


def _likely(wanted: str, words: list[str], title: str) -> int:
    """0: it is this title; the less the likelier."""
    if title == wanted:
        return 0
    if title.startswith(wanted):
        return 1
    return 2 if all(f" {word}" in f" {title}" for word in words) else 3
