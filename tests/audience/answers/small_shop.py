"""A small shop whose prices and stock the tests of answers know by heart."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from host_engine.show.catalog import Catalog

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def product(id: str, title: str, price: str = "10.00 EUR", **fields: Any) -> dict[str, Any]:
    return {"id": id, "title": title, "description": f"It is {title}.", "price": price, **fields}


PRODUCTS = (
    product(
        "vase", "Blue Vase", "40.00 EUR", material="glass", color="blue", product_height="30 cm",
        sale_price="32.00 EUR", sale_price_effective_date="2026-11-01T00:00+00:00/2026-12-01T00:00+00:00",
        link="https://shop.example/vase", product_weight="1.2 kg", product_highlight=["Blown by mouth"],
        faq=[{"questions": ["Can the vase go in the dishwasher?", "dishwasher?"], "answer": "No, wash it by hand."}],
    ),
    product("lamp", "Reading Lamp", "25.00 EUR", availability="out_of_stock", size="45 cm"),
    product(
        "candle", "Beeswax Candle", "9.50 EUR", availability="preorder", availability_date="2027-01-10T09:00+00:00"
    ),
    product("rug", "Wool Rug", "80.00 EUR", expiration_date="2026-11-20T00:00+00:00"),
    product("mug-red", "Enamel Mug red", "12.00 EUR", color="red", item_group_id="mug"),
    product("mug-green", "Enamel Mug green", "12.00 EUR", color="green", item_group_id="mug"),
)  # fmt: skip


def catalog(*products: dict[str, Any], **fields: Any) -> Catalog:
    """A shop with these products, or all of them."""
    read = {"name": "home", "shop": "Home & Hearth", "language": "en", "products": list(products or PRODUCTS), **fields}
    return Catalog.model_validate(read)
