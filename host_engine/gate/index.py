"""A catalog made ready for the gate: its names, its sales over time, the pages of its products."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Collection, Iterable, Sequence
from copy import copy
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
from host_engine.priority import gently
from host_engine.show.catalog import Catalog, Product
from host_engine.show.evidence import Evidence

KEPT = 4096  # pages in memory
FEW = 500  # products of a small catalog
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
        self._borders = sorted(_periods(gently(catalog.products)))
        self._ranges: dict[int, Range] = {}
        self.shop = self._reader().page(None, texts_of_shop(catalog))
        self.count = Evidence(None, "products", str(len(catalog.products)))

    @cached_property
    def book(self) -> Phrasebook:
        """The phrases of the catalog's own language."""
        return lists.ready(self.language, self.more).book

    def successor(self, catalog: Catalog, products: Collection[str]) -> Index:
        """The index of a catalog of which only these products (ids) differ from this one, or are not there.

        All else is taken over, and learns nothing anew: a price costs a millisecond, a title some.
        """
        before = [self.catalog.product(id) for id in products if self.catalog.has(id)]
        after = [catalog.product(id) for id in products if catalog.has(id)]
        made = copy(self)
        made.catalog, made._ranges = catalog, {}
        made.count = Evidence(None, "products", str(len(catalog.products)))
        made._pages = self._pages.copy()
        for id in products:
            made._pages.pop(id, None)
        if _periods(before) != _periods(after):
            made._borders = sorted(_periods(gently(catalog.products)))
        if _texts(before) != _texts(after):
            made._learn(before, after)
        return made

    def _learn(self, before: Sequence[Product], after: Sequence[Product]) -> None:
        """What these products say has changed, or some are gone."""
        self.names = self.names.successor(before, after)
        known = self.__dict__.pop("sentences", None)
        if len(self.catalog.products) <= FEW:
            self.__dict__.pop("categories", None)
            self.__dict__.pop("_limits", None)
        elif known is not None:  # to go through all of a large one again would take a second
            gone = {each.id for each in before}
            left = {said: evidence for said, evidence in known.items() if evidence.product not in gone}
            self.__dict__["sentences"] = _sentences(after, left)
        self.shop = self._reader().page(None, texts_of_shop(self.catalog))

    def _reader(self) -> Reader:
        return Reader(lists.ready(self.language, self.more), self._limits, self.names)

    @cached_property
    def _limits(self) -> list[tuple[str, frozenset[str]]]:
        """Words by which the shop limits a promise: a product's id, what it is made of."""
        found: dict[str, set[str]] = {}
        for product in gently(self.catalog.products):
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
            prices = [product.price_at(now).amount for product in gently(self.catalog.products)]
            on_sale = sum(product.on_sale(now) for product in gently(self.catalog.products))
            self._ranges = {epoch: Range(min(prices, default=Decimal(0)), max(prices, default=Decimal(0)), on_sale)}
        return self._ranges[epoch]

    @cached_property
    def categories(self) -> frozenset[str]:
        """The categories of everything in the catalog."""
        kinds = {category_text(product) for product in gently(self.catalog.products)}
        return frozenset(name for kind in kinds for name in categories_of(kind))

    @cached_property
    def sentences(self) -> dict[str, Evidence]:
        """Every sentence of every product, for texts that speak of none: made when it is first needed."""
        return _sentences(self.catalog.products, {})


def _sentences(products: Iterable[Product], known: dict[str, Evidence]) -> dict[str, Evidence]:
    """Every sentence of these products, beside those that are known."""
    for product in gently(products):
        for field, _, text in texts_of_product(product):
            for said, evidence in quotes(product.id, field, clean(text)):
                known.setdefault(said, evidence)
    return known


def _periods(products: Iterable[Product]) -> set[datetime]:
    """When sales begin or end."""
    return {instant for each in products if (period := each.sale_price_effective_date) for instant in period}


def _texts(products: Sequence[Product]) -> list[tuple[object, ...]]:
    """All that is read of products ahead."""
    return [(each.id, category_text(each), *texts_of_product(each)) for each in products]


def category_text(product: Product) -> str:
    """The categories of a product, in lower case."""
    return f"{product.google_product_category or ''} > {product.product_type or ''}".casefold()


def categories_of(kind: str) -> frozenset[str]:
    """The names of the lists' categories that a category text belongs to."""
    return frozenset(name for name, known in lists.categories().items() if any(word in kind for word in known))
