"""Browsers: a token shown once, a cookie that no script reads and no other site can use."""

from __future__ import annotations

from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest
from fastapi import WebSocket
from fastapi.testclient import TestClient
from guarded import Guarded
from starlette.websockets import WebSocketDisconnect

from host_engine.access.making import revoke
from host_engine.control.operators import guard as guarding

FETCH = {"X-Requested-With": "fetch", "Sec-Fetch-Site": "same-origin"}
COOKIE = "host_engine_demo"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarding, "SLOW", 0)


@pytest.fixture
def site(tmp_path: Path) -> Guarded:
    return Guarded(tmp_path)


async def log_in(http: httpx.AsyncClient, secret: str, **headers: str) -> httpx.Response:
    return await http.post("/api/session", json={"token": secret}, headers=headers)


def cookie_of(answer: httpx.Response) -> dict[str, str]:
    morsel = SimpleCookie(answer.headers["Set-Cookie"])[COOKIE]
    return {name: str(value) for name, value in morsel.items() if value} | {"value": morsel.value}


async def test_a_browser_logs_in_acts_and_logs_out(site: Guarded) -> None:
    secret = site.token()
    async with site.client() as http:
        answer = await log_in(http, secret)
        assert answer.json() == {"name": "anna", "role": "operator", "expires": "2026-12-22T20:00:00+00:00"}
        cookie = cookie_of(answer)
        assert {name: cookie[name] for name in ("httponly", "samesite", "path", "max-age")} == {
            "httponly": "True",
            "samesite": "strict",
            "path": "/",
            "max-age": "43200",
        }
        assert "secure" not in cookie
        assert secret not in answer.headers["Set-Cookie"]
        assert (await http.get("/api/session")).json()["name"] == "anna"
        assert (await http.post("/api/act", headers=FETCH)).status_code == 200
        assert (await http.delete("/api/session", headers=FETCH)).status_code == 204
        assert not http.cookies
        replayed = await http.post("/api/act", headers=FETCH | {"Cookie": f"{COOKIE}={cookie['value']}"})
        assert (replayed.status_code, "log" in replayed.json()["detail"]) == (401, True)
    assert [row["action"] for row in site.rows] == ["POST /api/act", "log out", "act", "log in"]


async def test_the_cookie_is_for_tls_only_where_there_is_any(tmp_path: Path) -> None:
    site = Guarded(tmp_path, proxies=("127.0.0.1",))
    secret = site.token()
    async with site.client(address="127.0.0.1") as http:
        assert "secure" in cookie_of(await log_in(http, secret, **{"X-Forwarded-Proto": "https"}))
    async with site.client(address="192.0.2.9") as http:
        assert "secure" not in cookie_of(await log_in(http, secret, **{"X-Forwarded-Proto": "https"}))
        assert "secure" in cookie_of(await log_in(http, secret, Origin="https://channel:8080", Host="channel:8080"))


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({}, "another site"),
        ({"X-Requested-With": "fetch"}, "another site"),
        ({"Sec-Fetch-Site": "same-origin"}, "X-Requested-With"),
        ({"X-Requested-With": "fetch", "Sec-Fetch-Site": "cross-site"}, "another site"),
        ({"X-Requested-With": "fetch", "Sec-Fetch-Site": "same-site"}, "another site"),
        ({"X-Requested-With": "fetch", "Sec-Fetch-Site": "none"}, "another site"),
        ({"X-Requested-With": "fetch", "Origin": "http://evil.example"}, "another site"),
        ({"X-Requested-With": "fetch", "Origin": "http://channel:9090"}, "another site"),
        ({"X-Requested-With": "fetch", "Origin": "null"}, "another site"),
        ({"X-Requested-With": "fetch", "Origin": "http://channel:99999999"}, "another site"),
    ],
)
async def test_another_site_cannot_use_the_cookie(site: Guarded, headers: dict[str, str], said: str) -> None:
    secret = site.token()
    async with site.client() as http:
        await log_in(http, secret)
        answer = await http.post("/api/act", headers=headers)
    assert answer.status_code == 403
    assert said.split()[-1] in answer.json()["detail"]
    assert not site.acts
    assert site.rows[0]["who"] == "anna"


@pytest.mark.parametrize(
    "headers",
    [FETCH, {"X-Requested-With": "fetch", "Origin": "http://channel:8080"}, {**FETCH, "Origin": "http://channel:8080"}],
)
async def test_a_page_of_the_channel_can(site: Guarded, headers: dict[str, str]) -> None:
    secret = site.token()
    async with site.client() as http:
        await log_in(http, secret)
        assert (await http.post("/api/act", headers=headers)).status_code == 200


