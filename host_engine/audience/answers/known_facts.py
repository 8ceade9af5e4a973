"""Everything that the catalog knows about what a question is about: the only source of an answer worded freely."""

from __future__ import annotations

from collections.abc import Iterator

from host_engine.audience.answers.reply import Ground
from host_engine.audience.answers.shop_replies import POLICIES
from host_engine.show.evidence import Evidence

MOST = 40  # facts; a model reads no catalog
_FIELDS = (
    *("brand", "condition", "color", "size", "material", "pattern", "product_weight", "product_height"),
    *("product_width", "product_length", "unit_pricing_measure", "multipack", "energy_efficiency_class"),
)
_LISTS = ("product_highlight", "selling_points", "product_detail")


def facts_about(ground: Ground) -> tuple[Evidence, ...]:
    """The facts of the products in question, then the shop's own; at most MOST."""
    places = [place for mention in ground.asked.mentions for place in mention.products[:2]][:3]
    if ground.asked.subject is not None and ground.asked.subject not in places:
        places.insert(0, ground.asked.subject)
    found = [fact for place in places[:3] for fact in _of_product(ground, place)]
    found += _of_shop(ground)
    return tuple(dict.fromkeys(found))[:MOST]


def _of_product(ground: Ground, place: int) -> Iterator[Evidence]:
    sheet = ground.sheet(place)
    product = sheet.product
    if not ground.index.offered(place, ground.now):
        return
    yield sheet.named
    yield sheet.price.evidence
    if sheet.on_sale:
        yield sheet.regular.evidence
    if sheet.until:
        yield sheet.until.evidence
    yield sheet.availability
    if sheet.date:
        yield sheet.date.evidence
    yield Evidence(product.id, "description", product.description)
    for name in _FIELDS:
        if value := getattr(product, name):
            yield Evidence(product.id, name, str(value))
    for name in _LISTS:
        yield from (Evidence(product.id, name, each) for each in getattr(product, name))
    yield from (Evidence(product.id, "faq", faq.answer) for faq in product.faq)


def _of_shop(ground: Ground) -> Iterator[Evidence]:
    catalog = ground.index.catalog
    yield Evidence(None, "shop", catalog.shop)
    for name in POLICIES:
        if value := getattr(catalog.policies, name):
            yield Evidence(None, f"policies.{name}", value)
    yield from (Evidence(None, "faq", faq.answer) for faq in catalog.faq)
