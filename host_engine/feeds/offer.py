"""What a feed says of one product, in the words of the product data specification, made into a product of a catalog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from pydantic import ValidationError

from host_engine.document.wording import sentence
from host_engine.feeds import values
from host_engine.feeds.amounts import amount
from host_engine.feeds.identifiers import identifier
from host_engine.feeds.plain_words import name, words
from host_engine.feeds.refusal import LeftOut
from host_engine.show.catalog import Product

Said = Mapping[str, Sequence[str]]  # attribute -> its values, as the feed writes them

NAMES = ("brand", "color", "material", "pattern", "size", "size_type", "size_system")
CODES = (
    "mpn", "item_group_id", "unit_pricing_measure", "unit_pricing_base_measure", "energy_efficiency_class",
    "product_length", "product_width", "product_height", "product_weight", "shipping_weight", "shipping_label",
    "custom_label_0", "custom_label_1", "custom_label_2", "custom_label_3", "custom_label_4",
)  # fmt: skip
CATEGORIES = ("google_product_category", "product_type")
ORDER = (
    "id", "title", "description", "link", "image_link", "additional_image_link", "price", "sale_price",
    "sale_price_effective_date", "availability", "availability_date", "brand", "gtin", "mpn", "condition",
    "google_product_category", "product_type", "item_group_id", "color", "size", "size_type", "size_system", "material",
    "pattern", "age_group", "gender", "is_bundle", "multipack", "unit_pricing_measure", "unit_pricing_base_measure",
    "energy_efficiency_class", "expiration_date", "product_length", "product_width", "product_height", "product_weight",
    "shipping_weight", "shipping_label", "custom_label_0", "custom_label_1", "custom_label_2", "custom_label_3",
    "custom_label_4", "product_highlight", "product_detail", "selling_points",
)  # fmt: skip
NEEDED = frozenset({"id", "title", "description", "price", "availability", "availability_date"})
MOST_LISTED = 20  # highlights, details, pictures of one product


class Found(NamedTuple):
    """One product as it stands in a feed."""

    line: int
    said: Said
    where: str = ""  # such as "@graph[3]", where a line says little


class Terms(NamedTuple):
    """What a feed leaves to whoever brings it in."""

    currency: str | None = None
    base: str = ""  # address of the page that the feed came from
    now: datetime = datetime.min.replace(tzinfo=UTC)


class Made(NamedTuple):
    """A product as a catalog's file writes it, and what of the feed was not taken into it."""

    product: dict[str, Any]
    notes: tuple[str, ...]


def made(said: Said, terms: Terms) -> Made:
    """The product. Raises LeftOut, with a sentence, where it cannot be presented."""
    notes: list[str] = []
    product = _names(said, notes)
    product |= _prices(said, terms, notes)
    product |= _stock(said, terms, notes)
    product |= _links(said, terms, notes)
    product |= _attributes(said, notes)
    ordered = {key: product[key] for key in ORDER if product.get(key) not in (None, "", [])}
    return Made(_checked(ordered, notes), tuple(notes))


def _one(said: Said, key: str) -> str:
    return next((each for each in said.get(key, ()) if each.strip()), "")


def _names(said: Said, notes: list[str]) -> dict[str, Any]:
    raw, id = _one(said, "id"), identifier(_one(said, "id"))
    title = name(_one(said, "title"))
    if not any(map(str.isalnum, title)):
        raise LeftOut("it has no title")
    if not id:
        raise LeftOut("it has no id")
    if id != raw.strip():
        notes.append(f"its id '{raw.strip()[:60]}' is no id of a catalog; it is called '{id}' there")
    if title != " ".join(_one(said, "title").split()):
        notes.append(f"its title reads '{title}' now: no markup, formulas, pictures and hidden signs; 150 letters")
    description = words(_one(said, "description"), 4900)
    if not any(map(str.isalnum, description)):
        notes.append("it has no description; its title stands there")
        description = title
    return {"id": id, "title": title, "description": description}


def _prices(said: Said, terms: Terms, notes: list[str]) -> dict[str, Any]:
    try:
        price = amount(_one(said, "price") or _missing("it has no price"), terms.currency)
    except ValueError as wrong:
        raise LeftOut(f"price: {wrong}") from None
    found: dict[str, Any] = {"price": str(price)}
    if not (written := _one(said, "sale_price")):
        return found
    try:
        sale = amount(written, terms.currency)
        if sale.currency != price.currency or sale.amount >= price.amount:
            raise ValueError(f"{sale} is not lower than the price, {price}")
        found["sale_price"] = str(sale)
        if when := _one(said, "sale_price_effective_date"):
            found["sale_price_effective_date"] = values.period(when)
    except ValueError as wrong:
        found.pop("sale_price", None)
        notes.append(f"its sale price is left out: {wrong}")
    return found


