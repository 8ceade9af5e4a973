"""The products that the viewer page shows in its tray: those of the catalog in force, a page at a time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from fastapi import APIRouter, HTTPException, Request, Response

from host_engine.control.now import Pictures, tag, web_link
from host_engine.control.turns import Turns
from host_engine.show.catalog import Catalog, Product
from host_engine.show.script import make_card

PAGE = 50
LONGEST = 100  # characters that can be looked for
AT_ONCE = 8  # pages made at the same time


class Wanted(NamedTuple):
    """Which products: from which one on, and with which words in them."""

    offset: int
    words: tuple[str, ...]


class Shelf:
    """Finds products and tells what is shown of them. The words of a catalog are gathered once."""

    def __init__(self, catalog: Callable[[], Catalog], pictures: Pictures | None = None) -> None:
        """catalog: the one in force, asked on any thread."""
        self._catalog, self.pictures = catalog, pictures or Pictures()
        self._gathered: tuple[Catalog, list[str]] | None = None

    def title(self, id: str) -> Mapping[str, Any] | None:
        """What the chat shows of a product; None where there is none of that id."""
        catalog = self._catalog()
        return {"id": id, "title": catalog.product(id).title} if catalog.has(id) else None

    def page(self, wanted: Wanted) -> dict[str, Any]:
        """The JSON of /api/products. Takes some milliseconds, so not on the loop."""
        catalog = self._catalog()
        words = self._words(catalog)
        found = [product for product, text in zip(catalog.products, words, strict=True) if _in(wanted.words, text)]
        now, end = datetime.now(UTC), wanted.offset + PAGE
        shown = [self._shown(catalog, product, now) for product in found[wanted.offset : end]]
        more = end if end < len(found) else None
        return {"total": len(found), "offset": wanted.offset, "next": more, "products": shown}

    def _words(self, catalog: Catalog) -> list[str]:
        if self._gathered is None or self._gathered[0] is not catalog:
            self._gathered = catalog, [_text(each) for each in catalog.products]
        return self._gathered[1]

    def _shown(self, catalog: Catalog, product: Product, now: datetime) -> dict[str, Any]:
        card = make_card(catalog, product, now)
        return {
            "id": product.id,
            "title": card.title,
            "brand": card.brand,
            "price": card.price,
            "sale_price": card.sale_price,
            "saving": card.saving,
            "availability": product.availability,
            "link": web_link(product.link),
            "picture": self.pictures.address(card.picture),
        }


def shelves(shelf: Shelf | None) -> APIRouter:
    """The route of the tray."""
    router, turns = APIRouter(tags=["watch"]), Turns(AT_ONCE)
    number = {"name": "offset", "in": "query", "schema": {"type": "integer", "minimum": 0}}
    words = {"name": "q", "in": "query", "schema": {"type": "string", "maxLength": LONGEST}}

    @router.get("/api/products", openapi_extra={"parameters": [words, number]})
    async def products(request: Request) -> Response:
        """Up to 50 products of the catalog in force, in its order, and where the next 50 begin; 304 if unchanged.

        `q`: only those with all these words, or beginnings of words, in title, brand, category, colour or id.
        """
        if shelf is None:
            raise HTTPException(404, "This channel shows no products here.")
        wanted = _wanted(request.query_params)
        with turns:
            body = await asyncio.to_thread(_json, shelf, wanted)
        headers = {"ETag": tag(body), "Cache-Control": "no-cache"}
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)

    return router


def _json(shelf: Shelf, wanted: Wanted) -> bytes:
    return json.dumps(shelf.page(wanted), ensure_ascii=False).encode("utf-8", "replace")


def _wanted(query: Mapping[str, str]) -> Wanted:
    """Raises HTTPException 422 with a sentence."""
    q, offset = query.get("q", ""), query.get("offset", "0")
    if len(q) > LONGEST:
        raise HTTPException(422, f"'q' may have {LONGEST} characters.")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 8):
        raise HTTPException(422, "'offset' must be a number, 0 or more.")
    return Wanted(int(offset), tuple(q.casefold().split()))


def _text(product: Product) -> str:
    """The words that a product is found by, each after a space."""
    said = (product.title, product.brand, product.product_type, product.color, product.material, product.id)
    return " " + " ".join(each for each in said if each).casefold()


def _in(words: tuple[str, ...], text: str) -> bool:
    return all(f" {word}" in text for word in words)
