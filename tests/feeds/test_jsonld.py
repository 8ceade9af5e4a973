"""JSON-LD as pages have it, and as nobody should."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from host_engine.feeds.jsonld import products
from host_engine.feeds.offer import Found
from host_engine.feeds.refusal import Refused
from host_engine.feeds.shop import Shop
from host_engine.feeds.tables import Broken

OFFER = {"@type": "Offer", "price": "9.00", "priceCurrency": "EUR"}


def read(document: Any, shop: Shop | None = None) -> list[Found | Broken]:
    text = document if isinstance(document, str) else json.dumps(document, indent=1)
    return list(products([text.encode()], shop or Shop()))


def one(**fields: Any) -> Found:
    (found,) = read({"@type": "Product", "name": "Tea", "sku": "T", "offers": OFFER, **fields})
    assert isinstance(found, Found)
    return found


@pytest.mark.parametrize(
    ("fields", "attribute", "values"),
    [
        ({"name": {"@value": "Tee", "@language": "de"}}, "title", ("Tee",)),
        ({"name": ["Tea", "Other"]}, "title", ("Tea",)),
        ({"sku": 4711}, "id", ("4711",)),
        ({"image": "/a.jpg"}, "image_link", ("/a.jpg",)),
        ({"image": [{"url": "https://x.example/a.jpg"}, "b.jpg"]}, "image_link", ("https://x.example/a.jpg", "b.jpg")),
        ({"brand": "Alba"}, "brand", ("Alba",)),
        ({"width": {"value": 20, "unitCode": "CMT"}}, "product_width", ("20 cm",)),
        ({"size": {"@type": "SizeSpecification", "name": "XL"}}, "size", ("XL",)),
        ({"audience": {"suggestedGender": "http://schema.org/Female"}}, "gender", ("http://schema.org/Female",)),
        ({"positiveNotes": {"itemListElement": [{"name": "Light"}]}}, "product_highlight", ("Light",)),
        ({"offers": [{"@type": "Offer"}, OFFER]}, "price", ("9.00 EUR",)),
        ({"offers": {**OFFER, "price": 9.5}}, "price", ("9.5 EUR",)),
        ({"offers": {**OFFER, "price": "9,50 €"}}, "price", ("9,50 €",)),
        ({"offers": {"@type": "AggregateOffer", "offers": [OFFER]}}, "price", ("9.00 EUR",)),
        ({"offers": {"priceSpecification": {"price": 8, "priceCurrency": "GBP"}}}, "price", ("8 GBP",)),
        ({"offers": {**OFFER, "availability": {"@id": "https://schema.org/SoldOut"}}}, "availability",
         ("https://schema.org/SoldOut",)),
    ],
)  # fmt: skip
def test_what_a_product_says(fields: dict[str, Any], attribute: str, values: tuple[str, ...]) -> None:
    assert one(**fields).said[attribute] == values


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"offers": None}, "no offer"),
        ({"offers": "9.00"}, "no offer"),
        ({"offers": {"@type": "Offer"}}, "no offer of it has a price"),
        ({"offers": {"lowPrice": 1, "highPrice": 2, "priceCurrency": "EUR"}}, "from 1 to 2"),
    ],
)
def test_what_has_no_price_is_told(fields: dict[str, Any], sentence: str) -> None:
    (found,) = read({"@type": "Product", "name": "Tea", "sku": "T", **fields})
    assert isinstance(found, Broken)
    assert sentence in found.what


def test_a_group_gives_its_variants_what_it_says_for_all() -> None:
    group = {
        "@type": "ProductGroup", "productGroupID": "G", "name": "Cup", "description": "A cup.", "offers": OFFER,
        "hasVariant": [{"@type": "Product", "sku": "A", "color": "red"}, {"@id": "#b"}],
    }  # fmt: skip
    other = {"@type": "Product", "@id": "#b", "sku": "B", "name": "Cup, blue", "offers": {**OFFER, "price": 10}}
    found = read({"@graph": [other, group]})
    assert all(isinstance(each, Found) for each in found)
    said = {each.said["id"][0]: each.said for each in found if isinstance(each, Found)}
    assert {key: (each["title"], each["price"]) for key, each in said.items()} == {
        "A": (("Cup",), ("9.00 EUR",)), "B": (("Cup, blue",), ("10 EUR",)),
    }  # fmt: skip
    assert said["A"]["item_group_id"] == ("G",)


def test_a_page_is_read_whatever_else_is_in_it() -> None:
    shop = Shop()
    product = {"@type": "Product", "name": "Tea", "sku": "T", "offers": OFFER}
    page = (
        '<!DOCTYPE html><html lang="de"><link rel="canonical" href="https://x.example/tea">\n<script>a<b</script>\n'
        f"<SCRIPT async TYPE='application/ld+json' id=x>\n<!-- {json.dumps(product)} -->\n</SCRIPT>"
        '<script type="application/ld+json">/*<![CDATA[*/ {"@type": "Store", "name": "Tee & Co"} /*]]>*/</script>'
    )
    (found,) = read(page, shop)
    assert isinstance(found, Found)
    assert (found.line, shop.name, shop.language, shop.base) == (4, "Tee & Co", "de", "https://x.example/tea")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("<html><body>nothing</body></html>", "no <script"),
        ('{"a": ', "this is not JSON"),
        ("[" * 100_000, "nested too deep"),
        ('{"a":' * 100_000, "nested too deep"),
        ('{"a":' * 300 + "1" + "}" * 300, "nested more than"),
        ("1" * 5000, "cannot be read|not JSON"),
    ],
)
def test_what_is_no_jsonld_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read(text)


def test_references_in_a_circle_end() -> None:
    found = read({"@graph": [{"@id": "#a", "@type": "Product", "name": {"@id": "#a"}, "brand": {"@id": "#a"},
                              "offers": {"@id": "#o"}}, {"@id": "#o", "offers": {"@id": "#o"}}]})  # fmt: skip
    assert isinstance(found[0], Broken)


def test_no_page_takes_long() -> None:
    began = time.monotonic()
    for hostile in ("<script" * 50_000, "<script>" * 50_000, "<html " + "<link " * 50_000, "<!--" * 50_000):
        with pytest.raises(Refused):
            read(hostile)
    assert time.monotonic() - began < 10
