"""A Shopify products CSV, as its admin exports it: both generations of its headers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from host_engine.feeds import values
from host_engine.feeds.amounts import amount, number
from host_engine.feeds.identifiers import identifier
from host_engine.feeds.offer import Found
from host_engine.feeds.refusal import NotForSale
from host_engine.feeds.shop import Shop
from host_engine.feeds.tables import Broken, Row

# What a column is called: first in the exports of today, then in those before.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "handle": ("url handle", "handle"),
    "title": ("title",),
    "body": ("description", "body (html)", "body html"),
    "vendor": ("vendor",),
    "category": ("product category", "standardized product type", "google shopping / google product category"),
    "type": ("type", "custom product type"),
    "published": ("published on online store", "published"),
    "status": ("status",),
    "sku": ("sku", "variant sku"),
    "barcode": ("barcode", "variant barcode"),
    "price": ("price", "variant price"),
    "compare": ("compare-at price", "variant compare at price"),
    "grams": ("weight value (grams)", "variant grams"),
    "unit": ("weight unit for display", "variant weight unit"),
    "tracker": ("inventory tracker", "variant inventory tracker"),
    "quantity": ("inventory quantity", "variant inventory qty"),
    "oversell": ("continue selling when out of stock", "variant inventory policy"),
    "image": ("product image url", "image src"),
    "position": ("image position",),
    "own image": ("variant image url", "variant image"),
    "mpn": ("google shopping / manufacturer part number (mpn)", "google shopping / mpn"),
    "gender": ("google shopping / gender",),
    "age group": ("google shopping / age group",),
    "condition": ("google shopping / condition",),
    "measure": ("unit price total measure",),
    "measure unit": ("unit price total measure unit",),
}
OPTIONS = tuple((f"option{n} name", f"option{n} value") for n in (1, 2, 3))
_COLORS = frozenset(["color", "colour", "farbe", "couleur", "colore", "cor", "kleur"])
_SIZES = frozenset(["size", "größe", "grösse", "groesse", "taille", "talla", "taglia", "tamanho", "maat"])
_MATERIALS = frozenset(["material", "matériau", "matière", "materiale", "materiaal"])
MOST_ROWS = 3000  # of one product: Shopify allows 2048 variants


class _Group(NamedTuple):
    """The rows of one product: they have one handle and follow one another."""

    handle: str
    rows: list[Row]


def is_shopify(columns: Iterable[str]) -> bool:
    """Whether a table has the columns of a Shopify export."""
    known = set(columns)
    return bool({"handle", "url handle"} & known) and bool({"variant price", "price", "option1 value", "title"} & known)


def products(rows: Iterable[Row | Broken], shop: Shop, currency: str) -> Iterator[Found | Broken | NotForSale]:
    """Each variant of each product. The file names no currency, so `currency` does.

    What a shop does not offer is told as NotForSale, with its handle.
    """
    group: _Group | None = None
    for row in rows:
        if isinstance(row, Broken):
            yield row
            continue
        handle = _said(row, "handle")
        if not handle:
            yield Broken(row.line, "the row has no handle, so it belongs to no product")
        elif group is not None and handle == group.handle and len(group.rows) < MOST_ROWS:
            group.rows.append(row)
        else:
            if group is not None:
                yield from _variants(group, shop, currency)
            group = _Group(handle, [row])
    if group is not None:
        yield from _variants(group, shop, currency)


def _said(row: Row, what: str) -> str:
    return row.one(*COLUMNS[what])


def _variants(group: _Group, shop: Shop, currency: str) -> Iterator[Found | Broken | NotForSale]:
    first = group.rows[0]
    if not _said(first, "title"):
        what = f"'{group.handle[:60]}' has no title in its first row; rows of one product must follow one another"
        yield Broken(first.line, what)
        return
    status, published = _said(first, "status").lower(), _said(first, "published")
    if status not in ("", "active") or values.yes(published) is False:
        why = f"its status is '{status}'" if status not in ("", "active") else "it is not published"
        yield NotForSale(f"line {first.line}: '{group.handle[:60]}' is left out, as {why}")
        return
    shop.vendor(_said(first, "vendor"))
    sold = [row for row in group.rows if _said(row, "price") or _said(row, "sku")]
    if not sold:
        yield Broken(first.line, f"'{group.handle[:60]}' has no price")
    pictures = sorted((row for row in group.rows if _said(row, "image")), key=_position)
    shared = _shared(first, [_said(row, "image") for row in pictures])
    taken: set[str] = set()
    for row in sold:
        yield Found(row.line, {**shared, **_own(group, row, len(sold), taken), **_price(row, currency)})


def _position(row: Row) -> int:
    text = _said(row, "position")
    return int(text[:6]) if text.isascii() and text.isdigit() else 9999


def _shared(row: Row, pictures: list[str]) -> dict[str, tuple[str, ...]]:
    """What all variants have from the product."""
    said = {
        "title": _said(row, "title"), "description": _said(row, "body"), "brand": _said(row, "vendor"),
        "google_product_category": _said(row, "category"), "product_type": _said(row, "type"),
        "gender": _said(row, "gender"), "age_group": _said(row, "age group"), "condition": _said(row, "condition"),
        **{f"custom_label_{n}": row.one(f"google shopping / custom label {n}") for n in range(5)},
    }  # fmt: skip
    found: dict[str, tuple[str, ...]] = {key: (text,) for key, text in said.items() if text}
    if pictures:
        found["image_link"] = tuple(pictures)
    return found


def _own(group: _Group, row: Row, variants: int, taken: set[str]) -> dict[str, tuple[str, ...]]:
    """What a variant has for itself: its options, its numbers, its stock."""
    first, handle = group.rows[0], group.handle
    chosen = [(first.one(option), row.one(value)) for option, value in OPTIONS]
    chosen = [(name, value) for name, value in chosen if value and value != "Default Title"]
    sku = _said(row, "sku")
    id = sku if sku and identifier(sku) == sku and sku not in taken else "-".join((handle, *(v for _, v in chosen)))
    taken.add(id)
    own = {"id": id, "gtin": _said(row, "barcode").lstrip("'"), "availability": _availability(row)}
    own["mpn"] = _said(row, "mpn") or (sku if sku != id else "")
    own["shipping_weight"] = _weight(row)
    own["title"] = ", ".join((_said(first, "title"), *(value for _, value in chosen)))
    if variants > 1:
        own["item_group_id"] = handle
    for name, value in chosen:
        kind = name.strip().lower()
        key = "color" if kind in _COLORS else "size" if kind in _SIZES else "material" if kind in _MATERIALS else ""
        own |= {key: value} if key else {}
    if _said(row, "measure"):
        own["unit_pricing_measure"] = f"{_said(row, 'measure')} {_said(row, 'measure unit')}".strip()
    found: dict[str, tuple[str, ...]] = {key: (text,) for key, text in own.items() if text}
    if picture := _said(row, "own image"):
        found["image_link"] = (picture,)
    return found


def _availability(row: Row) -> str:
    """Stock that is not counted does not run out; what may be oversold comes later."""
    quantity = _said(row, "quantity").replace("'", "")
    uncounted = not _said(row, "tracker") and bool(row.columns.intersection(COLUMNS["tracker"]))
    try:
        left = int(float(quantity)) if quantity and not uncounted else 1
    except (ValueError, OverflowError):
        left = 1
    if left > 0:
        return "in_stock"
    oversell = _said(row, "oversell").lower()
    return "backorder" if oversell == "continue" or values.yes(oversell) else "out_of_stock"


def _weight(row: Row) -> str:
    """In the unit that the shop shows."""
    try:
        grams = number(_said(row, "grams") or "0", 3)
    except (ValueError, ArithmeticError):
        return ""
    if grams <= 0 or grams > 10_000_000:
        return ""
    unit = _said(row, "unit").lower()
    if unit == "kg" or (not unit and grams >= 1000):
        return f"{(grams / 1000).normalize():f} kg"
    return f"{grams.normalize():f} g"


def _price(row: Row, currency: str) -> dict[str, tuple[str, ...]]:
    """The price before, where it is higher, is the ordinary one, and the price the sale's."""
    price, before = _said(row, "price"), _said(row, "compare")
    if not price:
        return {}
    try:
        now, then = amount(price, currency), amount(before, currency) if before else None
    except ValueError:
        return {"price": (price,)}  # which is told where prices are read
    if then is not None and then.amount > now.amount and then.currency == now.currency:
        return {"price": (before,), "sale_price": (price,)}
    return {"price": (price,)}
