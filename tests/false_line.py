"""A small show in which the fact gate stops one line, of a product that is on sale for a month."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from host_engine.show.script import Show, load_show

CATALOG = """\
name: tea
shop: The Tea Shop
language: en
policies:
  shipping: Delivery is 4.00 EUR. We deliver within three working days, and every parcel is packed by the people of the
    shop, who write your name on it by hand, with a pen, because that is how they like it.
products:
  - {id: sencha, title: Sencha, description: A green tea., price: 15.00 EUR, sale_price: 12.00 EUR, size: 100 g,
     sale_price_effective_date: 2026-03-01T00:00Z/2026-04-01T00:00Z}
  - {id: pot, title: Clay Pot, description: A small pot., price: 40.00 EUR}
"""
RUNDOWN = """\
segments:
  - id: tea
    product: sencha
    lines:
      - {id: true, text: "The pouch of {size} costs {price}."}
      - {id: false, text: "It costs 9 euros."}
      - {id: plain, text: Here is a green tea.}
  - id: shop
    lines:
      - {id: post, text: "A word on delivery. {shipping}"}
"""
BEFORE, SALE = datetime(2026, 2, 1, 12, tzinfo=UTC), datetime(2026, 3, 9, 12, tzinfo=UTC)


def show(folder: Path, *changes: tuple[str, str]) -> Show:
    catalog, rundown = CATALOG, RUNDOWN
    for old, new in changes:
        assert old in catalog + rundown
        catalog, rundown = catalog.replace(old, new), rundown.replace(old, new)
    (folder / "catalog.yaml").write_text(catalog)
    (folder / "rundown.yaml").write_text(rundown)
    return load_show(folder)
