"""Orders over HTTP: who may, what is answered, what is refused with which sentence, and the audit log of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from directed_stage import Stage, show
from guarded import Guarded

from host_engine.control.operators.orders import orders_routes

LOOKS = ("/api/show", "/api/rundown", "/api/scenes", "/api/say")
ORDERS: dict[str, Any] = {
    "/api/take": {"on_air": None},
    "/api/next": None,
    "/api/skip": None,
    "/api/go": {"entry": "pot"},
    "/api/rundown/order": {"segments": ["pot"]},
    "/api/hold": None,
    "/api/release": None,
    "/api/say": {"text": "Hello."},
    "/api/mute": {"on": True},
    "/api/scene": {"name": None},
}


@pytest.fixture
async def site(tmp_path: Path) -> Directed:
    return Directed(tmp_path)


class Directed(Guarded):
    """A directed show behind a real guard."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.stage = Stage(show(folder / "shop"))
        self.stage.director._audit = self.guard.audit
        self.app.include_router(orders_routes(self.stage.director, self.guard))
        self.anna = self.token()

    async def play(self) -> str:
        """Let the first line come on air; its id."""
        await self.stage.until(lambda: self.stage.now is not None)
        await self.stage.play(2)
        assert self.stage.now
        return self.stage.now


async def test_viewers_may_look_and_operators_order(site: Directed) -> None:
    await site.play()
    viewer = site.token("viewer", "ben")
    async with site.client() as http:
        for path in LOOKS:
            assert (await http.get(path)).status_code == 401, path
        for path, body in ORDERS.items():
            assert (await http.post(path, json=body)).status_code == 401, path
    async with site.client(viewer) as http:
        for path in LOOKS:
            assert (await http.get(path)).status_code == 200, path
        for path, body in ORDERS.items():
            assert (await http.post(path, json=body)).status_code == 403, path
        assert (await http.delete("/api/say/x")).status_code == 403
    assert not site.stage.program.turned
    async with site.client(site.anna) as http:
        for path, body in ORDERS.items():
            answer = await (http.post(path) if body is None else http.post(path, json=body))
            assert answer.status_code in (200, 202), (path, answer.text)
    assert {row["who"] for row in site.rows if row["outcome"] == "done"} == {"anna"}
    assert [row["action"] for row in reversed(site.rows) if row["outcome"] == "done"] == [
        "take", "take", "skip", "go", "reorder", "hold", "release", "say", "mute", "scene",
    ]  # fmt: skip


async def test_a_take_of_what_is_no_longer_on_air_is_409_and_changes_nothing(site: Directed) -> None:
    line = await site.play()
    async with site.client(site.anna) as http:
        refused = await http.post("/api/take", json={"on_air": "tea/one"})
        assert (refused.status_code, refused.json()["detail"]) == (
            409,
            f"Line tea/one is no longer on air; {line} is.",
        )
        assert (await http.post("/api/skip", json={"on_air": "tea/one"})).status_code == 409
        await site.stage.play(1)
        assert site.stage.now == line
        assert (await http.post("/api/take", json={"on_air": line})).status_code == 200
    assert site.rows[1]["outcome"].startswith("line tea/one is no longer")


async def test_what_the_gate_stops_is_told_with_its_findings(site: Directed) -> None:
    await site.play()
    async with site.client(site.anna) as http:
        refused = await http.post("/api/say", json={"text": "This is a cure."})
        assert refused.headers["content-type"] == "application/problem+json"
        assert (refused.status_code, refused.json()["findings"]) == (
            422,
            [{"rule": "medical", "claim": "cure", "said": "Nobody may say that."}],
        )
        said = await http.post("/api/say", json={"text": "This is a cure.", "anyway": True, "when": "next"})
        assert (said.status_code, said.json()["findings"][0]["rule"]) == (202, "medical")
        waiting = (await http.get("/api/say")).json()
        assert [each["id"] for each in waiting] == [said.json()["id"]]
        assert (await http.delete(f"/api/say/{said.json()['id']}")).status_code == 200
        assert (await http.delete(f"/api/say/{said.json()['id']}")).status_code == 404
    assert site.rows[2]["facts"]["anyway"] is True
    assert site.rows[2]["facts"]["findings"] == ["medical: cure"]


NONSENSE: list[tuple[str, Any, int]] = [
    ("/api/say", {"text": ""}, 422),
    ("/api/say", {"text": "x" * 1001}, 422),
    ("/api/say", {"text": "Hi.", "when": "yesterday"}, 422),
    ("/api/say", {"text": "Hi.", "language": "../etc"}, 422),
    ("/api/say", {"text": "Hi.", "loud": True}, 422),
    ("/api/say", {"text": "\U0001f600"}, 422),
    ("/api/say", {"text": "<speak>Hi</speak>"}, 422),
    ("/api/say", {"text": "Hi \u202ethere"}, 422),
    ("/api/say", [], 422),
    ("/api/take", {"on_air": 7}, 422),
    ("/api/take", {"on_air": ""}, 422),
    ("/api/go", {"entry": "nowhere"}, 404),
    ("/api/go", {}, 422),
    ("/api/scene", {"name": "moon"}, 404),
    ("/api/scene", {}, 422),
    ("/api/mute", {"on": "maybe"}, 422),
    ("/api/mute", {}, 422),
    ("/api/rundown/order", {"segments": ["soup"]}, 404),
    ("/api/rundown/order", {"segments": ["tea", "tea"]}, 422),
    ("/api/rundown/order", {"segments": ["x"] * 3000}, 422),
]


async def test_nonsense_gets_a_sentence_and_harms_nothing(site: Directed) -> None:
    line = await site.play()
    async with site.client(site.anna) as http:
        for path, body, status in NONSENSE:
            answer = await http.post(path, json=body)
            assert (answer.status_code, bool(answer.json()["detail"])) == (status, True), (path, body)
    await site.stage.play(3)
    assert site.stage.now == line
    assert not site.stage.program.turned


async def test_a_megabyte_of_words_is_refused_before_it_is_read(site: Directed) -> None:
    async with site.client(site.anna) as http:
        answer = await http.post("/api/say", json={"text": "x" * 1_000_000})
        assert (answer.status_code, answer.json()["detail"]) == (413, "The request is longer than 64 KB.")
        assert (
            await http.post("/api/say", content=b"{", headers={"Content-Type": "application/json"})
        ).status_code == 400
        assert (await http.post("/api/mute", content=b"on=1")).status_code == 415


async def test_the_rundown_is_shown_in_parts(site: Directed) -> None:
    await site.play()
    async with site.client(site.anna) as http:
        part = (await http.get("/api/rundown?first=1&most=1")).json()
        assert (part["segments"], [each["segment"] for each in part["rows"]]) == (3, ["tea"])
        for query in ("first=-1", "most=0", "most=1000", "first=x"):
            assert (await http.get(f"/api/rundown?{query}")).status_code == 422
