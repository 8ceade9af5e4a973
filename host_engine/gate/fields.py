"""The texts of a catalog's fields, and the days in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from host_engine.gate.wording import quote, split
from host_engine.show.catalog import Catalog, Faq, Product
from host_engine.show.evidence import Evidence

SHOWN = 160  # letters of a sentence that are kept as evidence
PRODUCT_FIELDS = (
    "title", "description", "brand", "color", "size", "material", "pattern", "unit_pricing_measure",
    "product_length", "product_width", "product_height", "product_weight", "shipping_weight",
    "energy_efficiency_class",
)  # fmt: skip
LISTED = ("product_highlight", "product_detail", "selling_points")


def texts_of_product(product: Product) -> Iterator[tuple[str, str, str]]:
    """The fields of a product that are texts: the field's name, what it is asked about, the text."""
    for field in PRODUCT_FIELDS:
        if value := getattr(product, field):
            yield field, "", value
    for field in LISTED:
        yield from ((field, "", value) for value in getattr(product, field))
    yield from _faq(product.faq)


def texts_of_shop(catalog: Catalog) -> Iterator[tuple[str, str, str]]:
    """The texts of the shop's own fields."""
    yield "shop", "", catalog.shop
    for field, value in catalog.policies:
        if value:
            yield f"policies.{field}", "", value
    yield from _faq(catalog.faq)


def _faq(entries: Sequence[Faq]) -> Iterator[tuple[str, str, str]]:
    for entry in entries:
        yield "faq", " ".join(entry.questions), entry.answer


def days_of(product: Product) -> Iterator[tuple[date, str, str]]:
    """The days in the fields of a product: the day, its field, its value."""
    for field in ("availability_date", "expiration_date"):
        if when := getattr(product, field):
            yield when.date(), field, when.isoformat()


def quotes(product: str | None, field: str, text: str) -> Iterator[tuple[str, Evidence]]:
    """The sentences of a cleaned text of more than one word, as `quote` writes them, and the whole text."""
    parts = split(text)
    for part in parts if len(parts) == 1 else [*parts, text]:
        if " " in (said := quote(part)):
            yield said, Evidence(product, field, part.strip()[:SHOWN])
