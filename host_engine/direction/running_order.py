"""The running order: the segments of the show with their lines, as an operator sees and moves them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from host_engine.direction.refusals import NotDone
from host_engine.show.fields import fill, product_fields, shop_fields
from host_engine.show.rundown import Entry, Rundown, entry_id
from host_engine.show.script import Show

SHOWN = 60  # segments at once
LINES = 40  # of a segment


class Standing(NamedTuple):
    """Where the show is: ids of entries."""

    on_air: str | None  # that is being said
    next: str | None  # of the rundown, that follows
    round: int


class RunningOrder:
    """Texts are filled in as they would be said now, and kept until the catalog or the round is another."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, int, bool], str] = {}
        self._of: tuple[Any, int] | None = None
        self._segments: tuple[Rundown | None, list[tuple[str, list[Entry]]]] = (None, [])

    def segments(self, rundown: Rundown) -> list[tuple[str, list[Entry]]]:
        """Ids of the segments in their order, each with its entries."""
        if self._segments[0] is not rundown:
            found = [(id, list(each)) for id, each in groupby(rundown.entries, lambda entry: entry.segment)]
            self._segments = rundown, found
        return self._segments[1]

    def shown(
        self, show: Show, standing: Standing, now: datetime, first: int | None = None, most: int = SHOWN
    ) -> list[dict[str, Any]]:
        """`most` segments from number `first` on; without one, those around the segment on air."""
        if self._of != (show.catalog, standing.round):
            self._texts.clear()
            self._of = show.catalog, standing.round
        segments = self.segments(show.rundown)
        here = next((n for n, (_, found) in enumerate(segments) if _holds(found, standing)), 0)
        begin = max(0, min(here - most // 4, len(segments) - most)) if first is None else first
        part = segments[begin : begin + most]
        return [self._segment(show, begin + n, id, found, standing, now) for n, (id, found) in enumerate(part)]

    def _segment(
        self, show: Show, number: int, id: str, found: Sequence[Entry], standing: Standing, now: datetime
    ) -> dict[str, Any]:
        product = found[0].product
        catalog = show.catalog
        title = catalog.product(product).title if product and catalog.has(product) else ""
        sale = show.on_sale(found[0], now) if title else False
        return {
            "segment": id,
            "number": number,
            "product": product,
            "title": title,
            "on_air": _on_air(found, standing),
            "lines": [self._line(show, each, sale, standing) for each in found[:LINES]],
            "more": max(0, len(found) - LINES),
        }

    def _line(self, show: Show, entry: Entry, sale: bool, standing: Standing) -> dict[str, Any]:
        key = entry.id, standing.round, sale
        if key not in self._texts:
            self._texts[key] = _text(show, entry, sale, standing.round)
        return {
            "id": entry.id,
            "text": self._texts[key],
            "variants": len(entry.variants),
            "scene": entry.scene,
            "on_air": entry.id == standing.on_air,
            "next": entry.id == standing.next,
        }


def _text(show: Show, entry: Entry, sale: bool, round: int) -> str:
    """What is said of an entry in a round, with its fields filled in; as it is written where one has no value."""
    variant = entry.variant(round, sale) or entry.variants[0]
    written = " ".join(variant.parts)
    fields = shop_fields(show.catalog)
    if entry.product and show.catalog.has(entry.product):
        fields = product_fields(show.catalog, show.catalog.product(entry.product), sale, round)
    try:
        return fill(written, fields)
    except KeyError:
        return written


def _holds(found: Sequence[Entry], standing: Standing) -> bool:
    here = standing.on_air or standing.next
    return any(each.id == here for each in found)


def _on_air(found: Sequence[Entry], standing: Standing) -> bool:
    return standing.on_air is not None and any(each.id == standing.on_air for each in found)


def rearranged(rundown: Rundown, segments: Sequence[str]) -> Rundown:
    """The rundown with these segments in this order; those that are not named keep their places among each other.

    Raises NotDone (422) for a segment that is named twice, and (404) for one that is not there.
    """
    groups: dict[str, list[Entry]] = {}
    for entry in rundown.entries:
        groups.setdefault(entry.segment, []).append(entry)
    if len(set(segments)) != len(segments):
        twice = next(each for each in segments if list(segments).count(each) > 1)
        raise NotDone(f"The segment '{twice[:80]}' is named twice.", 422)
    if strange := [each for each in segments if each not in groups]:
        raise NotDone(f"There is no segment '{strange[0][:80]}' in this rundown; it may have been swapped.", 404)
    return rundown.having(entry for id in _order(list(groups), segments) for entry in groups[id])


def _order(present: Sequence[str], wanted: Sequence[str]) -> Iterator[str]:
    """Those that are wanted take the places that they have now, in the order wanted."""
    coming, named = iter(wanted), set(wanted)
    for id in present:
        yield next(coming) if id in named else id


def found_entry(rundown: Rundown, id: str) -> Entry | None:
    """The entry of a line, or the first one of a segment, by its id."""
    return rundown.entry(entry_id(id)) or next((each for each in rundown.entries if each.segment == id), None)
