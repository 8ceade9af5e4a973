"""Products with their prices and stock, found and changed while they are on air."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from host_engine.console.orders import Answered
from host_engine.console.panel import Order, Panel, Visitor
from host_engine.control.now import Pictures
from host_engine.show.catalog import Catalog, Product
from host_engine.show.script import make_card

PAGE = 30
LONGEST = 100  # characters that are looked for
FIELDS = ("price", "sale_price", "availability")


class Stock:
    """Finds products as operators need them: with the prices as the catalog writes them. Safe from any thread."""

    def __init__(self, catalog: Callable[[], Catalog], pictures: Pictures) -> None:
        self._catalog, self._pictures = catalog, pictures

    def page(self, words: str, offset: int) -> dict[str, Any]:
        """Those with all these words in title, brand or id, at the beginning of a word or, where there are none, within
        one; takes some milliseconds in a large catalog."""
        catalog = self._catalog()
        wanted = words[:LONGEST].casefold().split()
        found = [each for each in catalog.products if _has(each, wanted)]
        found = found or [each for each in catalog.products if _has(each, wanted, "")]
        begin = min(max(0, offset), max(0, len(found) - 1) // PAGE * PAGE)
        now = datetime.now(UTC)
        shown = [self._shown(catalog, each, now) for each in found[begin : begin + PAGE]]
        return {"total": len(found), "offset": begin, "page": PAGE, "products": shown}

    def _shown(self, catalog: Catalog, product: Product, now: datetime) -> dict[str, Any]:
        card = make_card(catalog, product, now)
        return {
            "id": product.id,
            "title": product.title,
            "price": str(product.price),
            "sale_price": str(product.sale_price) if product.sale_price else "",
            "shown": card.price,
            "sale_shown": card.sale_price,
            "availability": product.availability,
            "picture": self._pictures.address(card.picture),
        }


class ProductsPanel(Panel, component="assets/products.js"):
    """What is changed here goes through the catalog: no sentence of the old price is begun after it."""

    gives: ClassVar[Mapping[str, Order]] = {
        "change": Order(
            "POST", "/api/products/{product}", ("fields", "why"), "Changed; cards, answers and lines follow."
        ),
        "recall": Order("POST", "/api/recall", ("product",), "Recalled: it is gone from everything.", (404, 409)),
        "restore": Order("POST", "/api/restore", ("product",), "It is back."),
    }

    def __init__(self, visitor: Visitor, stock: Stock) -> None:
        super().__init__(visitor)
        self._stock = stock

    async def act(self, what: str, fields: dict[str, Any]) -> Answered | None:
        """Finding is done here; all else by the API."""
        if what == "find":
            return Answered(200, self._stock.page(str(fields.get("words", "")), int(fields.get("offset", 0))))
        if what == "change":
            wanted = {name: value for name, value in fields["fields"].items() if name in FIELDS}
            fields = {"product": fields["product"], "fields": wanted, "why": "at the console"}
        return await super().act(what, fields)


def _has(product: Product, words: list[str], before: str = " ") -> bool:
    text = f" {product.title} {product.brand or ''} {product.id}".casefold()
    return all(f"{before}{word}" in text for word in words)
