"""The door of the console: who has no session signs in, who has one goes through to what is behind."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from fastapi import HTTPException, Request
from starlette.datastructures import MutableHeaders
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from host_engine.access.who import Who
from host_engine.console.booth import Booth
from host_engine.control.operators.guard import Guard

ASSETS = Path(__file__).parent / "assets"
LIBRARY = "/_nicegui/"  # NiceGUI's own files, which hold nothing of the channel
NOT_SIGNED_IN = 4401  # code of a WebSocket that is not let in


class Door:
    """Mounted at /console. Without a session nothing of the console is loaded, shown or told."""

    def __init__(self, booth: Booth, guard: Callable[[], Guard]) -> None:
        self._booth, self._guard = booth, guard
        self._assets = StaticFiles(directory=ASSETS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        root = scope.get("root_path", "")
        path = scope["path"].removeprefix(root) or "/"
        if scope["type"] == "websocket":
            return await self._socket(scope, receive, send)
        if path.startswith("/assets/"):
            inner = {**scope, "path": path.removeprefix("/assets"), "root_path": ""}
            return await self._assets(inner, receive, safely(send, None))
        if path == "/favicon.ico":
            return await RedirectResponse("/static/icon.svg")(scope, receive, send)
        if path.startswith(LIBRARY) and self._booth.state == "open":
            return await self._booth(scope, receive, safely(send, None))
        who = self._who(Request(scope, receive))
        if isinstance(who, HTTPException):
            return await self._refused(path, who)(scope, receive, safely(send, None))
        self._booth.open()
        if self._booth.state != "open":
            return await self._not_yet()(scope, receive, safely(send, None))
        scope = {**scope, "console.who": who}
        return await _Nonced(self._booth)(scope, receive, send)

    def _who(self, connection: Request | WebSocket) -> Who | HTTPException:
        try:
            return self._guard().let_in(connection, "viewer")
        except HTTPException as refusal:
            return refusal

    def _refused(self, path: str, refusal: HTTPException) -> Response:
        """The page to sign in at; what is no page is refused with the sentence of the guard."""
        if path == "/" and refusal.status_code in (401, 403):
            return FileResponse(ASSETS / "login.html", headers={"Cache-Control": "no-store"})
        return Response(str(refusal.detail), refusal.status_code, media_type="text/plain")

    def _not_yet(self) -> Response:
        page = (ASSETS / "opening.html").read_text()
        failed = self._booth.state == "failed"
        page = page.replace("data-state=opening", "data-state=failed") if failed else page
        return HTMLResponse(page, 503 if failed else 200, headers={"Cache-Control": "no-store"})

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        who = self._who(WebSocket(scope, receive, send))
        if isinstance(who, HTTPException) or self._booth.state != "open":
            return await send({"type": "websocket.close", "code": NOT_SIGNED_IN})
        return await self._booth({**scope, "console.who": who}, receive, send)


def safely(send: Send, nonce: str | None) -> Send:
    """Gives an answer the headers that keep the page from being abused."""
    inline = f" 'nonce-{nonce}'" if nonce else ""
    policy = (
        f"default-src 'none'; script-src 'self'{inline}; style-src 'self'{inline}; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["Content-Security-Policy"] = policy
            headers["Permissions-Policy"] = "camera=(self), microphone=(self), geolocation=()"
            headers["Referrer-Policy"] = "no-referrer"
        await send(message)

    return sending


class _Nonced:
    """Marks each script and style inside a page as ours, so that the policy need not allow any other."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        nonce = secrets.token_urlsafe(16)
        send_safely = safely(send, nonce)
        start: Message | None = None
        body = bytearray()

        async def sending(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                if not MutableHeaders(scope=message).get("content-type", "").startswith("text/html"):
                    return await send_safely(message)
                start = message
                return None
            if start is None:
                return await send_safely(message)
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return None
            whole = mark(bytes(body), nonce)
            MutableHeaders(scope=start)["content-length"] = str(len(whole))
            await send_safely(start)
            return await send_safely({"type": "http.response.body", "body": whole})

        await self._app(scope, receive, sending)


def mark(page: bytes, nonce: str) -> bytes:
    """The page with the nonce at its scripts and styles. NiceGUI writes every < of what it was given as &lt;.

    A style as an attribute, of which it has one, cannot be marked; console.css says the same.
    """
    page = page.replace(b' style="display: none"', b"")
    for tag in (b"<script", b"<style"):
        page = page.replace(tag, tag + f' nonce="{nonce}"'.encode())
    return page
