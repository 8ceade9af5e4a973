"""Shopify's webhooks: whose they are, what they change, and what nobody may make of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from shop_desk import NOON, ShopDesk
from until import until

from host_engine.commerce.kept import Kept
from host_engine.commerce.receipt import Receipt
from host_engine.commerce.shopify import Malformed, Shopify
from host_engine.commerce.shopify_ids import ShopifyIds
from host_engine.commerce.shopify_payload import money
from host_engine.commerce.thanks import When
from host_engine.swap.catalogs import NotDone

AT = "2026-11-22T12:00:00+00:00"
VARIANT = {
    "id": 101, "product_id": 9, "title": "100 g", "price": "12.50", "position": 1, "inventory_policy": "deny",
    "compare_at_price": None, "option1": "100 g", "taxable": True, "barcode": None, "sku": "sencha",
    "inventory_item_id": 501, "inventory_quantity": 4, "inventory_management": "shopify", "updated_at": AT,
}  # fmt: skip
ORDER = {
    "id": 820982911946154508, "created_at": AT, "cancelled_at": None, "test": False, "currency": "EUR",
    "financial_status": "paid", "email": "jon@example.com", "name": "#9999", "note_attributes": [],
    "customer": {"id": 115310627314723954, "first_name": "jon", "last_name": "Smith"},
    "line_items": [{"id": 1, "variant_id": 101, "product_id": 9, "sku": "sencha", "quantity": 2, "title": "Sencha"}],
}  # fmt: skip


def product(at: str = AT, status: str = "active", **variant: Any) -> dict[str, Any]:
    variants = [{**VARIANT, **variant}]
    return {"id": 9, "title": "Sencha", "handle": "sencha-tea", "status": status, "updated_at": at,
            "variants": variants, "vendor": "Tea", "tags": "", "images": []}  # fmt: skip


def level(available: int | None, at: str = AT, item: int = 501, place: int = 1) -> dict[str, Any]:
    return {"inventory_item_id": item, "location_id": place, "available": available, "updated_at": at,
            "admin_graphql_api_id": "gid://shopify/InventoryLevel/1"}  # fmt: skip


class Shop:
    """A desk, and Shopify before it."""

    def __init__(self, mapping: dict[str, str] | None = None, desk: ShopDesk | None = None, **wanted: Any) -> None:
        self.desk = desk or ShopDesk()
        catalog = lambda: self.desk.catalogs.catalog  # noqa: E731
        kept = wanted.get("kept")
        self.shopify = Shopify(
            self.desk.commerce,
            ShopifyIds(catalog, mapping or {}, kept),
            catalog,
            self.desk.catalogs.recall,
            lambda: self.desk.now.timestamp(),
            **wanted,
        )

    async def take(self, topic: str, body: Any) -> Receipt:
        return await self.shopify.take(topic, json.dumps(body).encode())

    @property
    def sencha(self) -> tuple[str, str | None, str]:
        found = self.desk.catalogs.catalog.product("sencha")
        return str(found.price), found.sale_price and str(found.sale_price), found.availability


async def test_a_product_update_brings_price_sale_price_and_stock_as_one() -> None:
    shop = Shop()
    receipt = await shop.take("products/update", product(compare_at_price="14.00", inventory_quantity=0))
    assert (receipt.state, receipt.products) == ("in_force", ("sencha",))
    assert shop.sencha == ("14.00 EUR", "12.50 EUR", "out_of_stock")
    assert len(shop.desk.catalogs.calls) == 1
    later = "2026-11-22T12:00:05+00:00"
    await shop.take("products/update", product(at=later))
    assert shop.sencha == ("12.50 EUR", None, "in_stock")
    again = await shop.take("products/update", product(at="2026-11-22T12:00:06+00:00"))
    assert (again.state, len(shop.desk.catalogs.calls)) == ("unchanged", 2)


@pytest.mark.parametrize(
    ("mapping", "variant", "found"),
    [
        ({}, {"sku": "sencha"}, True),
        ({}, {"sku": "TEA-1"}, True),
        ({}, {"sku": "", "barcode": "4006381333931"}, True),
        ({}, {"sku": None, "barcode": "04006381333931"}, True),
        ({"101": "sencha"}, {"sku": "X"}, True),
        ({"501": "sencha"}, {"sku": "X"}, True),
        ({"9": "sencha"}, {"sku": "X"}, True),
        ({"OUR-7": "sencha"}, {"sku": "OUR-7"}, True),
        ({"101": "nothing"}, {"sku": "X"}, False),
        ({}, {"sku": "X", "barcode": "123"}, False),
        ({}, {"sku": ""}, False),
    ],
)
async def test_whose_it_is(mapping: dict[str, str], variant: dict[str, Any], found: bool) -> None:
    shop = Shop(mapping)
    receipt = await shop.take("products/update", product(**variant))
    assert receipt.state == ("in_force" if found else "unknown")
    assert shop.sencha[0] == ("12.50 EUR" if found else "15.00 EUR")


async def test_an_older_or_a_repeated_message_changes_nothing() -> None:
    shop = Shop()
    early = product(at="2026-11-22T11:59:00+00:00", price="11.00")
    await shop.take("products/update", early)
    await shop.take("products/update", product())
    assert (await shop.take("products/update", product())).state == "repeated"
    assert (await shop.take("products/update", early)).state == "repeated", "Shopify tries again with the old body"
    with pytest.raises(NotDone, match="older"):
        await shop.take("products/update", product(at="2026-11-22T11:58:00+00:00", price="9.00"))
    assert shop.sencha[0] == "12.50 EUR"


async def test_stock_by_place_once_the_item_is_known() -> None:
    shop = Shop()
    receipt = await shop.take("inventory_levels/update", level(0))
    assert (receipt.state, "learnt from products/update" in receipt.detail) == ("unknown", True)
    await shop.take("products/update", product())
    await shop.take("inventory_levels/update", level(0, "2026-11-22T12:00:01+00:00"))
    assert shop.sencha[2] == "out_of_stock"
    await shop.take("inventory_levels/update", level(3, "2026-11-22T12:00:02+00:00", place=2))
    assert shop.sencha[2] == "in_stock", "there are some at another place"
    old = await shop.take("inventory_levels/update", level(0, "2026-11-22T12:00:01+00:00", place=2))
    assert (old.state, shop.sencha[2]) == ("older", "in_stock")
    await shop.take("inventory_levels/update", level(-1, "2026-11-22T12:00:03+00:00", place=2))
    assert shop.sencha[2] == "out_of_stock"
    untracked = await shop.take("inventory_levels/update", level(None, "2026-11-22T12:00:04+00:00", place=2))
    assert untracked.state == "unchanged"


async def test_places_that_do_not_count_and_what_is_sold_anyway() -> None:
    shop = Shop(locations=[1])
    await shop.take("products/update", product(inventory_quantity=0))
    assert shop.sencha[2] == "in_stock", "that is the number at all places"
    await shop.take("inventory_levels/update", level(7, place=2))
    await shop.take("inventory_levels/update", level(0, "2026-11-22T12:00:01+00:00", place=1))
    assert shop.sencha[2] == "out_of_stock"
    anyway = Shop()
    await anyway.take("products/update", product(inventory_policy="continue", inventory_quantity=0))
    assert (await anyway.take("inventory_levels/update", level(0))).state == "unchanged"
    assert anyway.sencha[2] == "in_stock"
    await anyway.take("products/update", product(at="2026-11-22T12:01:00Z", status="archived"))
    assert anyway.sencha[2] == "out_of_stock"


async def test_a_deleted_product_is_recalled() -> None:
    shop = Shop()
    assert (await shop.take("products/delete", {"id": 9})).state == "unknown"
    await shop.take("products/update", product())
    assert (await shop.take("products/delete", {"id": 9})).state == "in_force"
    assert shop.desk.catalogs.recalled == ["sencha"]


async def test_orders_count_once_and_are_thanked_for() -> None:
    desk = ShopDesk(when=When(2, 600.0, ("Thank you, {name}, for the {product}!",)))
    shop = Shop(desk=desk, consent="on air")
    agreed = {"note_attributes": [{"name": "on air", "value": "yes"}]}
    assert (await shop.take("orders/create", ORDER)).state == "counted"
    assert (await shop.take("orders/paid", {**ORDER, "financial_status": "other"})).state == "unchanged"
    await shop.take("orders/create", {**ORDER, "id": 2, **agreed})
    await until(lambda: desk.said)
    assert desk.said == ["Thank you, Jon, for the Sencha!"]
    assert (await shop.take("orders/create", {**ORDER, "id": 3, "test": True})).state == "unchanged"
    assert (await shop.take("orders/create", {**ORDER, "id": 4, "cancelled_at": AT})).state == "unchanged"
    assert desk.commerce.status()["orders"] == 2


async def test_nobody_is_named_who_did_not_agree_or_where_nobody_can() -> None:
    for wanted, note in ({}, [{"name": "on air", "value": "yes"}]), ({"consent": "on air"}, []), (
        {"consent": "on air"}, [{"name": "on air", "value": "no"}],
    ):  # fmt: skip
        desk = ShopDesk(when=When(1, 600.0, ("Thank you, {name}!", "Thank you!")))
        await Shop(desk=desk, **wanted).take("orders/create", {**ORDER, "note_attributes": note})
        await until(lambda desk=desk: desk.said)
        assert desk.said == ["Thank you!"]


async def test_of_a_message_that_is_older_in_part_the_rest_counts_and_it_is_told() -> None:
    shop = Shop()
    await shop.desk.take("price", product="sencha", price="13.00 EUR", at="2026-11-22T12:00:03Z")
    part = await shop.take("products/update", product(inventory_quantity=0))
    assert (part.state, "older than what is known of sencha/price" in part.detail) == ("in_force", True)
    assert shop.sencha == ("13.00 EUR", None, "out_of_stock")
    with pytest.raises(NotDone, match="older than what is known of sencha/price"):
        await shop.take("products/update", product(inventory_quantity=0, at="2026-11-22T12:00:01Z"))


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        ("products/delete", product()),
        ("products/delete", ORDER),
        ("products/update", ORDER),
        ("products/update", level(3)),
        ("orders/create", product()),
        ("inventory_levels/update", product()),
        ("products/update", product(price="twelve")),
        ("products/update", product(price="-1")),
        ("products/update", product(price="NaN")),
        ("products/update", product(price="1e999")),
        ("products/update", product(at="yesterday")),
        ("products/update", {**product(), "variants": []}),
        ("products/update", [1, 2]),
        ("products/update", None),
    ],
)
async def test_a_body_under_a_topic_that_is_not_its_own_changes_nothing(topic: str, body: Any) -> None:
    """The topic is a header, and headers are not signed."""
    shop = Shop()
    await shop.take("products/update", product(at="2026-11-22T11:00:00Z"))
    with pytest.raises(Malformed, match="This is not what Shopify sends"):
        await shop.take(topic, body)
    assert len(shop.desk.catalogs.calls) == 1
    assert shop.desk.catalogs.recalled == []


async def test_no_json_and_other_topics() -> None:
    shop = Shop()
    for body in b"", b"{", b"\xff\xfe", b"[" * 100_000:
        with pytest.raises(Malformed, match="no JSON"):
            await shop.shopify.take("products/update", body)
    assert (await shop.take("app/uninstalled", {})).state == "unknown"


async def test_what_was_learnt_outlives_a_restart(tmp_path: Any) -> None:
    kept = Kept(tmp_path / "tea.sqlite")
    shop = Shop(kept=kept)
    await shop.take("products/update", product())
    await shop.take("inventory_levels/update", level(0, "2026-11-22T12:00:01+00:00"))
    kept.write(kept._taken())
    anew = Shop(kept=Kept(tmp_path / "tea.sqlite"))
    anew.shopify.load(Kept(tmp_path / "tea.sqlite").load())
    assert (await anew.take("products/update", product())).state == "repeated"
    await anew.take("inventory_levels/update", level(2, "2026-11-22T12:00:02+00:00", place=2))
    old = await anew.take("inventory_levels/update", level(5, "2026-11-22T11:00:02+00:00"))
    assert old.state == "older"


def test_amounts_have_the_decimals_of_their_currency() -> None:
    assert money("29.99", "EUR") == "29.99 EUR"
    assert money("29", "EUR") == "29.00 EUR"
    assert money("2900.00", "JPY") == "2900 JPY"
    assert money("1.234", "KWD") == "1.234 KWD"
    assert NOON
