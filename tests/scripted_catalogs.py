"""A catalog of three products in memory, changed as the real one is: in turn, after a while, or refused."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from host_engine.access.who import Who
from host_engine.show.attributes import Period
from host_engine.show.catalog import Catalog, Product
from host_engine.show.money import parse_money
from host_engine.swap.catalogs import NotDone, Swapped

PRODUCTS = [
    {"id": "sencha", "title": "Sencha", "description": "A green tea.", "price": "15.00 EUR", "mpn": "TEA-1",
     "gtin": "4006381333931"},
    {"id": "assam", "title": "Assam", "description": "A black tea.", "price": "11.00 EUR", "sale_price": "9.00 EUR"},
    {"id": "pot", "title": "Clay Pot", "description": "A pot.", "price": "40.00 EUR", "availability": "preorder",
     "availability_date": "2027-01-01T00:00+01:00"},
]  # fmt: skip


def catalog(**fields: Any) -> Catalog:
    return Catalog.model_validate(
        {"name": "tea", "shop": "The Tea Shop", "language": "en", "products": PRODUCTS, **fields}
    )


class ScriptedCatalogs:
    """`takes`: seconds until a change is in force. `refuses`: products whose changes are refused."""

    def __init__(self, takes: float = 0.0, refuses: tuple[str, ...] = ()) -> None:
        self.catalog, self.takes, self.refuses = catalog(), takes, refuses
        self.calls: list[dict[str, dict[str, Any]]] = []
        self.recalled: list[str] = []
        self._turn = asyncio.Lock()

    async def change(self, changes: Mapping[str, Mapping[str, Any]], who: Who, why: str = "") -> Swapped:
        self.calls.append({id: dict(fields) for id, fields in changes.items()})
        async with self._turn:
            await asyncio.sleep(self.takes)
            if refused := [id for id in changes if id in self.refuses]:
                raise NotDone(f"{refused[0]} cannot be changed", 422)
            products = tuple(_changed(each, changes.get(each.id, {})) for each in self.catalog.products)
            self.catalog = self.catalog.model_copy(update={"products": products})
            self.catalog.model_post_init(None)
        return Swapped(len(self.calls), "tea", "v", 100 + len(self.calls), "change", tuple(changes))

    async def recall(self, product: str, who: Who) -> Swapped:
        self.recalled.append(product)
        return Swapped(1, "tea", "v", 7, "recall", (product,))


def _changed(product: Product, fields: Mapping[str, Any]) -> Product:
    made = dict(fields)
    for name in ("price", "sale_price"):
        if made.get(name) is not None:
            made[name] = parse_money(made[name])
    if period := made.get("sale_price_effective_date"):
        start, _, end = period.partition("/")
        made["sale_price_effective_date"] = Period(datetime.fromisoformat(start), datetime.fromisoformat(end))
    return product.model_copy(update=made)
