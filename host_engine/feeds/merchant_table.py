"""A Google Merchant feed as a table (TSV, or CSV): a product a row, an attribute a column."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator

from host_engine.feeds.merchant_names import ATTRIBUTES, attribute
from host_engine.feeds.offer import Found
from host_engine.feeds.tables import Broken, Row

LISTED = ("additional_image_link", "product_highlight", "product_detail")


def products(rows: Iterable[Row | Broken]) -> Iterator[Found | Broken]:
    """The products of a table's rows; what their attributes say is not looked at here."""
    for row in rows:
        if isinstance(row, Broken):
            yield row
            continue
        said: dict[str, tuple[str, ...]] = {}
        for column, cells in row.cells.items():
            name = attribute(column)
            if name not in ATTRIBUTES:
                continue
            if name in LISTED:
                cells = tuple(each for cell in cells for each in listed(cell, name))
            said[name] = (*said.get(name, ()), *cells)
        yield Found(row.line, said)


def listed(cell: str, name: str) -> list[str]:
    """The values in a cell that may hold several, parted by commas; those with commas of their own are quoted."""
    if name == "additional_image_link":
        return [each.strip() for each in re.split(r",(?=\s*https?://|\s*//)", cell) if each.strip()]
    if name == "product_highlight" and '"' not in cell:
        return [each.strip() for each in re.split(r",(?=\S)|;", cell) if each.strip()]
    try:
        return [each.strip() for each in next(csv.reader([cell], skipinitialspace=True), []) if each.strip()]
    except csv.Error:
        return [cell]
