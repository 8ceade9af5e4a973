"""Everything that is wrong with a catalog and its rundown, before they go on air."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from host_engine.document import Problem
from host_engine.show.script import examine_show


def check_catalog(folder: Path, scenes: Collection[str] | None = None) -> list[Problem]:
    """The problems of a catalog's folder; scene names are checked where the names that exist are handed in."""
    return examine_show(folder, scenes)[1]
