"""Catalogs: what a swap changes before it is done, the swap, and the way back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from host_engine.console.panel import Order, Panel


class CatalogsPanel(Panel, component="assets/catalogs.js"):
    """Choosing a catalog shows its diff; the next click swaps."""

    gives: ClassVar[Mapping[str, Order]] = {
        "look": Order("GET", "/api/catalogs"),
        "back": Order("GET", "/api/catalog/rollback"),
        "give_up": Order("DELETE", "/api/catalog/swap", (), "The swap was given up."),
        "diff": Order("POST", "/api/catalog/diff", ("name",)),
        "swap": Order("POST", "/api/catalog/swap", ("name", "border"), "{name} is in force.", (409,)),
        "rollback": Order("POST", "/api/catalog/rollback", ("border",), "The version before is in force.", (409,)),
    }
