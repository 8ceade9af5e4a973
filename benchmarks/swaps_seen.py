"""Notes from inside of a channel when a swap reached its border, its processor time, and when its first line came."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from host_engine.channel.catalogs.catalog_air import AtBorder, CatalogAir


def look(file: Path) -> None:
    """Have each swap of this process noted, a line of JSON each: {border, took_ms, line}."""
    reach, changed = AtBorder.reach, CatalogAir.changed
    waiting: dict[str, Any] = {}

    def reached(self: AtBorder) -> None:
        began, cpu = time.monotonic(), time.thread_time()
        reach(self)
        waiting.update({"border": began, "took_ms": (time.thread_time() - cpu) * 1000})

    def followed(self: CatalogAir) -> None:
        changed(self)
        line = self.line
        name = self._studio.script.show.catalog.name
        if waiting and line is not None and line.basis is not None and line.basis.catalog == name:
            with file.open("a") as notes:
                notes.write(json.dumps({**waiting, "line": time.monotonic(), "catalog": name}) + "\n")
            waiting.clear()

    AtBorder.reach = reached  # type: ignore[method-assign]
    CatalogAir.changed = followed  # type: ignore[method-assign]
