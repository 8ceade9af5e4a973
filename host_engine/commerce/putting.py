"""Puts what the shop tells of products into the catalog on air: only what is newer, and only what differs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from host_engine.access.who import Who
from host_engine.commerce.changes import Fields, OfProducts, aspects_of, fields_of, find, products_of
from host_engine.commerce.kept import Kept
from host_engine.commerce.merging import Change, Merging
from host_engine.commerce.newest import Mark, Newest
from host_engine.show.catalog import Catalog
from host_engine.swap.catalogs import NotDone, Swapped


class Older(NotDone):
    """It is older than what is in force: it changes nothing."""


class Handed(NamedTuple):
    """A product whose change is handed over; `fields` is empty where all is so already."""

    product: str
    title: str
    fields: Fields
    done: asyncio.Future[Swapped] | None

    def __str__(self) -> str:
        told = ", ".join(f"{name} {'none' if value is None else value}" for name, value in self.fields.items())
        return f"'{self.title}': {told}" if told else f"'{self.title}' is so already"


class Putting:
    """An event is handed over whole or not at all; from then on nothing is begun that speaks of what it replaces."""

    def __init__(
        self,
        catalog: Callable[[], Catalog],
        change: Change,
        now: Callable[[], datetime],
        kept: Kept | None = None,
        recalled: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """`recalled`: ids of products that are out for a while; what is told of them holds when they are back."""
        self.newest, self.merging = Newest(), Merging(change)
        self._catalog, self._now, self._kept, self._recalled = catalog, now, kept, recalled

    def hand_over(self, event: OfProducts, mark: Mark, who: Who) -> list[Handed]:
        """Have the catalog changed as an event says. Raises NotDone (404, 409, 422), then nothing is changed."""
        catalog, ids = self._catalog(), products_of(event)
        recalled = self._recalled()
        products = [find(catalog, id, recalled) for id in ids]
        things = [f"{id}/{aspect}" for id in ids for aspect in aspects_of(event)]
        for thing in things:
            if known := self.newest.older(thing, mark):
                raise Older(f"It is older than what is known of {thing}: this is {mark}, that is {known}.")
        coming = [self.merging.coming(id) for id in ids]
        fields = [fields_of(event, each, on, self._now()) for each, on in zip(products, coming, strict=True)]
        before = [(thing, self.newest.put(thing, mark)) for thing in things]
        handed = []
        for id, product, changed in zip(ids, products, fields, strict=True):
            done = self.merging.add(id, changed, who, event.id) if changed else None
            if done is not None:
                done.add_done_callback(lambda future: self._look(future, before, mark))
            handed.append(Handed(id, product.title if product else f"{id}, which is recalled", changed, done))
        self._keep()
        return handed

    async def settled(self, handed: Sequence[Handed], seconds: float) -> Swapped | None:
        """The change that put them in force, if it did so in time. Raises NotDone where one could not be."""
        waiting = {each.done for each in handed if each.done is not None}
        done, late = await asyncio.wait(waiting, timeout=seconds)
        swapped = [each.result() for each in done]
        return swapped[-1] if swapped and not late else None

    def load(self, marks: Mapping[str, object]) -> None:
        """How new it was what an earlier run knew."""
        for thing, kept in marks.items():
            if isinstance(kept, list) and len(kept) == 2 and isinstance(kept[0], float | int):
                self.newest.put(thing, Mark(float(kept[0]), kept[1] if isinstance(kept[1], int) else None))
        self.newest.changed.clear()

    def _look(self, done: asyncio.Future[Swapped], before: Sequence[tuple[str, Mark | None]], mark: Mark) -> None:
        """What could not be put in force is not the newest either: it may be told again."""
        if not done.cancelled() and done.exception() is not None:
            for thing, old in before:
                self.newest.take_back(thing, mark, old)
            self._keep()

    def _keep(self) -> None:
        if self._kept is not None:
            for thing, mark in self.newest.changed.items():
                self._kept.put("mark", thing, [mark.at, mark.sequence] if mark.at else None)
        self.newest.changed.clear()
