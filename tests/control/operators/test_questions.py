"""The operator's side of the audience: only with a token, each act told with a sentence and kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from guarded import Guarded

from host_engine.control.operators.questions import questions_routes
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
        if "long" in text:
            raise ValueError("This is too long to be said.")
        if "free" in text:
            return Verdict((), (Finding("price", "free", "the catalog says 5 €"),))
        self.done.append(f"say {text}")
        return Verdict((Evidence("tea", "price", "5.00 EUR"),))


class Site(Guarded):
    """The routes of questions behind a guard."""

    def __init__(self, folder: Path, answers: bool = True) -> None:
        super().__init__(folder)
        self.desk, self.told = Desk(), list[tuple[str, dict[str, Any]]]()
        desk = self.desk if answers else None
        self.app.include_router(questions_routes(desk, self.guard, lambda what, **data: self.told.append((what, data))))

    def operator(self) -> httpx.AsyncClient:
        return self.client(self.token())


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


async def test_what_waits_is_listed(site: Site) -> None:
    async with site.operator() as http:
        found = (await http.get("/api/desk")).json()
    assert found == {"waiting": [{"id": "a1", "answer": "It costs 5 €."}], "todo": [{"id": "b2", "question": "why?"}]}


async def test_acts_of_the_operator_are_done_told_and_kept(site: Site) -> None:
    async with site.operator() as http:
        assert (await http.post("/api/desk/a1/approve")).status_code == 204
        assert (await http.post("/api/desk/a1/veto")).status_code == 204
        said = await http.post("/api/desk/a1/answer", json={"text": "It costs 5 €."})
    assert (said.status_code, said.json()["evidence"][0]["value"]) == (202, "5.00 EUR")
    assert site.desk.done == ["approve a1", "veto a1", "say It costs 5 €."]
    assert [(row["who"], row["action"], row["facts"]["id"]) for row in reversed(site.rows)] == [
        ("anna", "approve", "a1"),
        ("anna", "veto", "a1"),
        ("anna", "answer", "a1"),
    ]
    assert [(what, data["order"]) for what, data in site.told] == [
        ("question", "approve"),
        ("question", "veto"),
        ("question", "answer"),
    ]


@pytest.mark.parametrize("act", ["approve", "veto"])
async def test_what_does_not_wait_any_more(site: Site, act: str) -> None:
    async with site.operator() as http:
        answer = await http.post(f"/api/desk/gone/{act}")
    assert answer.status_code == 404
    assert "expired" in answer.json()["detail"]
    assert "expired" in site.rows[0]["outcome"]
    assert not site.told


async def test_words_that_are_not_said(site: Site) -> None:
    async with site.operator() as http:
        answer = await http.post("/api/desk/a1/answer", json={"text": "It is free."})
        assert answer.status_code == 422
        assert "the catalog says 5 €" in answer.json()["detail"]
        assert (await http.post("/api/desk/a1/answer", json={"text": "so long"})).status_code == 422
        assert (await http.post("/api/desk/zz/answer", json={"text": "Yes."})).status_code == 404
        assert (await http.post("/api/desk/a1/answer", json={"text": ""})).status_code == 422
        assert (await http.post("/api/desk/a1/answer", json={"text": "x" * 1001})).status_code == 422
    assert not site.desk.done
    assert len(site.rows) == 3
    assert not any(row["outcome"] == "done" for row in site.rows)


async def test_only_operators_may(site: Site) -> None:
    async with site.client() as nobody, site.client(site.token("viewer", "vera")) as viewer:
        for method, path in (("GET", ""), ("POST", "/a1/approve"), ("POST", "/a1/veto"), ("POST", "/a1/answer")):
            assert (await nobody.request(method, f"/api/desk{path}")).status_code == 401
            assert (await viewer.request(method, f"/api/desk{path}")).status_code == 403
    assert not site.desk.done


async def test_a_channel_that_answers_nobody(tmp_path: Path) -> None:
    site = Site(tmp_path, answers=False)
    async with site.operator() as http:
        answer = await http.get("/api/desk")
    assert (answer.status_code, answer.json()["detail"]) == (404, "This channel answers no questions.")
