"""Makes a written rundown ready to be said, and finds what could not be said."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache

from host_engine.document import Fault
from host_engine.document.wording import nearest, unknown_name
from host_engine.show import countdown
from host_engine.show.catalog import Catalog, Product
from host_engine.show.fields import PROSE, SALE, fill, names, product_fields, shop_fields
from host_engine.show.lines import seconds, split
from host_engine.show.mandatory import Mandatory
from host_engine.show.rules import ALWAYS, Rules
from host_engine.show.rundown import THE_PRODUCTS, Cues, Entry, RundownFile, Segment, Variant, Written, entry_ids
from host_engine.show.schedule_faults import schedule_faults
from host_engine.show.spoken import tokens

_SAYS_NOTHING = " says nothing"


def entries(written: RundownFile, catalog: Catalog) -> Iterator[Entry]:
    """The lines of a rundown without faults, in parts that are short enough."""
    for segment in written.segments:
        product = catalog.product(segment.product) if segment.product else None
        rules = rules_of(segment)
        for id, line in zip(entry_ids(segment), segment.lines, strict=True):
            variants = tuple(variant(text, catalog, product) for text in line.texts)
            if line.when_sold_out:
                variants += (_sold_out(variant(line.when_sold_out, catalog, product)),)
            yield Entry(
                id, segment.id, segment.product, line.cues.scene or segment.scene, line.cues, variants, rules,
                line.counts_as, said_when_sold_out(segment, line),
            )  # fmt: skip


def rules_of(segment: Segment) -> Rules:
    """The rules of a segment by themselves, without its lines."""
    rules = Rules.model_construct(**{name: getattr(segment, name) for name in Rules.model_fields})
    return ALWAYS if rules == ALWAYS else rules


def _sold_out(said: Variant) -> Variant:
    """The same, for when the product is sold out."""
    return said._replace(sold_out=True)


def said_when_sold_out(segment: Segment, line: Written) -> bool:
    """Whether a line of a segment is said while its product is sold out."""
    return bool(line.when_sold_out) or (line.sold_out or segment.sold_out or "skip") == "say"


def mandatory_lines(written: RundownFile, catalog: Catalog) -> Iterator[Mandatory]:
    """The mandatory lines of a rundown without faults, in parts that are short enough."""
    for line in written.mandatory:
        variants = tuple(variant(text, catalog, None).parts for text in line.texts)
        yield Mandatory(line.id, line.every, variants, line.category, line.products, line.gesture)


def variant(text: str, catalog: Catalog, product: Product | None) -> Variant:
    """A text with its prose filled in, in parts. Raises ValueError where it cannot be split, or a field is unknown."""
    rounds = max(1, len(product.selling_points)) if product else 1
    readings = [{**countdown.LONGEST, **_fields(catalog, product, round)} for round in range(rounds)]
    text = _prose(text, readings[0])
    pronunciations = {**catalog.pronunciations, **(product.pronunciations if product else {})}

    def takes(part: str) -> float:
        return max(_seconds(fill(part, fields), catalog.language, pronunciations) for fields in readings)

    return Variant(split(text, catalog.language, takes), any(name in SALE for name in names(text)))


def faults(
    written: RundownFile, catalog: Catalog, whole: bool, scenes: Collection[str] | None = None
) -> Iterator[Fault]:
    """What is wrong between a rundown and its catalog; where the catalog is not `whole`, products may be missing."""
    first: dict[str, int] = {}
    shop = shop_fields(catalog)
    for n, text in enumerate(written.ticker):
        yield from (Fault(("ticker", n), what) for what in _field_faults(text, shop, None))
    for n, segment in enumerate(written.segments):
        if first.setdefault(segment.id, n) != n:
            yield Fault(("segments", n, "id"), f"there is a segment '{segment.id}' already")
        if segment.scene:
            yield from _scene_faults(segment.scene, ("segments", n, "scene"), scenes)
        if segment.product is None or catalog.has(segment.product):
            for fault in _segment_faults(n, segment, catalog, scenes):
                if whole or _SAYS_NOTHING not in fault.what:
                    yield fault
        elif whole:
            like = nearest(segment.product, (product.id for product in catalog.products))
            yield Fault(("segments", n, "product"), f"there is no product '{segment.product}' in the catalog{like}")
    yield from _mandatory_faults(written, catalog)
    yield from schedule_faults(written, catalog)
    if not any(not any(name in SALE for name in names(text)) for text in _texts(written)):
        yield Fault(("segments",), "every line speaks of a sale; at least one must be true without it")


def _texts(written: RundownFile) -> Iterator[str]:
    for segment in written.segments:
        for line in segment.lines:
            yield from line.texts


def _segment_faults(n: int, segment: Segment, catalog: Catalog, scenes: Collection[str] | None) -> Iterator[Fault]:
    product = catalog.product(segment.product) if segment.product else None
    ids: set[str] = set()
    for m, line in enumerate(segment.lines):
        here = ("segments", n, "lines", m)
        if line.id and line.id in ids:
            yield Fault((*here, "id"), f"the segment has a line '{line.id}' already")
        ids.add(line.id or "")
        counting = segment.countdown is not None
        for k, text in enumerate(line.texts):
            loc = _text_place(here, line, k)
            yield from (Fault(loc, what) for what in _text_faults(text, catalog, product, counting))
        if line.when_sold_out:
            loc = (*here, "when-sold-out")
            yield from (Fault(loc, what) for what in _text_faults(line.when_sold_out, catalog, product, counting))
            if product is None:
                yield Fault(loc, "the segment has no product that could be sold out")
        yield from _cue_faults(line.cues, (*here, "cues"), product, scenes)


def _text_place(here: tuple[str | int, ...], line: Written, k: int) -> tuple[str | int, ...]:
    return (*here, "variants", k) if line.variants else (*here, "text")


def _mandatory_faults(written: RundownFile, catalog: Catalog) -> Iterator[Fault]:
    """What of the mandatory lines cannot be said."""
    for n, line in enumerate(written.mandatory):
        for k, text in enumerate(line.texts):
            loc = ("mandatory", n, "variants", k) if line.variants else ("mandatory", n, "text")
            yield from (Fault(loc, what) for what in _text_faults(text, catalog, None, False))


def _text_faults(text: str, catalog: Catalog, product: Product | None, counting: bool) -> Iterator[str]:
    """`counting`: whether its segment counts down, so that what is left can be told."""
    fields = {**_fields(catalog, product, 0), **(countdown.LONGEST if counting else {})}
    if not counting and (told := [name for name in names(text) if name in countdown.FIELDS]):
        yield f"{{{told[0]}}} needs a 'countdown' in its segment"
        return
    found = list(_field_faults(text, fields, product)) or list(_field_faults(_prose(text, fields), fields, product))
    yield from found
    if not found:
        try:
            variant(text, catalog, product)
        except ValueError as too_long:
            yield str(too_long)


def _field_faults(text: str, fields: dict[str, str | None], product: Product | None) -> Iterator[str]:
    for name in dict.fromkeys(names(text)):
        if name not in fields:
            yield (
                f"there is no field {{{name}}}{nearest(name, fields)}"
                if product
                else (f"there is no field {{{name}}} where no product is presented{nearest(name, fields)}")
            )
        elif fields[name] is None:
            owner = f"the product '{product.id}'" if product and name not in _SHOP_ONLY else "the catalog"
            yield f"{{{name}}}{_SAYS_NOTHING}: {owner} has no {_ATTRIBUTES.get(name, name)}"


_SHOP_ONLY = frozenset({"shop_link", "shipping", "returns", "warranty", "payment", "contact"})
_ATTRIBUTES = {
    "saving": "sale_price",
    "saving_amount": "sale_price",
    "sale_ends": "sale_price_effective_date",
    "selling_point": "selling_points",
    "highlights": "product_highlight",
    "shop_link": "link",
    **{name: f"policies.{name}" for name in ("shipping", "returns", "warranty", "payment", "contact")},
}


def _cue_faults(
    cues: Cues, loc: tuple[str | int, ...], product: Product | None, scenes: Collection[str] | None
) -> Iterator[Fault]:
    if cues.scene:
        yield from _scene_faults(cues.scene, (*loc, "scene"), scenes)
    if cues.show_card and product is None:
        yield Fault((*loc, "show-card"), "there is no card to show: the segment has no product")
    if cues.clip == THE_PRODUCTS and (product is None or product.clip is None):
        yield Fault((*loc, "clip"), "there is no clip of a product to show")


def _scene_faults(scene: str, loc: tuple[str | int, ...], scenes: Collection[str] | None) -> Iterator[Fault]:
    if scenes is not None and scene not in scenes:
        yield Fault(loc, "no such scene: " + unknown_name(scene, sorted(scenes)))


def _fields(catalog: Catalog, product: Product | None, round: int) -> dict[str, str | None]:
    """The fields at their longest: as if every sale were on."""
    return product_fields(catalog, product, True, round) if product else shop_fields(catalog)


def _prose(text: str, fields: dict[str, str | None]) -> str:
    """The text with its long fields filled in, so that it can be split inside them."""
    long = {name: fields.get(name) or f"{{{name}}}" for name in PROSE}
    return fill(text, {name: long.get(name, f"{{{name}}}") for name in names(text)})


def _seconds(text: str, language: str, pronunciations: dict[str, str]) -> float:
    return _length(text, language, tuple(pronunciations.items()))


@lru_cache(4096)
def _length(text: str, language: str, pronunciations: tuple[tuple[str, str], ...]) -> float:
    """A text is asked about again and again: when it is checked, when it is split, and for each selling point."""
    return seconds(" ".join(token.said for token in tokens(text, language, dict(pronunciations))), language)
