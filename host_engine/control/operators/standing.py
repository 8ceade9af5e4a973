"""Streams that stay open for hours end when the token that opened them is revoked or expires, or at a log-out."""

from __future__ import annotations

from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

GONE = 1008  # close code of a WebSocket: policy violation
REVOKED = "The token that opened this was revoked or has expired, or the browser was logged out."
CLOSED: Message = {"type": "websocket.close", "code": GONE, "reason": REVOKED}


class Revoked(OSError):
    """What a stream gets when it wants to tell somebody who is not let in any more, as if they had gone away."""


class Standing:
    """Looks at the token again with each thing that an event stream or a WebSocket tells, and with each it is told."""

    def __init__(self, app: ASGIApp, admits: Callable[[Scope], bool]) -> None:
        """admits: whether a request would be let in now."""
        self._app, self._admits = app, admits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            return await self._app(scope, receive, send)
        ended = False

        async def send_while_good(message: Message) -> None:
            nonlocal ended
            if message["type"] == "websocket.close" or self._admits(scope):
                return await send(message)
            if not ended:
                ended = True
                await self._end(scope, message, send)
            raise Revoked(REVOKED)

        async def receive_while_good() -> Message:
            nonlocal ended
            message = await receive()
            if message["type"] != "websocket.receive" or self._admits(scope):
                return message
            ended = True
            await send(CLOSED)
            return {"type": "websocket.disconnect", "code": GONE}

        try:
            await self._app(scope, receive_while_good, send_while_good)
        except Exception:  # whatever the app makes of Revoked
            if not ended:
                raise

    async def _end(self, scope: Scope, message: Message, send: Send) -> None:
        if scope["type"] == "websocket":
            await send(CLOSED)
        elif message["type"] == "http.response.start":
            await send({**message, "status": 401, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        else:
            await send({"type": "http.response.body", "body": b""})
