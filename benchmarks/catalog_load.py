"""Ten thousand products: read, checked and ready to be talked about."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.kept import keep
from benchmarks.lines import ROOT
from host_engine.show.script import load_show

PRODUCTS = 10_000
HEAD = "name: big\nshop: Big Shop\nlanguage: en\nproducts:\n"
PRODUCT = """- id: sku-{k}
  title: Enamel mug number {k}
  description: A sturdy enamel mug for the office and the camp fire, which holds a third of a litre.
  link: https://shop.example/mug/{k}
  price: {euros}.90 EUR
  availability: in_stock
  brand: Big Shop
  mpn: MUG-{k}
  color: blue
  material: enamel
  shipping_weight: 0.4 kg
  selling_points: [Light and hard to break., Fits every dishwasher.]
"""
RUNDOWN = "segments:\n- id: first\n  product: sku-1\n  lines:\n  - Look at {title}, for {price}.\n"


def run() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        products = "".join(PRODUCT.format(k=k, euros=5 + k % 90) for k in range(PRODUCTS))
        (folder / "catalog.yaml").write_text(HEAD + products)
        (folder / "rundown.yaml").write_text(RUNDOWN)
        load_show(ROOT / "product_catalogs" / "tea")  # what is imported once does not count
        wall, cpu = time.perf_counter(), time.process_time()
        show = load_show(folder)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    assert len(show.catalog.products) == PRODUCTS
    keep("catalog_load", {"wall_s": wall, "cpu_s": cpu}, products=PRODUCTS)


if __name__ == "__main__":
    run()
