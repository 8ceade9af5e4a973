"""Webhooks of Shopify as events of the shop."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ValidationError

from host_engine.access.who import Who
from host_engine.commerce import event
from host_engine.commerce.changes import OfProducts
from host_engine.commerce.commerce import Commerce
from host_engine.commerce.kept import Kept
from host_engine.commerce.receipt import Receipt
from host_engine.commerce.replays import Replays
from host_engine.commerce.shopify_ids import ShopifyIds
from host_engine.commerce.shopify_payload import (
    TOPICS,
    Bought,
    InventoryLevel,
    ProductDelete,
    ProductUpdate,
    Variant,
    money,
)
from host_engine.priority import stand_back
from host_engine.show.catalog import Catalog
from host_engine.swap.catalogs import NotDone, Swapped

REMEMBERED = 2 * 86_400.0  # seconds: Shopify tries again for hours, with the body that it began with
ITEMS = 200_000  # whose stock is in memory
WHO = Who("shopify")
YES = ("1", "true", "yes", "on", "ja", "oui", "sí", "si")
ENDED = ("draft", "archived")  # states of a product in which nobody can buy it


class Malformed(ValueError):
    """A body that is none of this topic; a sentence says what is wrong."""


class Shopify:
    """What is signed counts: the body. A message is known by its body, an older one by its `updated_at`, an order by
    its number; the headers, which anybody could write anew, decide nothing but the topic."""

    def __init__(
        self,
        commerce: Commerce,
        ids: ShopifyIds,
        catalog: Callable[[], Catalog],
        recall: Callable[[str, Who], Coroutine[Any, Any, Swapped]],
        now: Callable[[], float],
        *,
        locations: Sequence[int] = (),
        consent: str | None = None,
        kept: Kept | None = None,
    ) -> None:
        """`now`: UNIX seconds. `locations`: the places whose stock counts; all without. `consent`: the cart
        attribute by which a buyer agrees to be named on air; nobody does without."""
        self._commerce, self._ids, self._catalog, self._recall, self._now = commerce, ids, catalog, recall, now
        self._locations, self._consent, self._kept = frozenset(locations), consent, kept
        self._levels: dict[int, dict[int, tuple[int, float]]] = {}  # item -> place -> how many, since when
        self._replays = Replays(REMEMBERED)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="shopify", initializer=stand_back)

    def load(self, found: dict[str, dict[str, Any]]) -> None:
        """What an earlier run has kept."""
        self._ids.load(found.get("shopify/item", {}), found.get("shopify/product", {}))
        for key, (available, at) in found.get("shopify/level", {}).items():
            item, _, place = key.partition("@")
            self._levels.setdefault(int(item), {})[int(place)] = int(available), float(at)
        for id, at in found.get("shopify/id", {}).items():
            self._remember(id, float(at))

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def take(self, topic: str, body: bytes) -> Receipt:
        """Have an authentic message come true. Raises Malformed, and NotDone as `Commerce.take`."""
        id = "shopify:" + hashlib.sha256(body).hexdigest()[:32]
        if topic not in TOPICS:
            known = ", ".join(TOPICS)
            return Receipt(id, topic[:40], "unknown", f"Nothing follows from this topic; what counts: {known}.")
        if self._replays.trouble(id, self._now(), self._now()):
            detail = "It was taken already: the same message is taken once."
            return self._commerce.told(Receipt(id, topic, "repeated", detail), WHO)
        self._remember(id, self._now())
        try:
            receipt = await self._taken(id, topic, body)
        except Exception:
            self._forget(id)
            raise
        if receipt.state == "unknown":  # it may be known when it is sent again
            self._forget(id)
        return receipt

    async def _taken(self, id: str, topic: str, body: bytes) -> Receipt:
        read = await asyncio.get_running_loop().run_in_executor(self._thread, self._read, topic, body)
        if isinstance(read, ProductUpdate):
            return await self._product(id, read)
        if isinstance(read, InventoryLevel):
            return await self._level(id, read)
        if isinstance(read, ProductDelete):
            return await self._deleted(id, read)
        assert isinstance(read, Bought)
        return await self._order(id, topic, read)

    def _read(self, topic: str, body: bytes) -> BaseModel:
        """Beside the loop: a product with all its variants may be long."""
        self._ids.index()
        try:
            return TOPICS[topic].model_validate(json.loads(body))
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False, include_context=False)[0]
            where = ".".join(map(str, first["loc"]))[:80]
            raise Malformed(f"This is not what Shopify sends as {topic}: {where}: {first['msg']}.") from None
        except (ValueError, RecursionError):
            raise Malformed("The request is no JSON.") from None

    async def _product(self, id: str, product: ProductUpdate) -> Receipt:
        found = {n: known for n, each in enumerate(product.variants) if (known := self._ids.variant(each))}
        if not found and (whole := self._ids.whole(product)):
            found = dict.fromkeys(range(len(product.variants)), whole)
        if not found:
            return self._unknown(id, "products/update", f"product {product.id}, nor its variants' SKUs or bar codes")
        self._ids.learn(product, found)
        events: list[OfProducts] = []
        for known in dict.fromkeys(found.values()):
            sold = [product.variants[n] for n, each in found.items() if each == known]
            events += self._events(id, product.updated_at, product.status in ENDED, known, sold)
        return await self._commerce.take_all(id, "products/update", events, None, WHO)

    def _events(
        self, id: str, at: datetime, ended: bool, product: str, variants: Sequence[Variant]
    ) -> list[OfProducts]:
        first, made = variants[0], list[OfProducts]()
        if first.price is not None:
            catalog = self._catalog()
            priced = catalog.product(product) if catalog.has(product) else catalog.products[0]
            currency = priced.price.currency
            price = money(first.price, currency)
            before = money(first.compare_at_price, currency) if first.compare_at_price else None
            lower = before is not None and float(first.compare_at_price or 0) > float(first.price)
            prices = {"price": before, "sale_price": price} if lower else {"price": price, "sale_price": None}
            made.append(event.Offer.model_validate({"id": id, "at": at.isoformat(), "product": product, **prices}))
        counted = [each for each in variants if each.inventory_quantity is not None and not self._locations]
        if counted or ended:
            left = sum(max(each.inventory_quantity or 0, each.sold_anyway) for each in counted)
            made.append(self._stock(id, product, 0 if ended else left, at))
        return made

    async def _level(self, id: str, level: InventoryLevel) -> Receipt:
        item, at = self._ids.item(level.inventory_item_id), level.updated_at.timestamp()
        places = self._levels.setdefault(level.inventory_item_id, {})
        if len(self._levels) > ITEMS:
            del self._levels[next(iter(self._levels))]
        if (known := places.get(level.location_id)) and at < known[1]:
            detail = "It is older than what is known of the stock of this item at this place."
            return self._commerce.told(Receipt(id, "inventory_levels/update", "older", detail), WHO)
        if level.available is not None:
            places[level.location_id] = level.available, at
            self._put("level", f"{level.inventory_item_id}@{level.location_id}", [level.available, at])
        if item is None or not self._ids.there(item.product):
            what = f"inventory item {level.inventory_item_id}; it is learnt from products/update, or name it under"
            return self._unknown(id, "inventory_levels/update", f"{what} operator.commerce.shopify.products")
        if level.available is None or item.sold_anyway:
            detail = f"'{item.product}' is sold however many are there."
            return Receipt(id, "inventory_levels/update", "unchanged", detail, (item.product,))
        items = {level.inventory_item_id, *self._ids.items_of(item.product)}
        counted = [
            each
            for number in items
            for place, each in self._levels.get(number, {}).items()
            if not self._locations or place in self._locations
        ]
        if not counted:
            return Receipt(id, "inventory_levels/update", "unchanged", "The stock of this place does not count.")
        newest = datetime.fromtimestamp(max(at for _, at in counted), UTC)
        left = self._stock(id, item.product, sum(max(0, available) for available, _ in counted), newest)
        return await self._commerce.take_all(id, "inventory_levels/update", [left], None, WHO)

    async def _deleted(self, id: str, deleted: ProductDelete) -> Receipt:
        gone = self._ids.of_product(deleted.id)
        if not gone:
            return self._unknown(id, "products/delete", f"product {deleted.id}")
        here = [each for each in gone if self._catalog().has(each)]
        if not here:
            detail = f"Recalled already: {', '.join(gone)}."
            return self._commerce.told(Receipt(id, "products/delete", "unchanged", detail, gone), WHO)
        done = [await self._recall(each, WHO) for each in here]
        detail = f"Recalled, as the shop deleted it: {', '.join(gone)}. An operator may restore it."
        return self._commerce.told(Receipt(id, "products/delete", "in_force", detail, gone, done[-1].n), WHO)

    async def _order(self, id: str, topic: str, order: Bought) -> Receipt:
        if order.test or order.cancelled_at:
            return Receipt(id, topic, "unchanged", "It is a test, or was cancelled: it does not count.")
        agreed = any(
            each.name == self._consent and str(each.value).strip().casefold() in YES for each in order.note_attributes
        )
        bought = [
            {"product": self._ids.bought(each) or f"shopify {each.variant_id}", "quantity": max(1, each.quantity)}
            for each in order.line_items
        ]
        name = (order.customer.first_name if order.customer else None) if self._consent and agreed else None
        made = event.Order.model_validate(
            {
                "id": id,
                "at": order.created_at.isoformat(),
                "type": "order",
                "order": f"shopify {order.id}",
                "products": bought[:200],
                "name": name and name[:80],
                "consent": bool(name),
            }
        )
        return await self._commerce.take_all(id, topic, [made], None, WHO)

    def _stock(self, id: str, product: str, left: int, at: datetime) -> event.Stock:
        quantity = min(left, event.MOST_PIECES)
        fields = {"id": id, "at": at.isoformat(), "type": "stock", "product": product, "quantity": quantity}
        return event.Stock.model_validate(fields)

    def _unknown(self, id: str, what: str, who: str) -> Receipt:
        return self._commerce.told(Receipt(id, what, "unknown", f"The catalog has no {who}."), WHO)

    def _remember(self, id: str, at: float) -> None:
        for old in self._replays.take(id, at, self._now()):
            self._put("id", old, None)
        self._put("id", id, at)

    def _forget(self, id: str) -> None:
        self._replays.forget(id)
        self._put("id", id, None)

    def _put(self, kind: str, key: str, value: Any) -> None:
        if self._kept is not None:
            self._kept.put(f"shopify/{kind}", key, value)


__all__ = ["Malformed", "NotDone", "Shopify"]
