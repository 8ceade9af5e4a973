"""What a swap would change: two shows side by side, and what an operator should know before the button."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from host_engine.priority import gently
from host_engine.show.catalog import Product
from host_engine.show.change import differences
from host_engine.show.fields import fill, product_fields, shop_fields
from host_engine.show.rundown import Entry, Line, Rundown
from host_engine.show.script import Show
from host_engine.swap.catalogs import Diff

MOST = 200  # products that are listed of each kind


class Compared(NamedTuple):
    """The products of two catalogs, by what becomes of them."""

    added: Sequence[Product]
    removed: Sequence[Product]
    changed: Sequence[tuple[Product, Product]]


def compared(before: Show, after: Show) -> Compared:
    """What differs between the products of two shows."""
    old, new, there, here = before.catalog, after.catalog, before.catalog.ids, after.catalog.ids
    both = [(old.product(each.id), each) for each in new.products if each.id in there]
    return Compared(
        [each for each in new.products if each.id not in there],
        [each for each in old.products if each.id not in here],
        [(was, will) for was, will in gently(both) if was is not will and was != will],
    )


def diff(name: str, before: Show, after: Show, on_air: Line | None, found: Compared, warnings: Iterable[str]) -> Diff:
    """The difference as it is shown; lists are cut to 200."""
    here = on_air.product if on_air else None
    return Diff(
        name,
        after.version,
        added=tuple(_short(each) for each in found.added[:MOST]),
        removed=tuple({**_short(each), "on_air": each.id == here} for each in found.removed[:MOST]),
        changed=tuple(
            {"id": was.id, "title": will.title, "fields": differences(was, will)} for was, will in found.changed[:MOST]
        ),
        segments=segments(before.rundown, after.rundown),
        lines=lines(before.rundown, after.rundown),
        on_air=goes_on(before, after, on_air),
        warnings=tuple(warnings),
        counts={name: len(getattr(found, name)) for name in found._fields},
    )


def segments(before: Rundown, after: Rundown) -> Mapping[str, Sequence[str]]:
    """The segments that come, go, stand elsewhere in the order, or have other lines."""
    old, new = _segments(before), _segments(after)
    both = [id for id in new if id in old]
    order = {id: n for n, id in enumerate(id for id in old if id in new)}
    moved = {id for a, b in pairwise(both) if order[a] > order[b] for id in (b,)}
    return {
        "added": [id for id in new if id not in old][:MOST],
        "removed": [id for id in old if id not in new][:MOST],
        "moved": [id for id in both if id in moved][:MOST],
        "changed": [id for id in both if _said(old[id]) != _said(new[id])][:MOST],
    }


def lines(before: Rundown, after: Rundown) -> Mapping[str, int]:
    """How many lines come, go, or are worded otherwise."""
    old, new = ({each.id: each.variants for each in rundown.entries} for rundown in (before, after))
    return {
        "added": len(new.keys() - old.keys()),
        "removed": len(old.keys() - new.keys()),
        "changed": sum(old[id] != new[id] for id in new.keys() & old.keys()),
    }


def goes_on(before: Show, after: Show, on_air: Line | None) -> Mapping[str, Any]:
    """What is on air, and what follows it in the other show: {line, product, goes_on_with, text}."""
    place = on_air.place if on_air else None
    turn = after.rundown.after(None)
    if place:
        turn = after.rundown.resume(before.rundown.outline, place.entry, place.round)
    text = _words(after, turn.entry)
    return {
        "line": on_air.id if on_air else None,
        "text": on_air.text if on_air else "",
        "product": on_air.product if on_air else None,
        "goes_on_with": turn.entry.id,
        "with_text": text,
        "with_product": turn.entry.product,
    }


def _words(show: Show, entry: Entry) -> str:
    """The first words of an entry as they would be said; "" where they hang on the hour, such as a price on sale."""
    if not entry.variants:
        return ""
    catalog, id = show.catalog, entry.product
    product = catalog.product(id) if id and catalog.has(id) else None
    fields = product_fields(catalog, product, False, 0) if product else shop_fields(catalog)
    try:
        return fill(entry.variants[0].parts[0], fields)
    except KeyError:
        return ""


def _segments(rundown: Rundown) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in rundown.entries:
        found.setdefault(entry.segment, []).append(entry)
    return found


def _said(entries: Iterable[Entry]) -> list[Any]:
    return [(each.id, each.product, each.scene, each.cues, each.variants) for each in entries]


def _short(product: Product) -> dict[str, Any]:
    return {"id": product.id, "title": product.title, "price": str(product.price)}
