"""Where a channel finds catalogs, and which of them it begins with."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from host_engine.channel_file.config import Channel
from host_engine.show.script import Show
from host_engine.swap.library import Library
from host_engine.swap.opening import Opened, open_in_force
from host_engine.swap.store import Store


class Shelves(NamedTuple):
    """Where a channel finds catalogs, and keeps what is in force."""

    library: Library
    store: Store


class CatalogInForce:
    """What a channel begins with. Made before all else, as everything is built from its show."""

    def __init__(self, channel: Channel) -> None:
        own = channel.path(channel.catalog)
        folder = channel.operator.catalogs
        library = Library(channel.path(folder) if folder else own.resolve().parent, own)
        self.shelves = Shelves(library, Store(channel.path(channel.cache) / "catalogs" / channel.name))
        self.opened: Opened | None = None

    def load(self, folder: Path, scenes: Collection[str] | None = None) -> Show:
        """The show to begin with: what an earlier run had in force, else that of the folder. Raises Problems."""
        self.opened = open_in_force(self.shelves.store, self.shelves.library, scenes)
        return self.opened.show
