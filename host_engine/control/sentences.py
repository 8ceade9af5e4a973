"""Whatever goes wrong in a request, told as one sentence in problem+json (RFC 9457)."""

from __future__ import annotations

import asyncio
import json

from fastapi import FastAPI, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import HTTPConnection

ASKING = ("/api/questions", "/api/ask", "/api/microphone")
REASONS = {
    400: "malformed",
    404: "gone",
    408: "slow",
    413: "too-long",
    415: "wrong-kind",
    422: "wrong-fields",
    429: "rate",
    503: "busy",
}
OURS = "Something went wrong on our side; it is in the log."
SENTENCE = {  # in /openapi.json
    "type": "object",
    "properties": {"type": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"}},
    "required": ["status", "detail"],
}
WHERE = {"query": "in the address", "path": "in the path", "header": "in a header"}


def speak(app: FastAPI) -> None:
    """Have the app say what goes wrong. `app.state` has `cors`, the headers for WHEP, and `reception`."""
    app.add_exception_handler(StarletteHTTPException, _say)
    app.add_exception_handler(RequestValidationError, _say_wrong)
    app.add_exception_handler(Exception, _say)


async def _say(connection: HTTPConnection, error: Exception) -> Response:
    """Any error; one that has an attribute `slow` is told after so many seconds."""
    status, headers, detail = 500, {}, OURS
    path, method = connection.url.path, connection.scope.get("method", "A WebSocket")
    if isinstance(error, StarletteHTTPException):
        status, headers = error.status_code, dict(error.headers or {})
        detail = {404: f"There is nothing at {path}.", 405: f"{method} is not possible here."}.get(
            status if error.detail in ("Not Found", "Method Not Allowed") else 0, error.detail
        )
    if path.startswith("/whep"):
        headers |= connection.app.state.cors
    told = {"type": "about:blank", "status": status, "detail": detail}
    if connection.app.state.reception and path.startswith(ASKING):
        told["reason"] = getattr(error, "reason", REASONS.get(status, "refused"))
        connection.app.state.reception.refused[told["reason"]] += 1
    if wait := getattr(error, "slow", 0):
        await asyncio.sleep(wait)
    body = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
    return Response(body, status, media_type="application/problem+json", headers=headers)


async def _say_wrong(connection: HTTPConnection, error: Exception) -> Response:
    """A field of the address or the path that is none; what was sent is not repeated."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place, *names = first["loc"]
    said = f"'{'.'.join(map(str, names))[:40]}' {WHERE.get(str(place), 'in the body')}: {first['msg']}."
    return await _say(connection, StarletteHTTPException(422, said))
