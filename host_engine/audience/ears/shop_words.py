"""What is said about a catalog: its names, their attributes and the questions in it, for ears that must know them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from host_engine.show.catalog import Catalog, Product

PRODUCTS, QUESTIONS = 3000, 3000  # at most


class Ware(NamedTuple):
    """A product as people speak of it."""

    title: str
    brand: str = ""
    kind: str = ""  # such as "teapots"
    attributes: tuple[str, ...] = ()  # colour, size, material


class ShopWords(NamedTuple):
    """The words of a shop, in the language of its catalog."""

    language: str = "en"
    shop: str = ""
    wares: tuple[Ware, ...] = ()
    questions: tuple[str, ...] = ()
    said: Mapping[str, str] = {}  # words as written -> how they are spelled as they sound
    left_out: int = 0  # products above what can be known at once

    def packed(self) -> bytes:
        """As it travels."""
        return json.dumps(self._asdict()).encode()


def shop_words(catalog: Catalog) -> ShopWords:
    """The words of a catalog. Some milliseconds, more with thousands of products: not for the loop."""
    products = catalog.products[:PRODUCTS]
    entries = [*catalog.faq, *(entry for product in products for entry in product.faq)]
    said = dict(catalog.pronunciations)
    for product in products:
        said |= product.pronunciations
    return ShopWords(
        language=catalog.language,
        shop=catalog.shop,
        wares=tuple(map(_ware, products)),
        questions=tuple(question for entry in entries for question in entry.questions)[:QUESTIONS],
        said=said,
        left_out=len(catalog.products) - len(products),
    )


def unpacked(body: bytes) -> ShopWords:
    """The words that came. Raises ValueError, TypeError or KeyError for anything else."""
    found: dict[str, Any] = json.loads(body)
    wares = tuple(Ware(str(t), str(b), str(k), tuple(map(str, a))) for t, b, k, a in found["wares"])
    said = {str(word): str(how) for word, how in found["said"].items()}
    questions = tuple(map(str, found["questions"]))
    return ShopWords(str(found["language"]), str(found["shop"]), wares, questions, said, int(found["left_out"]))


def _ware(product: Product) -> Ware:
    kind = (product.product_type or product.google_product_category or "").rpartition(">")[2].strip()
    attributes = (product.color, product.size, product.material, product.pattern)
    return Ware(product.title, product.brand or "", kind, tuple(each for each in attributes if each))
