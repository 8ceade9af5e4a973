"""A show of which some products are others than in its files, or are gone: only what touches them is made anew."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from host_engine.document.wording import sentence
from host_engine.show import catalog as catalogs
from host_engine.show.attributes import Period
from host_engine.show.catalog import Catalog, Product
from host_engine.show.countdown import LONGEST as LONGEST_LEFT
from host_engine.show.fields import fill, product_fields
from host_engine.show.money import Money
from host_engine.show.rehearsal import entries
from host_engine.show.rundown import Cues, Entry, Segment, Variant, Written, entry_ids
from host_engine.show.script import Show

FILES = frozenset({"image_link", "additional_image_link", "clip"})  # may name files
MOST = 200  # fields of a change
LONGEST = 20_000  # letters of a value
NOTHING = Entry("nothing/left", "nothing", None, None, Cues(), (Variant(("…",), False),))  # is never said


class WrongChange(ValueError):
    """What is to be changed is no such field, or would be no product: a sentence says why."""


def changed_product(catalog: Catalog, id: str, fields: Mapping[str, Any]) -> Product:
    """The product of that id with other fields, written as a catalog file writes them; None unsets.

    A sale price that would not be lower than the new price is over, and so is the period of a sale that is over.
    Raises WrongChange. Opens no file: pictures may be changed to web addresses only.
    """
    product = catalog.product(id)
    _look_through(fields)
    untouched = {name: getattr(product, name) for name in FILES - set(fields)}
    wanted = {name: each for name, each in written(product).items() if name not in untouched}
    wanted |= {name: value for name, value in fields.items() if value is not None}
    for name in (name for name, value in fields.items() if value is None):
        wanted.pop(name, None)
    try:
        made = _valid({name: value for name, value in wanted.items() if name != "sale_price"})
        _settle_the_sale(wanted, fields, product, made.price)
        made = _valid(wanted).model_copy(update=untouched)
    except ValidationError as invalid:
        loc, what = sentence(invalid.errors(include_url=False)[0], Product)
        raise WrongChange(f"{'.'.join(map(str, loc)) or 'the product'}: {what}") from None
    for fault in catalogs.faults(catalog.model_copy(update={"products": (made,)})):
        raise WrongChange(f"{fault.loc[-1]}: {fault.what}")
    return made


def written(product: Product) -> dict[str, Any]:
    """The fields of a product that are set, as a catalog file writes them, ready for JSON."""
    return {name: _plain(getattr(product, name)) for name in Product.model_fields if name in product.model_fields_set}


def differences(before: Product, after: Product) -> dict[str, list[Any]]:
    """The fields in which two products differ: field -> [before, after], as a catalog file writes them."""
    return {
        name: [_plain(getattr(before, name)), _plain(getattr(after, name))]
        for name in Product.model_fields
        if getattr(before, name) != getattr(after, name)
    }


def changed(show: Show, products: Mapping[str, Product | None], version: str) -> Show:
    """The show with these products in the place of those of the same ids; None: without the product, and without the
    lines of its segments. Where no line is left, the rundown has the one entry `NOTHING`, which is not to be said.

    10 000 products take some milliseconds. Ids that the catalog does not have are passed over.
    """
    products = {id: product for id, product in products.items() if show.catalog.has(id)}
    if not products:
        return replace(show, version=version)
    catalog = _catalog(show.catalog, products)
    touched = {id: product for id, product in products.items() if _is_other(show.catalog.product(id), product)}
    rundown = show.rundown
    if touched:
        rundown = rundown.having(tuple(_entries(show, catalog, touched)) or (NOTHING,))
    return replace(show, catalog=catalog, rundown=rundown, version=version)


def whole(show: Show, products: Sequence[Product]) -> Show:
    """The show with these products in the place of its own, and the same rundown."""
    catalog = show.catalog.model_copy(update={"products": tuple(products)})
    catalog._by_id = {each.id: each for each in products}
    return replace(show, catalog=catalog)


def only(catalog: Catalog, ids: Collection[str]) -> Catalog:
    """The catalog with these of its products."""
    kept = {id: catalog.product(id) for id in ids if catalog.has(id)}
    made = catalog.model_copy(update={"products": tuple(kept.values())})
    made._by_id = kept
    return made


def _look_through(fields: Mapping[str, Any]) -> None:
    """Raises WrongChange for what no change may hold."""
    if "id" in fields:
        raise WrongChange("id: a product keeps its id")
    if len(fields) > MOST or any(len(str(value)) > LONGEST for value in fields.values()):
        raise WrongChange(f"at most {MOST} fields of {LONGEST} letters can be changed at once")
    for name in FILES & set(fields):
        value = fields[name]
        paths = value if isinstance(value, (list, tuple)) else [value] if value is not None else []
        if name == "clip" or any(not str(each).startswith(("http://", "https://")) for each in paths):
            raise WrongChange(f"{name}: files of a product are changed in its catalog, not by a request")


def _settle_the_sale(wanted: dict[str, Any], fields: Mapping[str, Any], product: Product, price: Money) -> None:
    """Take out what is left of a sale that is over at the new price, unless the change itself speaks of it."""
    sale = product.sale_price
    over = sale is not None and (sale.currency != price.currency or sale.amount >= price.amount)
    if over and "sale_price" not in fields:
        wanted.pop("sale_price", None)
    if "sale_price" not in wanted and "sale_price_effective_date" not in fields:
        wanted.pop("sale_price_effective_date", None)


def _valid(fields: Mapping[str, Any]) -> Product:
    """Raises ValidationError."""
    return Product.model_validate(fields)


def _as_written(value: Any) -> Any:
    if isinstance(value, Period):
        return f"{value.start.isoformat()}/{value.end.isoformat()}"
    if isinstance(value, Money):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, (list, tuple)) and not isinstance(value, (Money, Period)):
        return [each.model_dump() if hasattr(each, "model_dump") else each for each in value]
    return _as_written(value)


def _catalog(catalog: Catalog, products: Mapping[str, Product | None]) -> Catalog:
    kept = (products.get(each.id, each) if each.id in products else each for each in catalog.products)
    made = catalog.model_copy(update={"products": tuple(each for each in kept if each is not None)})
    by_id = dict(catalog._by_id)
    for id, product in products.items():
        if product is None:
            del by_id[id]
        else:
            by_id[id] = product
    made._by_id = by_id
    return made


def _is_other(before: Product, after: Product | None) -> bool:
    """Whether lines about it have to be made anew: prose is filled in ahead, and what is unset cannot be said."""
    if after is None:
        return True
    prose = before.description != after.description or before.product_highlight != after.product_highlight
    return prose or any(getattr(before, name) and not getattr(after, name) for name in before.model_fields_set)


def _entries(show: Show, catalog: Catalog, products: Mapping[str, Product | None]) -> Iterator[Entry]:
    """The entries of the show that can still be said, those of these products made anew."""
    lines = _lines(show, {id for id, product in products.items() if product is not None})
    for entry in show.rundown.entries:
        if entry.product is None or entry.product not in products:
            yield entry
        elif (product := products[entry.product]) is not None:
            made = _anew(show, catalog, entry, *lines[entry.id]) if entry.id in lines else entry
            if variants := tuple(each for each in made.variants if _fills(each, catalog, product)):
                yield replace(made, variants=variants)


def _lines(show: Show, products: set[str]) -> dict[str, tuple[Segment, Written]]:
    """The lines of these products as they are written, with their segments, by the ids of their entries."""
    segments = [each for each in show.written.segments if each.product in products] if show.written else []
    return {id: (each, line) for each in segments for id, line in zip(entry_ids(each), each.lines, strict=True)}


def _anew(show: Show, catalog: Catalog, entry: Entry, segment: Segment, line: Written) -> Entry:
    """An entry read again from the rundown's file; as it was where that cannot be done any more."""
    assert show.written
    alone = segment.model_copy(update={"lines": (line,)})
    try:
        (made,) = entries(show.written.model_copy(update={"segments": (alone,)}), catalog)
    except (KeyError, ValueError):
        return entry
    return replace(made, id=entry.id)


def _fills(said: Variant, catalog: Catalog, product: Product) -> bool:
    """Whether all its fields have a value, while the sale is on if it speaks of one."""
    fields = {**LONGEST_LEFT, **product_fields(catalog, product, said.sale and product.sale_price is not None, 0)}
    try:
        for part in said.parts:
            fill(part, fields)
    except KeyError:
        return said.sale and product.sale_price is None  # is not said without a sale
    return True