async def test_a_session_opens_what_its_token_opens_and_no_longer(site: Guarded) -> None:
    viewer, operator = site.token("viewer", "vera"), site.token("operator", "otto", days=None)
    async with site.client() as http:
        await log_in(http, viewer)
        assert (await http.get("/api/see")).status_code == 200
        assert (await http.post("/api/act", headers=FETCH)).status_code == 403
        assert (await http.get("/api/audit")).status_code == 403
    async with site.client() as http:
        await log_in(http, operator)
        revoke(site.file, "otto", site.clock.now())
        assert (await http.get("/api/see")).status_code == 401
    async with site.client() as http:
        await log_in(http, viewer)
        site.clock.seconds += 12 * 3600
        assert (await http.get("/api/see")).status_code == 401


async def test_logging_in_from_elsewhere_or_with_nothing(site: Guarded) -> None:
    secret = site.token()
    async with site.client() as http:
        assert (await log_in(http, secret, Origin="https://evil.example")).status_code == 403
        assert (await log_in(http, "he_wrong")).status_code == 401
        assert (await log_in(http, "")).status_code == 422
        assert (await log_in(http, "x" * 201)).status_code == 422
        assert (await http.post("/api/session", json={"token": secret, "more": 1})).status_code == 422
        assert (await http.post("/api/session", data={"token": secret})).status_code == 415
        assert (
            await http.post("/api/session", content=b"{" * 9, headers={"Content-Type": "application/json"})
        ).status_code == 400
        assert not http.cookies
        found = [(await log_in(http, f"he_{n}")).status_code for n in range(12)]
        assert found[-1] == 429
    assert [row["outcome"] for row in site.rows if "another site" in row["outcome"]]


@pytest.mark.parametrize("cookie", ["x", "x" * 5000, "", '"', "%00", "he_token"])
async def test_cookies_that_are_none(site: Guarded, cookie: str) -> None:
    site.token()
    async with site.client() as http:
        answer = await http.post("/api/act", headers={**FETCH, "Cookie": f"{COOKIE}={cookie}"})
    assert answer.status_code == 401


def test_websockets_of_browsers(site: Guarded) -> None:
    @site.app.websocket("/api/talk")
    async def talk(socket: WebSocket) -> None:
        who = site.guard.let_in(socket)
        await socket.accept()
        await socket.send_text(who.name)
        await socket.close()

    with TestClient(site.app, base_url="http://channel:8080") as client:
        client.post("/api/session", json={"token": site.token()})
        with client.websocket_connect(
            "ws://channel:8080/api/talk", headers={"Origin": "http://channel:8080"}
        ) as socket:
            assert socket.receive_text() == "anna"
        for origin in ("http://evil.example", "null", "http://channel:9090"):
            with (
                pytest.raises(WebSocketDisconnect),
                client.websocket_connect("ws://channel:8080/api/talk", headers={"Origin": origin}),
            ):
                pass


def test_what_a_browser_holds_open_ends_when_it_logs_out(site: Guarded) -> None:
    @site.app.websocket("/api/talk")
    async def talk(socket: WebSocket) -> None:
        site.guard.let_in(socket)
        await socket.accept()
        while True:
            await socket.send_text(await socket.receive_text())

    with TestClient(site.app, base_url="http://channel:8080") as client:
        client.post("/api/session", json={"token": site.token()})
        own = {"Origin": "http://channel:8080"}
        with client.websocket_connect("ws://channel:8080/api/talk", headers=own) as socket:
            socket.send_text("here")
            assert socket.receive_text() == "here"
            assert client.delete("/api/session", headers=FETCH).status_code == 204
            socket.send_text("gone")
            with pytest.raises(WebSocketDisconnect):
                socket.receive_text()


async def test_the_audit_log_is_read_page_by_page(site: Guarded) -> None:
    async with site.client(site.token("admin")) as http:
        for _ in range(5):
            await http.post("/api/act")
        first = (await http.get("/api/audit", params={"limit": 2})).json()
        then = (await http.get("/api/audit", params={"limit": 2, "before": first[-1]["seq"]})).json()
        assert [row["seq"] for row in first + then] == [5, 4, 3, 2]
        for wrong in ({"limit": 0}, {"limit": 1001}, {"before": 0}, {"before": "x"}, {"limit": 10**30}):
            answer = await http.get("/api/audit", params=wrong)
            assert (answer.status_code, type(answer.json()["detail"])) == (422, str)


async def test_an_audit_log_that_cannot_be_read_is_said(site: Guarded, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(limit: int, before: int | None) -> list[dict[str, object]]:
        raise OSError("the journal does not answer")

    from host_engine.control.operators.access import access_routes

    site.app.router.routes.clear()
    site.app.include_router(access_routes(away, site.guard))
    async with site.client(site.token("admin")) as http:
        answer = await http.get("/api/audit")
    assert (answer.status_code, answer.json()["detail"]) == (503, "the journal does not answer")
