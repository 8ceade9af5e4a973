"""The running order: the segments of the show with their lines, as an operator sees and moves them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from host_engine.direction.refusals import NotDone
from host_engine.show.catalog import Catalog, Product
from host_engine.show.fields import fill, product_fields, shop_fields
from host_engine.show.rundown import Entry, Rundown, entry_id
from host_engine.show.script import Show

SHOWN = 30  # segments at once
LINES = 40  # of a segment
ROOM = 200  # lines in all
KEPT = 2000  # texts


class Standing(NamedTuple):
    """Where the show is: ids of entries."""

    on_air: str | None  # that is being said
    next: str | None  # of the rundown, that follows
    round: int


class Filled(NamedTuple):
    """What a text was filled in from."""

    entry: Entry
    product: Product | Catalog  # the catalog, where it is about no product
    sale: bool
    round: int

    def same(self, other: Filled) -> bool:
        return self.entry is other.entry and self.product is other.product and self[2:] == other[2:]


class RunningOrder:
    """Texts are filled in as they would be said now, and kept until the product or the round is another. No more is
    shown at once than costs the loop a millisecond or two."""

    def __init__(self) -> None:
        self._texts: dict[str, tuple[Filled, str]] = {}  # by the entry's id

    def shown(
        self, show: Show, standing: Standing, now: datetime, first: int | None = None, most: int = SHOWN
    ) -> list[dict[str, Any]]:
        """`most` segments from number `first` on; without one, those around the segment on air. Of the later ones only
        the first line, where there are many lines."""
        begins = (*show.rundown.begins, len(show.rundown.entries))
        count, here = len(begins) - 1, show.rundown.entry(standing.on_air or standing.next or "")
        at = show.rundown.index(here.id) if here else 0
        if first is None:
            first = max(0, min(bisect_right(begins, at) - 1 - most // 4, count - most))
        rows, room = [], ROOM
        for number in range(first, min(first + most, count)):
            begin, end = begins[number], begins[number + 1]
            inside = begin <= at < end
            start = at - LINES // 4 if inside and begin + LINES <= at else begin
            lines = show.rundown.entries[start : min(end, start + (LINES if inside else max(1, min(LINES, room))))]
            room -= len(lines)
            row = self._segment(show, lines, standing, now)
            left_out = {"before": start - begin, "more": end - start - len(lines)}
            rows.append(row | {"number": number, "on_air": bool(standing.on_air) and inside} | left_out)
        return rows

    def _segment(self, show: Show, found: Sequence[Entry], standing: Standing, now: datetime) -> dict[str, Any]:
        catalog, id = show.catalog, found[0].product
        product = catalog.product(id) if id and catalog.has(id) else None
        sale = product is not None and product.on_sale(now)
        fields: Mapping[str, str | None] = {}
        lines = []
        for entry in found:
            of = Filled(entry, product or catalog, sale, standing.round)
            known = self._texts.get(entry.id)
            if known is None or not known[0].same(of):
                fields = fields or _fields(catalog, product, sale, standing.round)
                known = self._texts[entry.id] = of, _text(entry, fields, sale, standing.round)
                if len(self._texts) > KEPT:
                    del self._texts[next(iter(self._texts))]
            lines.append(
                {
                    "id": entry.id,
                    "text": known[1],
                    "variants": len(entry.variants),
                    "scene": entry.scene,
                    "on_air": entry.id == standing.on_air,
                    "next": entry.id == standing.next,
                }
            )
        return {
            "segment": found[0].segment, "product": id, "title": product.title if product else "", "lines": lines,
        }  # fmt: skip


def _fields(catalog: Catalog, product: Product | None, sale: bool, round: int) -> Mapping[str, str | None]:
    return product_fields(catalog, product, sale, round) if product else shop_fields(catalog)


def _text(entry: Entry, fields: Mapping[str, str | None], sale: bool, round: int) -> str:
    """What is said of an entry in a round, with its fields filled in; as it is written where one has no value."""
    written = " ".join((entry.variant(round, sale) or entry.variants[0]).parts)
    try:
        return fill(written, fields)
    except KeyError:
        return written


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
    firsts = (rundown.entries[n] for n in rundown.begins)
    return rundown.entry(entry_id(id)) or next((each for each in firsts if each.segment == id), None)