def _missing(what: str) -> str:
    raise LeftOut(what)


def _stock(said: Said, terms: Terms, notes: list[str]) -> dict[str, Any]:
    written = _one(said, "availability")
    state = values.known(written, values.AVAILABILITY) if written else "in_stock"
    if not written:
        notes.append("it does not say whether it is in stock; it is taken to be")
    if state is None:
        raise LeftOut(f"availability: '{written[:40]}' is none of in_stock, out_of_stock, preorder, backorder")
    found: dict[str, Any] = {"availability": state}
    for key in ("availability_date", "expiration_date"):
        if when := _one(said, key):
            try:
                found[key] = values.instant(when).isoformat(timespec="minutes")
            except ValueError as wrong:
                notes.append(f"{key} is left out: {wrong}")
    if state == "preorder" and "availability_date" not in found:
        raise LeftOut("a preorder needs its availability_date")
    if "expiration_date" in found and values.instant(found["expiration_date"]) <= terms.now:
        raise LeftOut(f"it was to be offered until {found['expiration_date']} only")
    return found


def _links(said: Said, terms: Terms, notes: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if (written := _one(said, "link")) and (link := _address(written, terms.base)):
        found["link"] = link
    elif written:
        notes.append(f"its link '{written[:60]}' is left out: it is no web address")
    pictures = [each for key in ("image_link", "additional_image_link") for each in said.get(key, ())]
    known = list(dict.fromkeys(filter(None, (_address(each, terms.base) for each in pictures))))
    if len(known) < len(set(pictures)):
        notes.append("pictures are left out that have no web address of http or https")
    if known:
        found["image_link"] = known[0]
        found["additional_image_link"] = known[1 : 1 + MOST_LISTED]
    return found


def _address(written: str, base: str) -> str | None:
    """A web address, whole; None where it is none."""
    text = written.strip().replace("&amp;", "&")
    try:
        whole = urljoin(base, text) if base else text
        whole = f"https:{whole}" if whole.startswith("//") else whole
        parts = urlsplit(whole)
        right = parts.scheme in ("http", "https") and parts.hostname and not parts.username and not parts.password
    except ValueError:
        return None
    fit = right and len(whole) <= 2000 and whole.isprintable() and not set(whole) & set(' "<>\\{}')
    return whole if fit and len(parts.netloc.strip(".")) >= 1 else None


def _attributes(said: Said, notes: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    found |= {key: name(_one(said, key), 100) for key in NAMES if _one(said, key)}
    found |= {key: words(_one(said, key), 100) for key in CODES if _one(said, key)}
    found |= {key: words(_one(said, key), 300) for key in CATEGORIES if _one(said, key)}
    gtin = "".join(sign for sign in _one(said, "gtin") if sign.isalnum())
    if gtin.strip("0"):
        found["gtin"] = gtin
    tables: tuple[tuple[str, Mapping[str, str]], ...] = (
        ("condition", values.CONDITION), ("gender", values.GENDER), ("age_group", values.AGE_GROUP),
    )  # fmt: skip
    for key, table in tables:
        if written := _one(said, key):
            found[key] = values.known(written, table)
            if found[key] is None:
                notes.append(f"{key} is left out: '{written[:40]}' is not known")
    if values.yes(_one(said, "is_bundle")):
        found["is_bundle"] = "true"
    if (pieces := _one(said, "multipack")).isascii() and pieces.isdigit() and int(pieces[:6]) >= 2:
        found["multipack"] = str(int(pieces[:6]))
    for key, longest in (("product_highlight", 150), ("product_detail", 300)):
        listed = (words(each, longest) for each in said.get(key, ()))
        found[key] = list(dict.fromkeys(each for each in listed if any(map(str.isalnum, each))))[:MOST_LISTED]
    return found


def _checked(product: dict[str, Any], notes: list[str]) -> dict[str, Any]:
    """The product without fields that a catalog would not take. Raises LeftOut."""
    for _ in range(len(product)):
        try:
            Product.model_validate(product)
            return product
        except ValidationError as invalid:
            for error in invalid.errors(include_url=False):
                loc, what = sentence(error, Product)
                key = str(loc[0]) if loc else ""
                if key in NEEDED or key not in product:
                    raise LeftOut(f"{key}: {what}") from None
                notes.append(f"{key} is left out: {what}")
                del product[key]
    raise LeftOut("nothing of it is left")
