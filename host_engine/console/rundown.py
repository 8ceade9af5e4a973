"""The rundown: the line on air, those to come, and another order of the segments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from host_engine.console.panel import Order, Panel


class RundownPanel(Panel, component="assets/rundown.js"):
    """Segments are dragged; a segment or a line can be gone to."""

    gives: ClassVar[Mapping[str, Order]] = {
        "reorder": Order("POST", "/api/rundown/order", ("segments",), "The segments come in this order from now on."),
        "go_to": Order("POST", "/api/go", ("entry",), "The host goes there after this line."),
    }
