"""A catalog's file as people like to edit it, made of what a feed gave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from host_engine.document.plain_yaml import comment, entry, item, value

SCHEMA = "# yaml-language-server: $schema=../../schemas/catalog.schema.json"
POLICIES = ("shipping", "returns", "warranty", "payment", "contact")
_HINT = (
    "What the shop promises, in plain sentences: the host says nothing about shipping, returns, warranty and payment "
    "that does not stand here."
)


class Head(NamedTuple):
    """What a catalog says before its products."""

    name: str
    shop: str
    language: str
    currency: str | None = None
    link: str | None = None
    policies: Mapping[str, str] = {}

    @property
    def fields(self) -> dict[str, Any]:
        """As the catalog's model reads them."""
        own = {"name": self.name, "shop": self.shop, "language": self.language}
        more = {"currency": self.currency, "link": self.link, "policies": dict(self.policies)}
        return {**own, **{key: value for key, value in more.items() if value}}


def catalog_lines(head: Head, products: Sequence[Mapping[str, Any]], origin: str) -> Iterator[str]:
    """The file line by line; `origin` tells where it came from."""
    yield SCHEMA
    yield from comment(f"{origin} It is yours to edit; host-engine check reads it through.")
    for key, content in head.fields.items():
        if key != "policies":
            yield f"{key}: {value(content)}"
    yield ""
    yield from comment(_HINT)
    if head.policies:
        yield from entry("policies", head.policies)
    else:
        yield "# policies:"
        yield from (f"#   {name}: ..." for name in POLICIES)
    yield ""
    yield "products:"
    for product in products:
        yield from _product(product)
        yield ""


def _product(product: Mapping[str, Any]) -> Iterator[str]:
    mark = "  - "
    for key, content in product.items():
        lines = _listed(key, content) if isinstance(content, list) else entry(key, str(content), "    ")
        for line in lines:
            yield mark + line[4:] if mark.strip() else line
            mark = "    "


def _listed(key: str, content: Sequence[str]) -> Iterator[str]:
    yield f"    {key}:"
    for each in content:
        yield from item(str(each), "      ")
