"""What operators ordered that lasts until they order otherwise: a hold, a mute, a scene; kept for a restart."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from host_engine.access.who import Who
from host_engine.direction.kept_file import KeptFile

MOST = 200  # letters of a name


class Ordered(NamedTuple):
    """Who ordered it, and when, as it is written."""

    who: str
    when: str


class Lasting:
    """Knows by whom each is in force; what was kept of an earlier run is read once, and whatever is no order is not
    used."""

    def __init__(self, file: KeptFile | None) -> None:
        self._file = file
        self._orders: dict[str, Ordered] = {}
        self.scene: str | None = None
        self._take_up(file.read() if file else {})

    def by(self, what: str) -> Ordered | None:
        """By whom "hold", "mute" or "scene" is in force; None where it is not."""
        return self._orders.get(what)

    def keep(self, what: str, on: bool, who: Who, now: datetime, scene: str | None = None) -> None:
        """It is in force from now on, or not any more."""
        before = self._orders.pop(what, None)
        if on:
            self._orders[what] = (what != "scene" and before) or Ordered(
                who.name[:MOST], now.isoformat(timespec="seconds")
            )
        if what == "scene":
            self.scene = scene if on else None
        if self._file is not None:
            self._file.write({**{name: each._asdict() for name, each in self._orders.items()}, "named": self.scene})

    async def written(self) -> None:
        """Come back when it is kept, or the disk takes too long."""
        if self._file is not None:
            await self._file.written()

    def _take_up(self, fields: dict[str, Any]) -> None:
        named = fields.get("named")
        self.scene = named if isinstance(named, str) and named else None
        for what in ("hold", "mute", *(["scene"] if self.scene else [])):
            order = fields.get(what)
            if isinstance(order, dict):
                self._orders[what] = Ordered(str(order.get("who", ""))[:MOST], str(order.get("when", ""))[:MOST])
