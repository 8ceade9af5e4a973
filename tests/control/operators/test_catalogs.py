"""What operators do with catalogs over HTTP: who may, what is refused with which sentence, what is answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient
from shop_on_air import SKIN, SKIN_LINES, write

from host_engine.access.who import Who
from host_engine.control.operators.catalogs import catalogs_routes
from host_engine.document import Problem
from host_engine.show.script import load_show
from host_engine.swap.catalogs import Diff, NotDone, Swapped


class Guard:
    """Lets in whoever says who it is."""

    def __init__(self) -> None:
        self.audit = lambda who, action, outcome="done", **facts: None

    def let_in(self, connection: Any, role: str = "operator") -> Who:
        shown = connection.headers.get("Authorization", "").removeprefix("Bearer ")
        if shown not in ("viewer", "operator"):
            raise HTTPException(401, "Who are you?")
        who = Who("anna", shown)
        if not who.may(role):
            raise HTTPException(403, "You may not.")
        return who


class Catalogs:
    """Notes what is ordered; refuses what is called "no"."""

    def __init__(self, folder: Path) -> None:
        self.show = load_show(folder)
        self.ordered: list[tuple[Any, ...]] = []

    def listed(self) -> list[dict[str, Any]]:
        return [{"name": "skin", "in_force": True}]

    def versions(self) -> list[dict[str, Any]]:
        return [{"id": 1, "name": "skin"}]

    def recalled(self) -> list[dict[str, Any]]:
        return [{"id": "pot"}]

    def status(self) -> dict[str, Any]:
        return {"name": "skin"}

    async def look(self) -> None:
        self.ordered.append(("look",))

    async def check(self, name: str) -> list[Problem]:
        return [Problem(f"{name}/catalog.yaml", 3, "products[0].price", "no currency")]

    async def diff(self, name: str) -> Diff:
        self._known(name)
        return Diff(name, "0123", warnings=("It is another shop.",))

    async def rollback_diff(self) -> Diff:
        raise NotDone("There is no version before this one to go back to.")

    async def swap(self, name: str, who: Who, border: str | None = None) -> Swapped:
        self._known(name)
        return self._did("swap", name, who.name, border)

    async def rollback(self, who: Who, border: str | None = None) -> Swapped:
        return self._did("rollback", who.name, border)

    def give_up(self, who: Who) -> None:
        self.ordered.append(("give up", who.name))

    async def recall(self, product: str, who: Who) -> Swapped:
        self._known(product)
        return self._did("recall", product, who.name)

    async def restore(self, product: str, who: Who) -> Swapped:
        return self._did("restore", product, who.name)

    async def change(self, changes: Mapping[str, Mapping[str, Any]], who: Who, why: str = "") -> Swapped:
        return self._did("change", {id: dict(each) for id, each in changes.items()}, who.name, why)

    def _known(self, name: str) -> None:
        if name == "no":
            raise NotDone("There is no catalog 'no'.", 404)

    def _did(self, what: str, *about: Any) -> Swapped:
        self.ordered.append((what, *about))
        return Swapped(2, "skin", "0123", 77, what)


@pytest.fixture
def catalogs(tmp_path: Path) -> Catalogs:
    return Catalogs(write(tmp_path / "skin", SKIN, SKIN_LINES))


@pytest.fixture
def client(catalogs: Catalogs) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(catalogs_routes(catalogs, Guard()))  # type: ignore[arg-type]
    with TestClient(app, headers={"Authorization": "Bearer operator"}) as client:
        yield client


def test_what_is_there_is_listed(client: TestClient, catalogs: Catalogs) -> None:
    assert client.get("/api/catalogs").json() == {"catalogs": catalogs.listed(), "status": {"name": "skin"}}
    assert catalogs.ordered == [("look",)]
    assert client.get("/api/catalog/versions").json() == {
        "versions": [{"id": 1, "name": "skin"}],
        "recalled": [{"id": "pot"}],
    }


def test_a_catalog_is_checked_and_compared(client: TestClient) -> None:
    found = client.post("/api/catalog/check", json={"name": "skin"}).json()
    assert found["count"] == 1
    assert found["problems"][0]["line"] == 3
    diff = client.post("/api/catalog/diff", json={"name": "skin"}).json()
    assert diff["warnings"] == ["It is another shop."]
    refused = client.get("/api/catalog/rollback")
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        "There is no version before this one to go back to.",
    )


def test_orders_reach_the_catalogs_in_the_name_of_who_gave_them(client: TestClient, catalogs: Catalogs) -> None:
    assert client.post("/api/catalog/swap", json={"name": "skin", "border": "segment"}).json()["n"] == 77
    assert client.post("/api/catalog/swap", json={"name": "skin"}).status_code == 200
    assert client.delete("/api/catalog/swap").status_code == 200
    assert client.post("/api/catalog/rollback", json={}).json()["what"] == "rollback"
    assert client.post("/api/recall", json={"product": "pot"}).json()["what"] == "recall"
    assert client.post("/api/restore", json={"product": "pot"}).json()["what"] == "restore"
    changed = client.post(
        "/api/products/pot", json={"fields": {"price": "9.00 EUR", "sale_price": None}, "why": "sale"}
    )
    assert changed.status_code == 200
    assert catalogs.ordered == [
        ("swap", "skin", "anna", "segment"),
        ("swap", "skin", "anna", None),
        ("give up", "anna"),
        ("rollback", "anna", None),
        ("recall", "pot", "anna"),
        ("restore", "pot", "anna"),
        ("change", {"pot": {"price": "9.00 EUR", "sale_price": None}}, "anna", "sale"),
    ]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/catalog/swap", {"name": "no"}, 404),
        ("/api/catalog/diff", {"name": "no"}, 404),
        ("/api/recall", {"product": "no"}, 404),
        ("/api/catalog/swap", {"name": "skin", "border": "tomorrow"}, 422),
        ("/api/catalog/swap", {"name": ""}, 422),
        ("/api/catalog/swap", {"name": "x" * 300}, 422),
        ("/api/catalog/swap", {}, 422),
        ("/api/catalog/swap", {"name": "skin", "path": "/etc"}, 422),
        ("/api/catalog/swap", [], 422),
        ("/api/products/pot", {"fields": {}}, 422),
        ("/api/products/pot", {"price": "1.00 EUR"}, 422),
        ("/api/recall", {"product": 7}, 422),
    ],
)
def test_what_cannot_be_done_gets_a_sentence(
    client: TestClient, catalogs: Catalogs, path: str, body: Any, status: int
) -> None:
    answer = client.post(path, json=body)
    assert answer.status_code == status
    assert answer.json()["detail"].endswith(".")
    assert not catalogs.ordered


def test_only_operators_act_and_viewers_tokens_read(client: TestClient, catalogs: Catalogs) -> None:
    viewer = {"Authorization": "Bearer viewer"}
    assert client.get("/api/catalogs", headers=viewer).status_code == 200
    assert client.get("/api/catalog/products", headers=viewer).status_code == 200
    for path in ("swap", "rollback", "check", "diff"):
        assert client.post(f"/api/catalog/{path}", json={"name": "skin"}, headers=viewer).status_code == 403
        assert (
            client.post(f"/api/catalog/{path}", json={"name": "skin"}, headers={"Authorization": ""}).status_code == 401
        )
    assert client.post("/api/recall", json={"product": "pot"}, headers=viewer).status_code == 403
    assert client.post("/api/products/pot", json={"fields": {"price": "1 EUR"}}, headers=viewer).status_code == 403
    assert [each[0] for each in catalogs.ordered] == ["look"]


def test_products_are_shown_with_all_their_fields(client: TestClient) -> None:
    page = client.get("/api/catalog/products").json()
    assert (page["total"], page["next"]) == (2, None)
    assert page["products"][1]["price"] == "44.00 EUR"
    assert page["products"][1]["availability"] == "in_stock"
    assert client.get("/api/catalog/products", params={"q": "day"}).json()["total"] == 1
    assert client.get("/api/catalog/products", params={"offset": 50}).json()["products"] == []
    assert client.get("/api/catalog/products", params={"offset": -1}).status_code == 422
    assert client.get("/api/catalog/products/cream").json()["title"] == "Day Cream"
    assert client.get("/api/catalog/products/teapot").status_code == 404
