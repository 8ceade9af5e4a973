"""The buttons that are always in reach, and the box to have something said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from host_engine.console.orders import Answered
from host_engine.console.panel import Order, Panel


class Tabs(Panel, component="assets/tabs.js"):
    """Which panel is open on the right; kept by the browser."""

    def control(self, **panels: Panel) -> None:
        """The panel that each tab opens, by the tab's name."""
        self._props["panels"] = {name: panel.html_id for name, panel in panels.items()}


class Desk(Panel, component="assets/desk.js"):
    """Hold, next, skip, mute, say; the keyboard does the same."""

    gives: ClassVar[Mapping[str, Order]] = {
        "hold": Order("POST", "/api/hold", (), "Held after this line."),
        "release": Order("POST", "/api/release", (), "The host goes on."),
        "mute": Order("POST", "/api/mute", ("on",)),
        "take": Order("POST", "/api/take", ("on_air",)),
        "skip": Order("POST", "/api/skip", (), "On to the next segment."),
        "say": Order("POST", "/api/say", ("text", "when", "anyway"), "The host says it {when}.", (422,)),
        "withdraw": Order("DELETE", "/api/say/{id}", (), "It is not said."),
    }

    async def act(self, what: str, fields: dict[str, Any]) -> Answered | None:
        """What the fact gate finds in words that are to be said stays on the page, with the box."""
        if what == "say":
            fields["anyway"] = bool(fields.get("anyway"))
        return await super().act(what, fields)
