"""A Product or ProductGroup of schema.org in the words of the product data specification."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from host_engine.feeds.jsonld_offer import offered
from host_engine.feeds.jsonld_values import attribute, listed, measure, resolved, said_name, text, web
from host_engine.feeds.located_json import Node
from host_engine.feeds.refusal import LeftOut

Saying = dict[str, tuple[str, ...]]
MOST_VARIANTS = 5000
_TEXTS = {
    "title": ("name",), "description": ("description", "disambiguatingDescription"), "color": ("color",),
    "pattern": ("pattern",), "material": ("material",), "mpn": ("mpn",),
    "gtin": ("gtin", "gtin14", "gtin13", "gtin12", "gtin8", "isbn"), "size": ("size",),
    "item_group_id": ("inProductGroupWithID",), "energy_efficiency_class": ("hasEnergyConsumptionDetails",),
}  # fmt: skip
_MEASURES = {
    "product_weight": "weight", "product_width": "width", "product_height": "height", "product_length": "depth",
}  # fmt: skip


def product(node: Node, named: Mapping[str, Node]) -> Saying:
    """What a Product says. Raises LeftOut where it is not offered."""
    said = _described(node, named)
    said |= offered(node, named)
    said["id"] = (_id(node, said),)
    if "link" not in said and (link := web(node.get("url"))):
        said["link"] = (link,)
    return {key: values for key, values in said.items() if any(values)}


def variants(group: Node, named: Mapping[str, Node]) -> Iterator[Saying | LeftOut]:
    """The variants of a ProductGroup, each with what the group says for all of them; itself, where it has none.

    Those that cannot be taken come as LeftOut, with the reason.
    """
    shared = _described(group, named)
    key = text(group.get("productGroupID")) or text(group.get("sku")) or text(group.get("@id"))
    parts = variant_nodes(group, named)
    for n, part in enumerate(parts or [group]):
        try:
            if not isinstance(part, Node) or set(part) <= {"@id", "@type"}:
                raise LeftOut(f"hasVariant[{n}] is not described in this file")
            whole = part if "offers" in part else Node({**part, "offers": group.get("offers")})
            said = {**shared, **product(whole, named)}
        except LeftOut as why:
            yield why
            continue
        yield {**said, "item_group_id": (key or said["id"][0],)} if parts else said


def variant_nodes(group: Node, named: Mapping[str, Node]) -> list[Any]:
    """What a group calls its variants; references are followed."""
    return [resolved(each, named) for each in listed(group.get("hasVariant"))][:MOST_VARIANTS]


def _described(node: Node, named: Mapping[str, Node]) -> Saying:
    found: Saying = {}
    for name, keys in _TEXTS.items():
        value = next((said for key in keys if (said := said_name(node.get(key), named))), "")
        if value:
            found[name] = (value,)
    if brand := said_name(node.get("brand"), named) or said_name(node.get("manufacturer"), named):
        found["brand"] = (brand,)
    if category := said_name(node.get("category"), named):
        found["product_type"] = (category,)
    if pictures := tuple(_pictures(node, named)):
        found["image_link"] = pictures
    for name, key in _MEASURES.items():
        if size := measure(node.get(key), named):
            found[name] = (size,)
    if condition := text(node.get("itemCondition")):
        found["condition"] = (condition,)
    found |= _audience(resolved(node.get("audience"), named))
    details = (attribute(each, named) for each in listed(node.get("additionalProperty")))
    found["product_detail"] = tuple(each for each in details if each)
    found["product_highlight"] = tuple(_notes(node.get("positiveNotes"), named))
    return {key: values for key, values in found.items() if values}


def _pictures(node: Node, named: Mapping[str, Node]) -> Iterator[str]:
    for each in listed(node.get("image")):
        part = resolved(each, named)
        if isinstance(part, str):
            yield part
        elif isinstance(part, Node):
            address = web(part.get("contentUrl")) or web(part.get("url")) or web(part.get("@id"))
            if address:
                yield address


def _audience(node: Any) -> Saying:
    if not isinstance(node, Node):
        return {}
    gender = text(node.get("suggestedGender"))
    return {"gender": (gender,)} if gender else {}


def _notes(value: Any, named: Mapping[str, Node]) -> Iterator[str]:
    part = resolved(value, named)
    entries = listed(part.get("itemListElement")) if isinstance(part, Node) else listed(value)
    for each in entries:
        if said := said_name(each, named):
            yield said


def _id(node: Node, said: Saying) -> str:
    """The shop's own number, else what tells the product from others: its page, its bar code, its name."""
    for key in ("sku", "productID", "identifier"):
        if (own := text(node.get(key))) and len(own) <= 100:
            return own
    address = text(node.get("@id")) or web(node.get("url"))
    last = address.split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1]
    fragment = address.partition("#")[2]
    options = (fragment if fragment.lower() not in ("product", "") else "", last if "." not in last[:-5] else "")
    return next((each for each in (*options, *said.get("gtin", ()), *said.get("title", ())) if each), "")
