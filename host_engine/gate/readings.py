"""A text of the script as it is said at each kind of moment: in its product's sale, outside it, in each round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from host_engine.show import countdown
from host_engine.show.catalog import Catalog, Product
from host_engine.show.fields import SALE, fill, names, product_fields, shop_fields


def readings(text: str, catalog: Catalog, product: Product | None, now: datetime) -> Iterator[tuple[str, datetime]]:
    """The text with its fields filled in, and when it reads so. Raises KeyError for a field that says nothing.

    What the clock says is left out: it needs no backing by the catalog.
    """
    unsaid = dict.fromkeys(countdown.FIELDS, "")
    if product is None:
        yield fill(text, {**shop_fields(catalog), **unsaid}), now
        return
    used = names(text)
    rounds = max(1, len(product.selling_points)) if "selling_point" in used else 1
    for moment in _moments(product, now):
        sale = product.on_sale(moment)
        if not sale and any(name in SALE for name in used):
            continue
        for round in range(rounds):
            yield fill(text, {**product_fields(catalog, product, sale, round), **unsaid}), moment


def _moments(product: Product, now: datetime) -> Iterable[datetime]:
    period = product.sale_price_effective_date
    if period is None:
        return [now]
    return [now, max(now, period.start) if now < period.end else period.start, period.end + timedelta(days=1)]
