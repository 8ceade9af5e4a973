"""A small shop on disk, which the tests of this folder change to see what is said about it."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

CATALOG = """\
name: tea
shop: Leaf & Kettle
language: en
policies:
  shipping: We ship within two days.
products:
  - id: sencha
    title: Sencha
    description: A green tea from Japan.
    price: 15.00 EUR
    sale_price: 12.00 EUR
    sale_price_effective_date: 2026-01-01T00:00Z/2026-02-01T00:00Z
    image_link: sencha.png
    gtin: 4006381333931
    selling_points: [It is fresh., It is green.]
  - id: pot
    title: Pot
    description: A small pot.
    price: 40.00 EUR
"""
RUNDOWN = """\
ticker: ["{shop}: {shipping}"]
segments:
  - id: hello
    lines:
      - Welcome to {shop}!
  - id: tea
    product: sencha
    lines:
      - variants: ["Here is {title}.", "Now comes {title}."]
        cues: {gesture: point}
      - text: Only {sale_price} instead of {regular_price}.
        id: sale
      - It costs {price}.
  - id: pot
    product: pot
    lines:
      - Look at the pot for {price}.
"""


def png(width: int = 10, height: int = 20) -> bytes:
    """The first bytes of a PNG of that size."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", width, height) + bytes(20)


@pytest.fixture
def shop(tmp_path: Path) -> Callable[..., Path]:
    """Writes the shop to a folder, with some texts of its files replaced by others."""

    def write(*changes: tuple[str, str], catalog: str = CATALOG, rundown: str = RUNDOWN) -> Path:
        for old, new in changes:
            assert old in catalog + rundown
            catalog, rundown = catalog.replace(old, new), rundown.replace(old, new)
        (tmp_path / "catalog.yaml").write_text(catalog)
        (tmp_path / "rundown.yaml").write_text(rundown)
        (tmp_path / "sencha.png").write_bytes(png())
        return tmp_path

    return write
