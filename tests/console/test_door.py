"""Without a session nothing of the console is loaded; a page runs only the scripts that are ours."""

import re
from contextlib import asynccontextmanager

import pytest
from fastapi import FastAPI, HTTPException
from starlette.responses import HTMLResponse
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from host_engine.access.who import Who
from host_engine.console.booth import Booth
from host_engine.console.door import Door, mark

PAGE = '<html><script>1</script><style>a{}</style><script src="/x.js"></script>&lt;script</html>'


class Scripted:
    """A guard that knows one cookie."""

    audit = staticmethod(lambda *told, **facts: None)

    def let_in(self, connection, role="operator"):
        if connection.cookies.get("session") != "anna":
            raise HTTPException(401, "Please show your token.")
        return Who("anna")


class OpenBooth(Booth):
    """One that answers on this loop."""

    def open(self) -> None:
        self.state = self.wanted
        self.opened = True

    wanted = "open"
    opened = False

    async def __call__(self, scope, receive, send) -> None:
        assert scope["console.who"] == Who("anna")
        await HTMLResponse(PAGE)(scope, receive, send)


@asynccontextmanager
async def nothing():
    yield None


@pytest.fixture
def booth() -> OpenBooth:
    return OpenBooth(nothing)


@pytest.fixture
def client(booth) -> TestClient:
    app = FastAPI()
    app.mount("/console", Door(booth, Scripted))
    return TestClient(app)


def test_who_has_no_session_is_shown_where_to_sign_in_and_opens_nothing(client, booth):
    answer = client.get("/console/")
    assert answer.status_code == 200
    assert "Your token" in answer.text
    assert client.get("/console/_nicegui/x.js").status_code == 401
    assert client.get("/console/other").text == "Please show your token."
    assert not booth.opened
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/console/_nicegui_ws/socket.io/"):
        pass


def test_the_page_carries_a_nonce_that_its_policy_names(client):
    client.cookies.set("session", "anna")
    answer = client.get("/console/")
    policy = answer.headers["content-security-policy"]
    nonce = re.search(r"script-src 'self' 'nonce-([\w-]+)'", policy)[1]
    assert answer.text.count(f'nonce="{nonce}"') == 3
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "&lt;script</html>" in answer.text
    assert client.get("/console/").headers["content-security-policy"] != policy
    assert "camera=(self)" in answer.headers["permissions-policy"]


def test_while_it_opens_and_where_it_cannot_a_page_says_so(client, booth):
    client.cookies.set("session", "anna")
    booth.wanted = "opening"
    assert "being opened" in client.get("/console/").text
    booth.wanted = "failed"
    answer = client.get("/console/")
    assert answer.status_code == 503
    assert "data-state=failed" in answer.text


def test_assets_are_served_and_nothing_beside_them(client):
    assert "javascript" in client.get("/console/assets/board.js").headers["content-type"]
    assert client.get("/console/assets/../door.py").status_code in (401, 404)
    assert client.get("/console/assets/%2e%2e/door.py").status_code in (401, 404)


def test_only_tags_are_marked():
    assert mark(b"<script>a<style>", "n") == b'<script nonce="n">a<style nonce="n">'
