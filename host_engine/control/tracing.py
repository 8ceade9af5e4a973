"""The last seconds of the channel as a trace, over HTTP: given to this machine only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from ipaddress import ip_address
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from fastapi.responses import StreamingResponse

PASSED_ON = {"x-forwarded-for", "x-real-ip", "forwarded", "via"}


def tracing(trace: Callable[[float], Iterator[bytes]]) -> APIRouter:
    """`trace(seconds)` gives the file piece by piece; the pieces are made on threads beside the event loop."""
    router = APIRouter(tags=["operate"])

    @router.get("/api/trace", response_class=Response)
    async def last_seconds(request: Request, seconds: Annotated[float, Query(gt=0, le=60)] = 10) -> Response:
        """Where the time of the last seconds went: a file that opens in https://ui.perfetto.dev."""
        if not _from_here(request):
            raise HTTPException(403, "Traces are given to this machine only; use host-engine trace there.")
        headers = {"Content-Disposition": 'attachment; filename="trace.json"', "Cache-Control": "no-store"}
        return StreamingResponse(trace(seconds), media_type="application/json", headers=headers)

    return router


def _from_here(request: Request) -> bool:
    """The request was made on this machine, and no proxy passed it on."""
    try:
        here = request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
    return here and not PASSED_ON & set(request.headers)
