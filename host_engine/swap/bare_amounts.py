"""Prices without a currency, as people write them in a hurry: taken in the only currency that the catalog has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from host_engine.show.catalog import Catalog
from host_engine.swap.catalogs import NotDone

PRICES = "price", "sale_price"
_BARE = re.compile(r"\s*(\d{1,12})(?:[.,](\d{1,3}))?\s*", re.ASCII)


def in_its_currency(
    changes: Mapping[str, Mapping[str, Any]], catalog: Catalog
) -> tuple[Mapping[str, Mapping[str, Any]], str]:
    """The changes with a currency in every price, and a sentence that says which was taken; "" where none had to be.

    Raises NotDone (422) where the catalog has several.
    """
    taken: dict[str, str] = {}
    made = {
        id: {name: _whole(name, value, catalog, taken) for name, value in each.items()} for id, each in changes.items()
    }
    if not taken:
        return changes, ""
    said = ", ".join(f"{bare} was taken as {whole}" for bare, whole in list(taken.items())[:3])
    return made, f"{said}, as that is the catalog's only currency."


def _whole(name: str, value: Any, catalog: Catalog, taken: dict[str, str]) -> Any:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if name not in PRICES or not (number or isinstance(value, str)) or not (bare := _BARE.fullmatch(str(value))):
        return value
    written = str(value).strip()[:20]
    currencies = sorted({each.price.currency for each in catalog.products})
    if len(currencies) != 1:
        there = ", ".join(currencies[:5])
        raise NotDone(f"'{written}' has no currency, and this catalog has several ({there}): write it too.", 422)
    amount = f"{bare[1]}.{bare[2]}" if bare[2] else bare[1]
    taken[written] = f"{amount} {currencies[0]}"
    return taken[written]
