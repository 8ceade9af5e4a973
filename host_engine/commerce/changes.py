"""From an event to the fields of products that it changes, as a catalog file writes them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from host_engine.commerce.event import BackInStock, FlashSale, Offer, PriceChange, Sale, SoldOut, Stock
from host_engine.show.catalog import Catalog, Product
from host_engine.show.money import Money, parse_money
from host_engine.swap.catalogs import NotDone

Fields = Mapping[str, Any]
OfProducts = PriceChange | Sale | Offer | Stock | SoldOut | BackInStock | FlashSale
NO_SALE: dict[str, Any] = {"sale_price": None, "sale_price_effective_date": None}
LATER = ("preorder", "backorder")  # what can be bought, and comes later: stock makes it neither more nor less so


class Standing(NamedTuple):
    """What of a product events change, with what is on its way to be in force."""

    price: Money
    sale_price: Money | None
    period: str | None
    availability: str


def standing(product: Product, coming: Fields) -> Standing:
    """How a product stands once `coming` is in force."""
    period = product.sale_price_effective_date
    now = {
        "price": product.price,
        "sale_price": product.sale_price,
        "sale_price_effective_date": f"{period.start.isoformat()}/{period.end.isoformat()}" if period else None,
        "availability": product.availability,
        **coming,
    }
    sale = now["sale_price"]
    return Standing(
        parse_money(now["price"]),
        None if sale is None else parse_money(sale),
        now["sale_price_effective_date"],
        now["availability"] or "in_stock",
    )


def products_of(event: OfProducts) -> tuple[str, ...]:
    """The ids of the products that an event changes."""
    return tuple(dict.fromkeys(event.products)) if isinstance(event, FlashSale) else (event.product,)


def aspects_of(event: OfProducts) -> tuple[str, ...]:
    """What of a product an event tells: newer news of one aspect leave the others alone."""
    if isinstance(event, Offer):
        return "price", "sale"
    if isinstance(event, PriceChange):
        return ("price",)
    return ("sale",) if isinstance(event, Sale | FlashSale) else ("stock",)


def find(catalog: Catalog, id: str, recalled: Collection[str] = ()) -> Product | None:
    """The product of an id; None for one that is recalled, of which news are kept. Raises NotDone (404)."""
    if not catalog.has(id):
        if id in recalled:
            return None
        raise NotDone(f"The catalog '{catalog.name}' has no product '{id[:50]}'; ids are those of catalog.yaml.", 404)
    return catalog.product(id)


def fields_of(event: OfProducts, product: Product | None, coming: Fields, now: datetime) -> Fields:
    """The fields that differ when the event is in force; empty where all is so already.

    `coming`: what is on its way to be in force. Raises NotDone (422) for a value that the catalog cannot hold.
    """
    if product is None:
        return _unseen(event, now)
    known = standing(product, coming)
    wanted = _wanted(event, product, known, now)
    written: Fields = {
        "price": str(known.price),
        "sale_price": str(known.sale_price) if known.sale_price else None,
        "sale_price_effective_date": known.period,
        "availability": known.availability,
    }
    return {name: value for name, value in wanted.items() if not _same(name, value, written[name])}


def _unseen(event: OfProducts, now: datetime) -> Fields:
    """What an event says of a product that is not on air: the catalog itself looks at it."""
    if isinstance(event, PriceChange):
        return {"price": str(event.price)}
    if isinstance(event, Offer):
        return {"price": str(event.price), **NO_SALE, "sale_price": str(event.sale_price) if event.sale_price else None}
    if isinstance(event, Sale | FlashSale):
        return {"sale_price": str(event.sale_price), **_period(event, now)} if event.sale_price else NO_SALE
    gone = isinstance(event, SoldOut) or (isinstance(event, Stock) and event.quantity <= 0)
    return {"availability": "out_of_stock" if gone else "in_stock"}


def _wanted(event: OfProducts, product: Product, known: Standing, now: datetime) -> Fields:
    if isinstance(event, PriceChange):
        return _price(event.price, product, known)
    if isinstance(event, Offer):
        _check_currency(event.price, product)
        sale = event.sale_price if event.sale_price and event.sale_price.amount < event.price.amount else None
        return {"price": str(event.price), **NO_SALE, "sale_price": str(sale) if sale else None}
    if isinstance(event, Sale | FlashSale):
        return _sale(event, product, known, now)
    if isinstance(event, Stock):
        if event.quantity <= 0:
            return {"availability": "out_of_stock"}
        return {} if known.availability in LATER else {"availability": "in_stock"}
    return {"availability": "out_of_stock" if isinstance(event, SoldOut) else "in_stock"}


def _price(price: Money, product: Product, known: Standing) -> Fields:
    _check_currency(price, product)
    over = known.sale_price is not None and known.sale_price.amount >= price.amount
    return {"price": str(price), **(NO_SALE if over else {})}


def _sale(event: Sale | FlashSale, product: Product, known: Standing, now: datetime) -> Fields:
    sale = event.sale_price
    if sale is None:
        return NO_SALE
    _check_currency(sale, product)
    if sale.amount >= known.price.amount:
        raise NotDone(f"The sale price {sale} is not lower than the price of '{product.title}', {known.price}.", 422)
    if event.until and event.until <= now:
        raise NotDone(f"The sale ended at {event.until.isoformat()}, which is past.", 422)
    return {"sale_price": str(sale), **_period(event, now)}


def _period(event: Sale | FlashSale, now: datetime) -> Fields:
    period = None
    if event.until:
        period = f"{(event.since or now.replace(microsecond=0)).isoformat()}/{event.until.isoformat()}"
    elif event.since and event.since > now:
        raise NotDone("A sale that begins later needs an end: send 'until' too.", 422)
    return {"sale_price_effective_date": period}


def _check_currency(price: Money, product: Product) -> None:
    if price.currency != product.price.currency:
        raise NotDone(f"{price} is not in {product.price.currency}, the currency of '{product.title}'.", 422)


def _same(name: str, value: Any, known: Any) -> bool:
    if value is None or known is None:
        return value is known
    if name in ("price", "sale_price"):
        return parse_money(value) == parse_money(known)
    return bool(value == known)
