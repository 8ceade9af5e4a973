"""A catalog considered before it comes in force: what it would change, and what speaks against it."""

from __future__ import annotations

from collections.abc import Collection

from host_engine.show.rundown import Line
from host_engine.show.script import Show
from host_engine.swap.catalogs import Diff
from host_engine.swap.comparing import compared, diff
from host_engine.swap.doubts import Asked, doubts


def considered(name: str, before: Show, after: Show, on_air: Line | None, out: Collection[str], asked: Asked) -> Diff:
    """Takes a second or two for 10 000 products: not on the loop. `out`: its products that stay out, as recalled."""
    found = compared(before, after)
    said = list(doubts(before, after, found, on_air, out))
    if (trouble := asked.voices(after.catalog.language)) is not None:
        said.append(trouble)
    return diff(name, before, after, on_air, found, [*said, *asked.stopped(after)])
