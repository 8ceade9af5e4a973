"""What an operator orders on the console, given to the API of the channel: the same road as any other client's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from fastapi import Request
from starlette.types import ASGIApp, Message

from host_engine.console.booth import across

PATIENCE = 60.0  # seconds: a swap waits for the end of a segment, which may take its time; the page is told so


PASSED_ON = (b"cookie", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host")


class Answered(NamedTuple):
    """What the API said to an order."""

    status: int
    body: Any = None

    @property
    def done(self) -> bool:
        return self.status < 400

    @property
    def sentence(self) -> str:
        """Why it was refused."""
        if isinstance(self.body, Mapping):
            return str(self.body.get("detail") or self.body)
        return str(self.body or f"The channel answered {self.status}.")


class Orders:
    """Whoever is signed in orders with their own session: the API asks for roles, counts and keeps the audit."""

    def __init__(self, app: ASGIApp, air: asyncio.AbstractEventLoop, request: Request) -> None:
        """`app`: the API, on the loop `air` of the tick. `request`: the one that the page was fetched with."""
        self._app, self._air, self._request = app, air, request

    async def order(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answered:
        """What the API answers. Called on the loop of the console; raises nothing for what the API refuses."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await across(self._asked(method, path, body), self._air)
        except TimeoutError:
            return Answered(504, {"detail": "There is no answer yet; look at the list below for what became of it."})

    async def _asked(self, method: str, path: str, body: Mapping[str, Any] | None) -> Answered:
        sent = b"" if body is None else json.dumps(body).encode()
        answer = bytearray()
        status = 500
        given = False

        async def receive() -> Message:
            nonlocal given
            if given:
                await asyncio.Event().wait()  # the client stays until it has its answer
            given = True
            return {"type": "http.request", "body": sent, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                answer.extend(message.get("body", b""))

        await self._app(self._scope(method, path, sent, body is not None), receive, send)
        return Answered(status, _read(bytes(answer)))

    def _scope(self, method: str, path: str, sent: bytes, has_body: bool) -> dict[str, Any]:
        shown = self._request.scope
        bare, _, query = path.partition("?")
        host = self._request.headers.get("host", "")
        headers = [
            (b"host", host.encode("latin-1")),
            (b"origin", f"{shown.get('scheme', 'http')}://{host}".encode("latin-1")),
            (b"x-requested-with", b"console"),
            *(each for each in shown["headers"] if each[0] in PASSED_ON),
            (b"content-length", str(len(sent)).encode()),
            *([(b"content-type", b"application/json")] if has_body else []),
        ]
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": shown.get("scheme", "http"),
            "path": unquote(bare),
            "raw_path": bare.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": headers,
            "client": shown.get("client"),
            "server": shown.get("server"),
        }


def part(text: object) -> str:
    """A value as one part of a path."""
    return quote(str(text), safe="")


def _read(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return body.decode("utf-8", "replace")[:500]
