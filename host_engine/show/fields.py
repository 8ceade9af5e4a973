"""What the fields of a line, such as {title} or {price}, stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_percent

from host_engine.show.catalog import Catalog, Product
from host_engine.show.languages import NAMED_VALUES
from host_engine.show.money import Money

FIELD = re.compile(r"\{(\w+)\}")
SALE = frozenset({"sale_price", "saving", "saving_amount", "sale_ends"})  # true only while the sale is on
PROSE = frozenset({"description", "highlights", "shipping", "returns", "warranty", "payment", "contact"})
_PLAIN = ("title", "brand", "description", "color", "material", "size", "pattern", "product_type", "mpn", "gtin")
_NAMED = ("availability", "condition", "gender", "age_group")


def shop_fields(catalog: Catalog) -> dict[str, str | None]:
    """The fields of the shop; None where the catalog does not say."""
    return {"shop": catalog.shop, "shop_link": catalog.link, **catalog.policies.model_dump()}


def product_fields(catalog: Catalog, product: Product, sale: bool, round: int) -> dict[str, str | None]:
    """The fields of a product and its shop, while its sale is on or not; None where the catalog does not say.

    `round` chooses among the selling points.
    """
    language = catalog.language
    points = product.selling_points
    period = product.sale_price_effective_date
    words = NAMED_VALUES[language.split("-")[0]]
    reduced = product.sale_price if sale else None
    return {
        **shop_fields(catalog),
        **{name: getattr(product, name) for name in (*_PLAIN, "link", "shipping_weight")},
        **{name: words.get(getattr(product, name)) for name in _NAMED},
        "price": (reduced or product.price).shown(language),
        "regular_price": product.price.shown(language),
        "sale_price": reduced.shown(language) if reduced else None,
        "saving": _per_cent(saving(product.price, reduced), language) if reduced else None,
        "saving_amount": _difference(product.price, reduced).shown(language) if reduced else None,
        "sale_ends": _day(period.end, language) if period and reduced else None,
        "selling_point": points[round % len(points)] if points else None,
        "highlights": ", ".join(product.product_highlight) or None,
    }


def saving(price: Money, sale: Money) -> int:
    """How much lower a sale price is, in whole per cent."""
    share = (1 - sale.amount / price.amount) * 100
    return int(share.quantize(Decimal(1), ROUND_HALF_UP))


def fill(text: str, fields: Mapping[str, str | None]) -> str:
    """The text with its fields filled in. Raises KeyError for a field that has no value."""

    def value(match: re.Match[str]) -> str:
        found = fields[match[1]]
        if found is None:
            raise KeyError(match[1])
        return found

    return FIELD.sub(value, text)


def names(text: str) -> list[str]:
    """The fields that a text holds, in their order."""
    return FIELD.findall(text)


def _difference(price: Money, sale: Money) -> Money:
    return Money(price.amount - sale.amount, price.currency)


@lru_cache(1024)
def _per_cent(share: int, language: str) -> str:
    return str(format_percent(Decimal(share) / 100, locale=language.replace("-", "_")))


def _day(instant: datetime, language: str) -> str:
    """The day as people write it, with its year, which a sale may end long after."""
    return _date(instant.date(), language)


@lru_cache(1024)
def _date(day: date, language: str) -> str:
    return format_date(day, "long", locale=language.replace("-", "_"))
