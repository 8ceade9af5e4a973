"""A catalog made ready for the gate: its names, its sales over time, the pages of its products."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from host_engine.gate import lists
from host_engine.gate.facts import Page
from host_engine.gate.fields import quotes, texts_of_product, texts_of_shop
from host_engine.gate.lists import Lists
from host_engine.gate.names import Names
from host_engine.gate.pages import Reader
from host_engine.gate.phrases import Phrasebook
from host_engine.gate.wording import clean, words
from host_engine.show.catalog import Catalog, Product
from host_engine.show.evidence import Evidence

KEPT = 4096  # pages in memory
SHORTEST = 5  # letters of a word that limits a promise to products of its material


class Range(NamedTuple):
    """The lowest and the highest price in force, and how many products are on sale."""

    lowest: Decimal
    highest: Decimal
    on_sale: int


class Index:
    """Built once for a committed catalog. Pages are read when they are first asked for, and kept."""

    def __init__(self, catalog: Catalog, more: Sequence[Lists] = ()) -> None:
        self.catalog = catalog
        self.more = tuple(each.model_dump_json() for each in more)
        self.language = catalog.language.split("-")[0]
        small = lists.ready(self.language, self.more).small
        self.names = Names(catalog, small)
        self._pages: OrderedDict[str, Page] = OrderedDict()
        self._borders = sorted(
            {instant for each in catalog.products if (period := each.sale_price_effective_date) for instant in period}
        )
        self._ranges: dict[int, Range] = {}
        self.shop = self._reader().page(None, texts_of_shop(catalog))
        self.count = Evidence(None, "products", str(len(catalog.products)))

    @cached_property
    def book(self) -> Phrasebook:
        """The phrases of the catalog's own language."""
        return lists.ready(self.language, self.more).book

    def _reader(self) -> Reader:
        return Reader(lists.ready(self.language, self.more), self._limits, self.names)

    @cached_property
    def _limits(self) -> list[tuple[str, frozenset[str]]]:
        """Words by which the shop limits a promise: a product's id, what it is made of."""
        found: dict[str, set[str]] = {}
        for product in self.catalog.products:
            material = [word for word in words(product.material or "") if len(word) >= SHORTEST]
            for word in (*material, *(words(product.id) if product.id.isalpha() else ())):
                found.setdefault(word, set()).add(product.id)
        return [(word, frozenset(ids)) for word, ids in found.items() if len(ids) < len(self.catalog.products)]

    def product(self, id: str | None) -> Product | None:
        """The product of that id, None where there is none."""
        return self.catalog.product(id) if id is not None and self.catalog.has(id) else None

    def page(self, id: str) -> Page:
        """What a product says; it must be in the catalog."""
        page = self._pages.get(id)
        if page is None:
            page = self._reader().page(id, texts_of_product(self.catalog.product(id)))
            self._pages[id] = page
            if len(self._pages) > KEPT:
                self._pages.popitem(last=False)
        return page

    def epoch(self, now: datetime) -> int:
        """A number that changes whenever a sale begins or ends."""
        return bisect_right(self._borders, now)

    def range(self, now: datetime) -> Range:
        """The prices in force at an instant, over the whole catalog."""
        epoch = self.epoch(now)
        if epoch not in self._ranges:
            prices = [product.price_at(now).amount for product in self.catalog.products]
            on_sale = sum(product.on_sale(now) for product in self.catalog.products)
            self._ranges = {epoch: Range(min(prices), max(prices), on_sale)}
        return self._ranges[epoch]

    @cached_property
    def categories(self) -> frozenset[str]:
        """The categories of everything in the catalog."""
        kinds = {category_text(product) for product in self.catalog.products}
        return frozenset(name for kind in kinds for name in categories_of(kind))

    @cached_property
    def sentences(self) -> dict[str, Evidence]:
        """Every sentence of every product, for texts that speak of none: made when it is first needed."""
        found: dict[str, Evidence] = {}
        for product in self.catalog.products:
            for field, _, text in texts_of_product(product):
                for said, evidence in quotes(product.id, field, clean(text)):
                    found.setdefault(said, evidence)
        return found


def category_text(product: Product) -> str:
    """The categories of a product, in lower case."""
    return f"{product.google_product_category or ''} > {product.product_type or ''}".casefold()


def categories_of(kind: str) -> frozenset[str]:
    """The names of the lists' categories that a category text belongs to."""
    return frozenset(name for name, known in lists.categories().items() if any(word in kind for word in known))
