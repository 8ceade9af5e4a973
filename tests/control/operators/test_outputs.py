"""Outputs over HTTP: who may do what, and that no key ever comes back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from guarded import Guarded

from host_engine.access.who import Who
from host_engine.control.operators.outputs import outputs_routes
from host_engine.direction.refusals import NotDone

KEY = "live_1234_secret"


class Scripted:
    """Remembers what it was asked for; there is only "tube"."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def listed(self) -> list[dict[str, Any]]:
        return [{"name": "tube", "state": "live"}]

    async def add(self, written: Mapping[str, Any], who: Who) -> dict[str, Any]:
        return self._one("add", who, {name: value for name, value in written.items() if value is not None})

    async def stop(self, name: str, who: Who) -> dict[str, Any]:
        return self._one("stop", who, name)

    async def start(self, name: str, who: Who) -> dict[str, Any]:
        return self._one("start", who, name)

    async def remove(self, name: str, who: Who) -> None:
        self._one("remove", who, name)

    async def change_key(self, name: str, key: str, key_env: str, who: Who) -> dict[str, Any]:
        return self._one("key", who, name, key, key_env)

    def _one(self, what: str, who: Who, *facts: Any) -> dict[str, Any]:
        if facts[0] == "nowhere":
            raise NotDone("There is no such output.", 404)
        self.asked.append((what, who.name, *facts))
        return {"name": "tube", "state": "live"}


class Site(Guarded):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.outputs = Scripted()
        self.app.include_router(outputs_routes(self.outputs, self.guard))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


async def test_operators_stop_and_start_and_admins_say_where_the_channel_goes(site: Site) -> None:
    target = {"kind": "rtmp", "name": "two", "url": "rtmp://two.example.com/app", "key": KEY}
    target |= {"picture": [360, 640], "kbps": 900, "label": "KI", "language": "de", "delay": "30s", "rotate": "8h"}
    asks = [
        ("POST", "/api/outputs/tube/stop", None, "operator"),
        ("POST", "/api/outputs/tube/start", None, "operator"),
        ("POST", "/api/outputs", target, "admin"),
        ("POST", "/api/outputs/tube/key", {"key": KEY}, "admin"),
        ("DELETE", "/api/outputs/tube", None, "admin"),
    ]
    roles = {"viewer": site.token("viewer", "vic"), "operator": site.token("operator", "olga")}
    roles["admin"] = site.token("admin", "ada")
    for role, token in roles.items():
        async with site.client(token) as http:
            assert (await http.get("/api/outputs")).json() == [{"name": "tube", "state": "live"}]
            for method, path, body, needs in asks:
                answer = await http.request(method, path, json=body)
                may = list(roles).index(role) >= list(roles).index(needs)
                assert (answer.status_code < 300) == may, (role, path, answer.text)
                assert KEY not in answer.text
    assert site.outputs.asked[-5:] == [
        ("stop", "ada", "tube"),
        ("start", "ada", "tube"),
        ("add", "ada", target),
        ("key", "ada", "tube", KEY, ""),
        ("remove", "ada", "tube"),
    ]


async def test_nonsense_gets_a_sentence_that_repeats_no_key(site: Site) -> None:
    bad = [
        ("/api/outputs", {"kind": "rtmp", "name": "x", "key": KEY}),
        ("/api/outputs", {"kind": "rtmp", "name": "x", "url": "rtmp://h/a", "key": KEY, "key_env": "STREAM_KEY"}),
        ("/api/outputs", {"kind": "rtmp", "name": "../x", "url": "rtmp://h/a", "key": KEY}),
        ("/api/outputs", {"kind": "rtmp", "name": "x", "url": "rtmp://h/a", "format": "mkv"}),
        ("/api/outputs", {"kind": "file", "name": "x", "url": "rtmp://h/a"}),
        ("/api/outputs", {"kind": "file", "name": "x", "path": "/etc/passwd"}),
        ("/api/outputs", {"kind": "file", "name": "x", "format": "exe"}),
        ("/api/outputs", {"kind": "file", "name": "x", "label": "KI"}),
        ("/api/outputs", {"kind": "file", "name": "x", "rotate": "8h"}),
        ("/api/outputs", {"kind": "rtmp", "name": "x", "url": "rtmp://h/a", "key": KEY, "picture": [720]}),
        ("/api/outputs", {"kind": "rtmp", "name": "x", "url": "rtmp://h/a", "key": KEY, "kbps": 1}),
        ("/api/outputs", {"kind": "pipe", "name": "x"}),
        ("/api/outputs/tube/key", {}),
        ("/api/outputs/tube/key", {"key": f"{KEY} with spaces"}),
        ("/api/outputs/tube/key", {"key": KEY, "key_env": "STREAM_KEY"}),
        ("/api/outputs/tube/key", {"key_env": KEY}),
    ]
    async with site.client(site.token("admin", "ada")) as http:
        for path, body in bad:
            answer = await http.post(path, json=body)
            assert (answer.status_code, bool(answer.json()["detail"])) == (422, True), body
            assert KEY not in answer.text
        assert (await http.post("/api/outputs/nowhere/stop")).status_code == 404
        answer = await http.post("/api/outputs/tube/key", json={})
        assert answer.json()["detail"] == "Give either the key or the variable that holds it."
        assert (await http.delete("/api/outputs/nowhere")).status_code == 404
    assert not site.outputs.asked
