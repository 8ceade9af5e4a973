"""What a brief wants said and not said, put into a script and proven there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from host_engine.audience.persona.never import folded
from host_engine.scriptwriting.brief import Brief, MustSay
from host_engine.show.catalog import Catalog
from host_engine.show.fields import fill, names, product_fields, shop_fields
from host_engine.show.rundown import RundownFile, Segment


class Proof(NamedTuple):
    """One wish of a brief, and whether the script keeps it."""

    wish: str
    kept: bool
    where: str  # the segments where it is said, or why it is not


def prove(rundown: RundownFile, brief: Brief, catalog: Catalog) -> list[Proof]:
    """Each sentence that must be said is in every wording of a line; what must not be said is in none."""
    found = [_said(rundown, each) for each in brief.must_say]
    forbidden = brief.forbidden
    for word in brief.must_not_say:
        where = sorted({place for place, text in _texts(rundown, catalog) if word.rstrip("*") in forbidden.found(text)})
        found.append(Proof(f"never: {word}", not where, f"said in {', '.join(where)}" if where else "nowhere"))
    return found


def belongs(wish: MustSay, product: str | None) -> bool:
    """Whether a sentence has to be said in a product's segment."""
    return product is not None and (wish.each or wish.product == product)


def _said(rundown: RundownFile, wish: MustSay) -> Proof:
    meant = folded(wish.text)
    there = [
        each.id for each in rundown.segments
        if any(all(meant in folded(text) for text in line.texts) for line in each.lines)
    ]  # fmt: skip
    wanted = [each for each in rundown.segments if belongs(wish, each.product)]
    if wish.each or wish.product:
        lacking = [each.id for each in wanted if each.id not in there]
        if not wanted:
            return Proof(wish.text, False, "no product is presented where it would belong")
        return Proof(wish.text, not lacking, f"not in {', '.join(lacking)}" if lacking else _listed(there))
    return Proof(wish.text, bool(there), _listed(there) if there else "in no segment, in each of its wordings")


def _listed(segments: Sequence[str]) -> str:
    return f"in {', '.join(segments[:6])}" + (f" and {len(segments) - 6} more" if len(segments) > 6 else "")


def _texts(rundown: RundownFile, catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Every text as it is said, whether a sale is on or not, and where."""
    shop = shop_fields(catalog)
    for text in rundown.ticker:
        yield "the ticker", _filled(text, [shop])[0]
    for segment in rundown.segments:
        readings = list(_readings(segment, catalog)) or [shop]
        for line in segment.lines:
            for text in line.texts:
                yield from ((segment.id, said) for said in _filled(text, readings))


def _readings(segment: Segment, catalog: Catalog) -> Iterator[dict[str, str | None]]:
    if segment.product is None or not catalog.has(segment.product):
        return
    product = catalog.product(segment.product)
    for round in range(max(1, len(product.selling_points))):
        yield from (product_fields(catalog, product, sale, round) for sale in {product.sale_price is not None, False})


def _filled(text: str, readings: Sequence[dict[str, str | None]]) -> list[str]:
    used = set(names(text))
    fitting = [each for each in readings if all(each.get(name) is not None for name in used)]
    return list(dict.fromkeys(fill(text, each) for each in fitting)) or [text]
