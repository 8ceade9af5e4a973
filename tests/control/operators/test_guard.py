"""Who is let in, and with which sentence everybody else is refused; every refusal is kept."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from fastapi import Request, WebSocket
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient
from guarded import Guarded
from starlette.websockets import WebSocketDisconnect

from host_engine.access.making import revoke
from host_engine.access.who import Who
from host_engine.control.operators import guard as guarding

FETCH = {"X-Requested-With": "fetch", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarding, "SLOW", 0)


@pytest.fixture
def site(tmp_path: Path) -> Guarded:
    return Guarded(tmp_path)


async def test_who_has_a_token_is_let_in_by_name(site: Guarded) -> None:
    async with site.client(site.token()) as http:
        answer = await http.post("/api/act")
    assert answer.json() == {"who": "anna", "address": "192.0.2.7"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers
    row = site.rows[0]
    assert (row["who"], row["action"], row["outcome"], row["address"]) == ("anna", "act", "done", "192.0.2.7")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (None, "Authorization: Bearer TOKEN"),
        ("Bearer he_wrong", "opens nothing here"),
        ("Bearer", "opens nothing here"),
        ("Bearer  ", "opens nothing here"),
        ("Basic YW5uYTphbm5h", "opens nothing here"),
        ("ü" * 3, "opens nothing here"),
        ("Bearer " + "x" * 60_000, "opens nothing here"),
        ("Bearer \x00\xff", "opens nothing here"),
    ],
)
async def test_everybody_else_is_refused_and_it_is_kept(site: Guarded, header: str | None, said: str) -> None:
    site.token()
    async with site.client() as http:
        headers = {"Authorization": header.encode("latin-1")} if header else {}
        answer = await http.post("/api/act", headers=headers)
    assert answer.status_code == 401
    assert said in answer.json()["detail"]
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert not site.acts
    row = site.rows[0]
    assert (row["who"], row["action"], row["address"]) == ("", "POST /api/act", "192.0.2.7")
    assert said in row["outcome"]


async def test_where_nobody_has_a_token_it_is_said_how_to_make_one(site: Guarded) -> None:
    async with site.client() as http:
        assert "host-engine token make" in (await http.post("/api/act")).json()["detail"]
    async with site.client("he_guess") as http:
        assert "host-engine token make" in (await http.post("/api/act")).json()["detail"]


async def test_expired_and_revoked_tokens_are_told_so(site: Guarded) -> None:
    short, gone = site.token(name="anna", days=1), site.token(name="ben")
    revoke(site.file, "ben", site.clock.now())
    async with site.client(gone) as http:
        answer = await http.post("/api/act")
        assert (answer.status_code, answer.json()["detail"]) == (401, "The token 'ben' was revoked.")
    site.clock.seconds = 86_400
    async with site.client(short) as http:
        answer = await http.post("/api/act")
        assert (answer.status_code, answer.json()["detail"]) == (401, "The token 'anna' has expired.")
    assert [row["who"] for row in site.rows] == ["anna", "ben"]


async def test_revoking_works_at_once(site: Guarded) -> None:
    async with site.client(site.token()) as http:
        assert (await http.post("/api/act")).status_code == 200
        revoke(site.file, "anna", site.clock.now())
        assert (await http.post("/api/act")).status_code == 401
    assert not site.guard.still(Who("anna", "operator"))


@pytest.mark.parametrize(
    ("role", "see", "act", "audit"), [("viewer", 200, 403, 403), ("operator", 200, 200, 403), ("admin", 200, 200, 200)]
)
async def test_roles(site: Guarded, role: str, see: int, act: int, audit: int) -> None:
    async with site.client(site.token(role)) as http:  # type: ignore[arg-type]
        found = [(await http.get("/api/see")), (await http.post("/api/act")), (await http.get("/api/audit"))]
    assert [each.status_code for each in found] == [see, act, audit]
    if act == 403:
        assert "needs the role operator" in found[1].json()["detail"]
        assert site.rows[-1]["who"] == "anna"


@pytest.mark.parametrize("name", ["token", "access_token", "Token", "api_key"])
async def test_a_token_in_the_address_is_refused_even_where_it_is_good(site: Guarded, name: str) -> None:
    secret = site.token()
    async with site.client() as http:
        answer = await http.post("/api/act", params={name: secret})
    assert answer.status_code == 401
    assert "revoke this one" in answer.json()["detail"]
    assert secret not in str(site.rows)
    async with site.client(secret) as http:
        assert (await http.post("/api/act", params={name: secret})).status_code == 401


async def test_wrong_tokens_are_slowed_down_and_good_ones_are_not(site: Guarded) -> None:
    good = site.token()
    async with site.client("he_wrong") as http, site.client(good) as operator:
        found = [await http.post("/api/act") for _ in range(15)]
        assert [each.status_code for each in found] == [401] * 10 + [429] * 5
        assert int(found[-1].headers["Retry-After"]) >= 1
        assert "Too many wrong tokens" in found[-1].json()["detail"]
        assert (await operator.post("/api/act")).status_code == 200
        site.clock.seconds += 60
        assert (await http.post("/api/act")).status_code == 401
    async with site.client("he_wrong", address="192.0.2.8") as http:
        assert (await http.post("/api/act")).status_code == 401


async def test_a_flood_of_refusals_is_summed_up(site: Guarded) -> None:
    site.token()
    async with site.client() as http:
        for _ in range(300):
            assert (await http.post("/api/act")).status_code == 401
    assert len(site.rows) == 20
    site.guard.refusals.sum_up()
    assert site.rows[0]["facts"]["times"] == 280


async def test_each_token_has_its_pace(tmp_path: Path) -> None:
    site = Guarded(tmp_path, requests=5)
    anna, ben = site.token(), site.token(name="ben")
    async with site.client(anna) as http, site.client(ben) as other:
        found = [(await http.post("/api/act")).status_code for _ in range(12)]
        assert found == [200] * 10 + [429] * 2
        assert (await other.post("/api/act")).status_code == 200
        site.clock.seconds += 1
        assert (await http.post("/api/act")).status_code == 200


async def test_behind_a_proxy_the_address_is_that_of_the_caller(tmp_path: Path) -> None:
    site = Guarded(tmp_path, proxies=("10.0.0.0/8",))
    secret = site.token()
    headers = {"X-Forwarded-For": "203.0.113.9"}
    async with site.client(secret, address="10.0.0.1") as http:
        assert (await http.post("/api/act", headers=headers)).json()["address"] == "203.0.113.9"
    async with site.client(secret, address="192.0.2.1") as http:
        assert (await http.post("/api/act", headers=headers)).json()["address"] == "192.0.2.1"


def test_websockets_are_let_in_as_requests_are(site: Guarded) -> None:
    @site.app.websocket("/api/talk")
    async def talk(socket: WebSocket) -> None:
        who = site.guard.let_in(socket)
        await socket.accept()
        await socket.send_text(who.name)
        while True:
            await socket.send_text(await socket.receive_text())

    secret = site.token()
    client = TestClient(site.app)
    with client.websocket_connect("/api/talk", headers={"Authorization": f"Bearer {secret}"}) as socket:
        assert socket.receive_text() == "anna"
        socket.send_text("still here")
        assert socket.receive_text() == "still here"
        revoke(site.file, "anna", site.clock.now())
        socket.send_text("and now?")
        with pytest.raises(WebSocketDisconnect):
            socket.receive_text()
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/api/talk"):
        pass


async def test_an_event_stream_ends_when_its_token_is_revoked(site: Guarded) -> None:
    @site.app.get("/api/stream")
    async def stream(request: Request) -> StreamingResponse:
        site.guard.let_in(request)

        async def told():  # type: ignore[no-untyped-def]
            for n in range(1000):
                if n == 3:
                    revoke(site.file, "anna", site.clock.now())
                yield f"data: {n}\n\n"
                await asyncio.sleep(0)

        return StreamingResponse(told(), media_type="text/event-stream")

    async with site.client(site.token()) as http:
        answer = await http.get("/api/stream")
    assert answer.text == "data: 0\n\ndata: 1\n\ndata: 2\n\n"


async def test_pages_of_other_sites_can_ask_nothing(site: Guarded) -> None:
    async with site.client() as http:
        preflight = await http.options(
            "/api/act", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
        )
    assert preflight.status_code == 405
    assert not {name for name in preflight.headers if name.startswith("access-control")}
