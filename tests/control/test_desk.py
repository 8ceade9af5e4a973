"""The operator's routes: only with the token, each act told with a sentence."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from host_engine.control.desk import desk_routes, make_token
from host_engine.gate.verdict import Finding, Verdict
from host_engine.show.evidence import Evidence


class Desk:
    """Has one answer that waits, "a1"."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.todo: list[dict[str, Any]] = [{"id": "b2", "question": "why?"}]

    def waiting(self) -> list[dict[str, Any]]:
        return [{"id": "a1", "answer": "It costs 5 €."}]

    def approve(self, id: str) -> bool:
        self.done.append(f"approve {id}")
        return id == "a1"

    def veto(self, id: str) -> bool:
        self.done.append(f"veto {id}")
        return id == "a1"

    async def by_hand(self, id: str, text: str) -> Verdict:
        if id != "a1":
            raise KeyError(id)
        if "free" in text:
            return Verdict((), (Finding("price", "free", "the catalog says 5 €"),))
        self.done.append(f"say {text}")
        return Verdict((Evidence("tea", "price", "5.00 EUR"),))


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(desk_routes(desk, "secret"))
    with TestClient(app, headers={"Authorization": "Bearer secret"}) as client:
        yield client


def test_what_waits_is_listed(client: TestClient) -> None:
    found = client.get("/api/desk").json()
    assert found == {"waiting": [{"id": "a1", "answer": "It costs 5 €."}], "todo": [{"id": "b2", "question": "why?"}]}


def test_acts_of_the_operator(client: TestClient, desk: Desk) -> None:
    assert client.post("/api/desk/a1/approve").status_code == 204
    assert client.post("/api/desk/a1/veto").status_code == 204
    said = client.post("/api/desk/a1/answer", json={"text": "It costs 5 €."})
    assert (said.status_code, said.json()["evidence"][0]["value"]) == (202, "5.00 EUR")
    assert desk.done == ["approve a1", "veto a1", "say It costs 5 €."]


@pytest.mark.parametrize("act", ["approve", "veto"])
def test_what_does_not_wait_any_more(client: TestClient, act: str) -> None:
    answer = client.post(f"/api/desk/gone/{act}")
    assert answer.status_code == 404
    assert "expired" in answer.json()["detail"]


def test_words_that_the_gate_stops(client: TestClient, desk: Desk) -> None:
    answer = client.post("/api/desk/a1/answer", json={"text": "It is free."})
    assert answer.status_code == 422
    assert "the catalog says 5 €" in answer.json()["detail"]
    assert client.post("/api/desk/zz/answer", json={"text": "Yes."}).status_code == 404
    assert client.post("/api/desk/a1/answer", json={"text": ""}).status_code == 422
    assert not desk.done


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "secret "}, {"Authorization": "ü"}]
)
def test_without_the_token_nobody_gets_in(desk: Desk, header: dict[str, str]) -> None:
    app = FastAPI()
    app.include_router(desk_routes(desk, "secret"))
    app.include_router(desk_routes(desk, ""))
    with TestClient(app) as client:
        encoded = {name: value.encode() for name, value in header.items()}
        for method, path in (("GET", ""), ("POST", "/a1/approve"), ("POST", "/a1/veto"), ("POST", "/a1/answer")):
            assert client.request(method, f"/api/desk{path}", headers=encoded).status_code == 401
    assert not desk.done


def test_the_token_is_a_file_that_only_its_user_can_read(tmp_path: Path) -> None:
    file = tmp_path / "cache" / "demo.desk"
    first = make_token(file)
    assert file.read_text() == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert make_token(file) != first
    (tmp_path / "taken").write_text("a file, not a folder")
    assert make_token(tmp_path / "taken" / "x.desk")
