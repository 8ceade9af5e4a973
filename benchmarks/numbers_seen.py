"""Inside a channel on air: has its pictures numbered, and notes when each was drawn."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from host_engine import engine
from host_engine.channel.obs.numbering import number


def look(file: Path) -> None:
    """Have every engine of this process looked at. A line a picture: its number, and time.monotonic()."""
    run = engine.Engine.run

    async def numbered(of: engine.Engine, *arguments: Any, **named: Any) -> None:
        with file.open("a", buffering=1) as drawn:
            number(of.studio.program, lambda n: drawn.write(f"{n} {time.monotonic():.6f}\n"))
            await run(of, *arguments, **named)

    engine.Engine.run = numbered  # type: ignore[method-assign]


def read(file: Path) -> dict[int, float]:
    """When each picture was drawn, by its number; a line that is being written is left out."""
    text = file.read_text() if file.exists() else ""
    lines = [line.split() for line in text[: text.rfind("\n") + 1].splitlines()]
    return {int(n): float(at) for n, at in lines}
