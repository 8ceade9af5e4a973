"""The last seconds of the channel as a trace, over HTTP: given to this machine, and to operators."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response, Security
from fastapi.responses import StreamingResponse

from host_engine.control.operators.documented import COOKIE, REFUSALS, TOKEN
from host_engine.control.operators.guard import Guard

PASSED_ON = {"x-forwarded-for", "x-real-ip", "forwarded", "via"}
ELSEWHERE = "Traces are given to this machine only; use host-engine trace there."
FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "A file of trace events.", "content": {"application/json": {}}}
}


def tracing(trace: Callable[[float], Iterator[bytes]], guard: Guard | None = None) -> APIRouter:
    """`trace(seconds)` gives the file piece by piece; the pieces are made on threads beside the event loop."""
    router = APIRouter(tags=["operate"], responses=REFUSALS | FILE, dependencies=[Security(TOKEN), Security(COOKIE)])

    @router.get("/api/trace", response_class=Response)
    async def last_seconds(request: Request, seconds: Annotated[float, Query(gt=0, le=60)] = 10) -> Response:
        """Where the time of the last seconds went: a file that opens in https://ui.perfetto.dev.

        For operators; on this machine without a token.
        """
        shown = "authorization" in request.headers
        if guard is not None and (shown or not _from_here(request)):
            guard.let_in(request)
        elif not _from_here(request):
            raise HTTPException(403, ELSEWHERE)
        headers = {"Content-Disposition": 'attachment; filename="trace.json"', "Cache-Control": "no-store"}
        return StreamingResponse(trace(seconds), media_type="application/json", headers=headers)

    return router


def _from_here(request: Request) -> bool:
    """The request was made on this machine, no proxy passed it on, and no page of a site that has taken on a name for
    this machine made it (DNS rebinding)."""
    try:
        here = request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
    return here and not PASSED_ON & set(request.headers) and _is_ours(request.url.hostname or "")


def _is_ours(host: str) -> bool:
    if host in ("localhost", socket.gethostname()):
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
