"""Where shops tell what has changed: signed, in time, small, and answered with a sentence when it is not."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_catalogs import ScriptedCatalogs
from shop_desk import NOON, ShopDesk

from host_engine.access.who import Role, Who
from host_engine.commerce.shopify import Shopify
from host_engine.commerce.shopify_ids import ShopifyIds
from host_engine.commerce.signatures import SIGNATURE, TIMESTAMP, sign, sign_as_shopify
from host_engine.control.operators.commerce import MOST, MOST_OF_SHOPIFY, Secrets, commerce_routes

SECRET, SHOPIFY = "a secret of the shop", "hush"
NOW = int(NOON.timestamp())
PRICE = {"id": "e-1", "type": "price", "product": "sencha", "price": "12.00 EUR"}
PRODUCT = {"id": 9, "updated_at": NOON.isoformat(), "variants": [{"id": 1, "sku": "sencha", "price": "12.00"}]}


class Anybody:
    """A guard that lets everybody in."""

    def __init__(self, desk: ShopDesk) -> None:
        self.audit: Any = lambda who, action, outcome="done", **facts: desk.rows.append((action, outcome))

    def let_in(self, connection: Any, role: Role = "operator") -> Who:
        return Who("anna", role)


class Shop:
    """The routes over a desk; `post` signs unless it is told otherwise."""

    def __init__(self, secrets: Secrets | None = None, catalogs: ScriptedCatalogs | None = None) -> None:
        self.desk = ShopDesk(catalogs)
        catalog, now = lambda: self.desk.catalogs.catalog, lambda: self.desk.now.timestamp()
        shopify = Shopify(self.desk.commerce, ShopifyIds(catalog, {}), catalog, self.desk.catalogs.recall, now)
        secrets = Secrets([SECRET], [SHOPIFY], ["tea.myshopify.com"]) if secrets is None else secrets
        refused = lambda who, action, sentence: self.desk.rows.append((action, sentence))  # noqa: E731
        self.app = FastAPI()
        guard: Any = Anybody(self.desk)
        self.app.include_router(commerce_routes(self.desk.commerce, shopify, secrets, guard, refused, now))
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://channel")

    async def post(self, event: Any = PRICE, at: int = NOW, secret: str = SECRET, **headers: str) -> httpx.Response:
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        signed = {TIMESTAMP: str(at), SIGNATURE: sign(secret, at, body), "Content-Type": "application/json"}
        return await self.http.post("/api/commerce", content=body, headers=signed | headers)

    async def shopify(self, topic: str, body: Any, secret: str = SHOPIFY, **headers: str) -> httpx.Response:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"X-Shopify-Topic": topic, "X-Shopify-Hmac-Sha256": sign_as_shopify(secret, raw),
                "X-Shopify-Shop-Domain": "tea.myshopify.com", "X-Shopify-Webhook-Id": "b54557e4",
                "X-Shopify-Triggered-At": NOON.isoformat(), "Content-Type": "application/json"}  # fmt: skip
        return await self.http.post("/api/commerce/shopify", content=raw, headers=sent | headers)

    def refused_with_a_row(self, answer: httpx.Response, status: int, said: str) -> None:
        """4xx with a sentence, a row in the audit log, nothing changed."""
        assert (answer.status_code, said in answer.json()["detail"]) == (status, True), answer.text
        assert self.desk.rows[-1][1] == answer.json()["detail"]
        assert self.desk.catalogs.calls == []


async def test_a_signed_event_is_in_force() -> None:
    shop = Shop()
    answer = await shop.post()
    assert answer.status_code == 200
    assert answer.json() == {
        "id": "e-1", "what": "price", "state": "in_force", "detail": "'Sencha': price 12.00 EUR",
        "products": ["sencha"], "frame": 101,
    }  # fmt: skip
    slow = Shop(catalogs=ScriptedCatalogs(takes=0.5))
    assert ((await slow.post()).status_code, len(slow.desk.catalogs.calls)) == (202, 1)


async def test_both_secrets_open_while_one_takes_the_place_of_the_other() -> None:
    shop = Shop(Secrets(["the new secret", SECRET]))
    assert (await shop.post()).status_code == 200
    assert (await shop.post({**PRICE, "id": "e-2"}, secret="the new secret")).status_code == 200


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({SIGNATURE: ""}, "Sign the request"),
        ({TIMESTAMP: ""}, "Sign the request"),
        ({TIMESTAMP: "1e9"}, "Sign the request"),
        ({TIMESTAMP: "-5"}, "Sign the request"),
        ({TIMESTAMP: "9" * 40}, "Sign the request"),
        ({SIGNATURE: "sha256=" + "0" * 64}, "signature is wrong"),
        ({SIGNATURE: "sha256=" + "a" * 500}, "Sign the request"),
        ({TIMESTAMP: str(NOW - 1)}, "signature is wrong"),
    ],
)
async def test_a_signature_that_is_none(headers: dict[str, str], said: str) -> None:
    shop = Shop()
    shop.refused_with_a_row(await shop.post(**headers), 401, said)


async def test_a_wrong_secret_an_old_and_an_early_message() -> None:
    shop = Shop()
    shop.refused_with_a_row(await shop.post(secret="another secret"), 401, "signature is wrong")
    shop.refused_with_a_row(await shop.post(at=NOW - 301), 401, "301 seconds from now")
    shop.refused_with_a_row(await shop.post(at=NOW + 301), 401, "301 seconds from now")


async def test_a_replayed_and_an_older_one() -> None:
    shop = Shop()
    await shop.post({**PRICE, "sequence": 5})
    replayed = await shop.post({**PRICE, "sequence": 5})
    assert (replayed.status_code, "taken already" in replayed.json()["detail"]) == (409, True)
    older = await shop.post({**PRICE, "id": "e-2", "sequence": 4, "price": "14.00 EUR"})
    assert (older.status_code, "older" in older.json()["detail"]) == (409, True)
    assert [row[0] for row in shop.desk.rows] == ["commerce price"] * 3
    assert len(shop.desk.catalogs.calls) == 1


@pytest.mark.parametrize(
    ("event", "status", "said"),
    [
        (b"", 400, "no JSON"),
        (b"\xff", 400, "no UTF-8"),
        (b"[" * 60_000, 400, "no JSON"),
        ([PRICE], 422, "an object"),
        ({}, 422, ""),
        ({**PRICE, "type": "prices"}, 422, ""),
        ({**PRICE, "prise": 1}, 422, "not known here"),
        ({**PRICE, "price": "12"}, 422, "no currency"),
        ({**PRICE, "price": -1}, 422, "below zero"),
        ({**PRICE, "price": "1e5 EUR"}, 422, "not an amount"),
        ({**PRICE, "id": "../../etc"}, 422, "id"),
        ({**PRICE, "product": "x" * 51}, 422, "product"),
        ({**PRICE, "product": "\ud800"}, 422, ""),
        ({**PRICE, "product": "unknown"}, 404, "no product"),
        ({**PRICE, "at": "2026-11-22"}, 422, "time zone"),
        ({**PRICE, "sequence": 2**60}, 422, "sequence"),
        ({"id": "e", "type": "stock", "product": "sencha", "quantity": "many"}, 422, "quantity"),
        ({"id": "e", "type": "order", "products": []}, 422, "products"),
        ({"id": "e", "type": "coupon", "code": "TEA10", "text": "10 %", "until": "2026-12-01T00:00Z"}, 422, "TEA10"),
        ({"id": "e", "type": "coupon", "code": "tea", "text": "tea", "until": "2026-12-01T00:00Z"}, 422, "capitals"),
        ({"id": "e", "type": "coupon", "code": "100", "text": "100", "until": "2026-12-01T00:00Z"}, 422, "a letter"),
        ({"id": "e", "type": "coupon", "code": "TEA", "text": "TEAS", "until": "2026-12-01T00:00Z"}, 422, "must name"),
        ({"id": "e", "type": "offer", "product": "sencha", "price": "1.00 EUR", "sale_price": None}, 422, ""),
    ],
)
async def test_a_body_that_is_no_event(event: Any, status: int, said: str) -> None:
    shop = Shop()
    shop.refused_with_a_row(await shop.post(event), status, said)


async def test_too_long_and_of_another_kind() -> None:
    shop = Shop()
    shop.refused_with_a_row(await shop.post(b" " * (MOST + 1)), 413, "longer than 64 KB")
    shop.refused_with_a_row(await shop.post(**{"Content-Type": "text/plain"}), 415, "application/json")


async def test_shopifys_webhooks_are_answered_with_200_whatever_follows() -> None:
    shop = Shop()
    first = await shop.shopify("products/update", PRODUCT)
    assert (first.status_code, first.json()["state"]) == (200, "in_force")
    assert (await shop.shopify("products/update", PRODUCT)).json()["state"] == "repeated"
    older = {**PRODUCT, "updated_at": "2026-11-22T11:00:00Z"}
    assert (await shop.shopify("products/update", older)).json()["state"] == "older"
    unknown = await shop.shopify("app/uninstalled", {})
    assert (unknown.status_code, unknown.json()["state"]) == (200, "unknown")
    assert len(shop.desk.catalogs.calls) == 1


async def test_shopifys_webhooks_that_are_refused() -> None:
    shop = Shop()
    shop.refused_with_a_row(await shop.shopify("products/update", PRODUCT, "wrong"), 401, "Hmac")
    shop.refused_with_a_row(
        await shop.shopify("products/update", PRODUCT, **{"X-Shopify-Hmac-Sha256": "===="}), 401, "Hmac"
    )
    other = await shop.shopify("products/update", PRODUCT, **{"X-Shopify-Shop-Domain": "evil.myshopify.com"})
    shop.refused_with_a_row(other, 403, "This shop")
    shop.refused_with_a_row(await shop.shopify("products/update", {"id": 9}), 422, "updated_at")
    shop.refused_with_a_row(await shop.shopify("orders/create", b" " * (MOST_OF_SHOPIFY + 1)), 413, "longer")


async def test_a_channel_without_a_secret_says_so() -> None:
    shop = Shop(Secrets())
    shop.refused_with_a_row(await shop.post(secret=""), 404, "secret_env")
    shop.refused_with_a_row(await shop.shopify("orders/create", {}, ""), 404, "shopify.secret_env")


async def test_operators_see_what_was_told() -> None:
    shop = Shop()
    await shop.post()
    seen = (await shop.http.get("/api/commerce")).json()
    assert (seen["taken"], seen["receipts"][0]["id"]) == ({"price": 1}, "e-1")


async def test_the_document_says_what_an_event_may_be() -> None:
    document = (await Shop().http.get("/openapi.json")).json()
    route = document["paths"]["/api/commerce"]["post"]
    schema = route["requestBody"]["content"]["application/json"]["schema"]
    types = {each["properties"]["type"]["const"] for each in schema["oneOf"]}
    assert types == {
        "price", "sale", "stock", "sold_out", "back_in_stock", "coupon", "coupon_over", "order", "flash_sale",
    }  # fmt: skip
    assert "$ref" not in json.dumps(schema)
    assert {each["name"] for each in route["parameters"]} == {TIMESTAMP, SIGNATURE}
    assert {"200", "202", "401", "409", "422", "503"} <= route["responses"].keys()


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40) | st.sampled_from(["sencha", "e-9"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
TYPES = ("price", "sale", "stock", "sold_out", "back_in_stock", "coupon", "coupon_over", "order", "flash_sale")
NAMES = ("id", "product", "price", "sale_price", "from", "until", "at", "sequence", "quantity", "code", "text", "every",
         "products", "order", "name", "consent", "segment", "ticker", "say", "other")  # fmt: skip
EVENTS = st.builds(
    lambda type, fields: {"type": type, **fields},
    st.sampled_from(TYPES),
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6),
)


@settings(max_examples=6)
@given(st.lists(EVENTS | VALUES, min_size=1, max_size=8))
def test_nothing_that_is_signed_makes_a_fault(events: list[Any]) -> None:
    """Whatever a shop sends: an answer with a sentence."""

    async def send() -> None:
        shop = Shop()
        for event in events:
            answer = await shop.post(event)
            assert answer.status_code < 500, (event, answer.text)
            assert answer.json()["detail"]
            answer = await shop.shopify("products/update", event)
            assert answer.status_code < 500, (event, answer.text)

    asyncio.run(send())
