"""The order of a show: which products have a segment, where breaks stand, what each segment is called."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace

from host_engine.scriptwriting.composing import BREAK_AFTER, Composer
from host_engine.scriptwriting.segments import Draft, DraftSegment, Stopped
from host_engine.show.catalog import Catalog, Product

Present = Callable[[Product, int], DraftSegment | None]


def presented(catalog: Catalog, chosen: Collection[str] = ()) -> list[Product]:
    """The products that get a segment: of variants of one product one that can be bought; or those chosen."""
    if chosen:
        return [catalog.product(id) for id in chosen]
    groups: dict[str, list[Product]] = {}
    for product in catalog.products:
        groups.setdefault(product.item_group_id or f"\0{product.id}", []).append(product)
    return [next((each for each in group if each.availability == "in_stock"), group[0]) for group in groups.values()]


def draft(
    composer: Composer, products: Iterable[Product], present: Present, stopped: Callable[[], Iterable[Stopped]] = tuple
) -> Draft:
    """The whole show: an opening, the products with a break after every four, a closing."""
    taken: set[str] = set()
    unsaid: list[str] = []
    segments: list[DraftSegment] = []
    number = breaks = 0
    listed = list(products)
    taken.update(product.id for product in listed)
    segments.append(composer.opening(_free("opening", taken)))
    for product in listed:
        made = present(product, number)
        if made is None:
            unsaid.append(product.id)
            continue
        if number and number % BREAK_AFTER == 0:
            segments.append(composer.pause(breaks, _free(f"break-{breaks + 1}", taken)))
            breaks += 1
        segments.append(made)
        number += 1
    segments.append(composer.closing(_free("closing", taken)))
    told = dict.fromkeys((*composer.stopped, *stopped()))
    return Draft(tuple(_ticker(composer)), tuple(each for each in segments if each.lines), tuple(told), tuple(unsaid))


def with_remarks(made: Draft, catalog: Catalog) -> Draft:
    """The draft, where variants of a product are named beside the one that is presented."""
    groups: dict[str, int] = {}
    for product in catalog.products:
        if product.item_group_id:
            groups[product.item_group_id] = groups.get(product.item_group_id, 0) + 1

    def remarked(segment: DraftSegment) -> DraftSegment:
        product = catalog.product(segment.product) if segment.product else None
        count = groups.get(product.item_group_id or "", 0) if product else 0
        if count < 2:
            return segment
        return replace(segment, remark=f"{segment.remark} (one of {count} variants in the catalog)")

    return replace(made, segments=tuple(map(remarked, made.segments)))


def _free(name: str, taken: set[str]) -> str:
    """A segment's name that no product has."""
    while name in taken:
        name += "-"
    taken.add(name)
    return name


def _ticker(composer: Composer) -> Iterator[str]:
    own = composer.templates.ticker
    shipping = ("{shop} · {shipping}",)
    for texts in (shipping, ("{returns}",), own[:1], own[1:]):
        yield from composer.passing(texts, "ticker", None, 1)
