"""What viewers see, and what is said now and next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from host_engine.console.panel import Order, Panel


class OnAir(Panel, component="assets/air.js"):
    """Picture by WHEP, as viewers get it; the scene can be chosen."""

    gives: ClassVar[Mapping[str, Order]] = {"scene": Order("POST", "/api/scene", ("name",), "The scene changes.")}
