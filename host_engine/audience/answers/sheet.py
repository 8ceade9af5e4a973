"""What the catalog tells of one product at an instant, as it is shown in a language, each with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from babel.dates import format_date
from babel.numbers import format_percent, get_decimal_symbol

from host_engine.show.catalog import Catalog, Product
from host_engine.show.evidence import Evidence
from host_engine.show.fields import saving
from host_engine.show.languages import NAMED_VALUES
from host_engine.show.money import Money

_LONG_TITLE = 60  # signs of a title that are said; shops write more for search engines
_DOTTED = ("product_weight", "shipping_weight", "product_height", "product_width", "product_length")
_ZH = {
    "new": "全新", "refurbished": "翻新", "used": "二手", "male": "男士", "female": "女士", "unisex": "所有人",
    "newborn": "新生儿", "infant": "婴儿", "toddler": "幼儿", "kids": "儿童", "adult": "成人",
}  # fmt: skip


class Told(NamedTuple):
    """A value as it is shown, and what backs it."""

    text: str
    evidence: Evidence


class Sheet:
    """One product at one instant, in one language. A value is None where the catalog does not tell it."""

    def __init__(self, catalog: Catalog, product: Product, language: str, now: datetime) -> None:
        self.catalog, self.product, self.language, self.now = catalog, product, language, now
        self.on_sale = product.on_sale(now)

    @property
    def title(self) -> str:
        return short_title(self.product.title)

    @property
    def named(self) -> Evidence:
        return Evidence(self.product.id, "title", self.product.title)

    @property
    def price(self) -> Told:
        """The price in force."""
        field = "sale_price" if self.on_sale else "price"
        return self._money(self.product.price_at(self.now), field)

    @property
    def regular(self) -> Told:
        return self._money(self.product.price, "price")

    @property
    def saved(self) -> tuple[str, str] | None:
        """The amount and the percentage that the sale saves."""
        sale = self.product.sale_price
        if sale is None or not self.on_sale:
            return None
        less = Money(self.product.price.amount - sale.amount, sale.currency)
        return less.shown(self.language), percent(saving(self.product.price, sale), self.language)

    @property
    def until(self) -> Told | None:
        """The last day of the sale: where it ends at midnight, that is the day before."""
        period = self.product.sale_price_effective_date
        if period is None or not self.on_sale:
            return None
        last = period.end - timedelta(seconds=1)
        value = f"{period.start.isoformat()}/{period.end.isoformat()}"
        return Told(day(last, self.language), Evidence(self.product.id, "sale_price_effective_date", value))

    @property
    def availability(self) -> Evidence:
        return Evidence(self.product.id, "availability", self.product.availability)

    @property
    def date(self) -> Told | None:
        """From when it can be had; None where that is not told, or past."""
        when = self.product.availability_date
        if when is None or when <= self.now:
            return None
        return Told(day(when, self.language), Evidence(self.product.id, "availability_date", when.isoformat()))

    def field(self, name: str) -> Told | None:
        """A field of plain text, its numbers as the language writes them."""
        value = getattr(self.product, name)
        if not value:
            return None
        decimal = "." if name in _DOTTED else _decimal(self.catalog.language)
        shown = _with_decimals(str(value), decimal, _decimal(self.language))
        return Told(shown, Evidence(self.product.id, name, str(value)))

    def value(self, name: str) -> Told | None:
        """A field whose values the product specification names, in words."""
        value = getattr(self.product, name)
        words = _ZH if self.language == "zh" else NAMED_VALUES[self.language]
        return Told(words[value], Evidence(self.product.id, name, value)) if value in words else None

    @property
    def size(self) -> Told | None:
        return self.field("size") or self.field("unit_pricing_measure")

    def details(self) -> Iterator[tuple[str, str, Evidence]]:
        """The technical facts: name, value, evidence."""
        for written in self.product.product_detail:
            parts = [part.strip() for part in written.split(":", 2)]
            if len(parts) >= 2 and all(parts[-2:]):
                yield parts[-2], parts[-1], Evidence(self.product.id, "product_detail", written)

    def variants(self) -> Iterator[Product]:
        """The products that differ from it in size or colour only, itself among them."""
        group = self.product.item_group_id
        return (each for each in self.catalog.products if each.item_group_id == group) if group else iter(())

    def _money(self, money: Money, field: str) -> Told:
        return Told(money.shown(self.language), Evidence(self.product.id, field, str(money)))


def short_title(title: str) -> str:
    """A title as one says it: long ones end at their first dash, bar or comma."""
    if len(title) <= _LONG_TITLE:
        return title
    first = re.split(r"\s[-–—|]\s|[,(|]", title, maxsplit=1)[0].strip()
    if 3 <= len(first) <= _LONG_TITLE:
        return first
    return title[:_LONG_TITLE].rsplit(None, 1)[0]


@lru_cache(1024)
def day(when: datetime, language: str) -> str:
    """The day of an instant as people write it."""
    return format_date(when.date(), "long", locale=language)


@lru_cache(1024)
def percent(share: int, language: str) -> str:
    """19 as "19%"."""
    return " ".join(format_percent(Decimal(share) / 100, locale=language).split())


@lru_cache
def _decimal(language: str) -> str:
    return str(get_decimal_symbol(language.split("-")[0]))


def _with_decimals(text: str, written: str, shown: str) -> str:
    if written == shown:
        return text
    return re.sub(rf"(?<=\d){re.escape(written)}(?=\d{{1,2}}(?!\d))", shown, text)
