"""Taking over through the door that browsers come through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from guarded import Guarded

from host_engine.access.who import Who
from host_engine.control.operators.takeover import takeover_routes
from host_engine.takeover.takeover import Refused


class Prompter:
    def listed(self) -> list[dict[str, Any]]:
        return [{"id": "s/1", "text": "Line 1.", "segment": "s", "product": None}]


class Taken:
    """A take-over that remembers what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.refuses: Refused | None = None
        self.prompter = Prompter()

    def state(self) -> dict[str, Any]:
        return {"active": bool(self.asked)}

    async def begin(self, who: Who, sdp: str, kind: str, take: bool) -> str:
        if self.refuses:
            raise self.refuses
        self.asked.append((who.name, sdp, kind, take))
        return "v=0 answer"

    def end(self, who: Who) -> dict[str, Any]:
        if self.refuses:
            raise self.refuses
        self.asked.clear()
        return self.state()

    def next(self, who: Who, expect: str | None) -> dict[str, Any]:
        if self.refuses:
            raise self.refuses
        self.asked.append((who.name, expect))
        return {"lines": self.prompter.listed()}


class Site(Guarded):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.takeover = Taken()
        self.app.include_router(takeover_routes(self.takeover, self.guard))  # type: ignore[arg-type]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


async def test_an_offer_in_sdp_is_answered_in_sdp(site: Site) -> None:
    async with site.client(site.token()) as http:
        sdp = {"Content-Type": "application/sdp"}
        answer = await http.post("/api/takeover?kind=camera&take=true", content="v=0 offer", headers=sdp)
        assert (answer.status_code, answer.text) == (201, "v=0 answer")
        assert answer.headers["Content-Type"].startswith("application/sdp")
        assert answer.headers["Location"] == "/api/takeover"
        assert site.takeover.asked == [("anna", "v=0 offer", "camera", True)]
        assert (await http.get("/api/takeover")).json() == {"active": True}
        assert (await http.delete("/api/takeover")).json() == {"active": False}


async def test_an_offer_in_json_is_answered_in_json(site: Site) -> None:
    async with site.client(site.token()) as http:
        answer = await http.post("/api/takeover", json={"sdp": "v=0", "kind": "voice"})
        assert (answer.status_code, answer.json()) == (201, {"sdp": "v=0 answer", "kind": "voice"})
        assert site.takeover.asked == [("anna", "v=0", "voice", False)]


async def test_the_prompter_shows_what_comes_and_goes_on_when_it_is_told(site: Site) -> None:
    async with site.client(site.token()) as http:
        assert (await http.get("/api/takeover/prompter")).json()["lines"][0]["id"] == "s/1"
        assert (await http.post("/api/takeover/next", json={"line": "s/1"})).status_code == 200
        assert (await http.post("/api/takeover/next", json={})).status_code == 200
        assert site.takeover.asked == [("anna", "s/1"), ("anna", None)]


@pytest.mark.parametrize(
    ("content", "kind", "query", "status"),
    [
        (b"v=0", "text/plain", "", 415),
        (b"\xff\xfe", "application/sdp", "", 400),
        (b"v=0", "application/sdp", "?kind=film", 422),
        (b"v=0", "application/sdp", "?other=1", 422),
        (b"v=0", "application/sdp", "?take=perhaps", 422),
        (b"v=" + b"0" * 30_000, "application/sdp", "", 413),
        (b"x" * 70_000, "application/sdp", "", 413),
        (b"[]", "application/json", "", 422),
        (b"{}", "application/json", "", 422),
        (b"nonsense", "application/json", "", 400),
        (b'{"sdp": "v=0", "kind": 3}', "application/json", "", 422),
        (b'{"sdp": "v=0", "file": "/etc/passwd"}', "application/json", "", 422),
    ],
)
async def test_other_bodies_are_refused_with_a_sentence(
    site: Site, content: bytes, kind: str, query: str, status: int
) -> None:
    async with site.client(site.token()) as http:
        answer = await http.post(f"/api/takeover{query}", content=content, headers={"Content-Type": kind})
        assert answer.status_code == status, answer.text
        assert answer.json()["detail"].endswith(".")
    assert not site.takeover.asked


async def test_who_may_not_is_told_so(site: Site) -> None:
    viewer = site.token("viewer", "eve")
    async with site.client() as http:
        assert (await http.post("/api/takeover", json={"sdp": "v=0"})).status_code == 401
        assert (await http.get("/api/takeover")).status_code == 401
    async with site.client(viewer) as http:
        for method, path in (
            ("GET", ""),
            ("POST", ""),
            ("DELETE", ""),
            ("GET", "/prompter"),
            ("POST", "/next"),
        ):
            answer = await http.request(method, f"/api/takeover{path}", json={} if method == "POST" else None)
            assert answer.status_code == 403
    site.takeover.refuses = Refused("ben has the show; an admin can take it from them.", 409)
    async with site.client(site.token(name="carl")) as http:
        for method, path, body in (("POST", "", {"sdp": "v=0"}), ("DELETE", "", None), ("POST", "/next", {})):
            answer = await http.request(method, f"/api/takeover{path}", json=body)
            assert (answer.status_code, answer.json()["detail"][:3]) == (409, "ben")
    assert not site.takeover.asked
