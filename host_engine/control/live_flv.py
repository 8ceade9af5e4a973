"""The programme at /live.flv, for OBS and players: on this machine only, unless the channel file says otherwise."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Literal, Protocol

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.types import Receive, Scope, Send

log = logging.getLogger(__name__)

Whom = Literal["nobody", "this machine", "anybody"]
STALL = 10.0  # seconds in which whoever fetches it takes nothing: then it is over
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")  # behind a proxy nobody is on this machine


class Fetched(Protocol):
    """The stream, for as many as may fetch it at once."""

    @property
    def full(self) -> bool: ...
    def stream(self) -> AsyncIterator[bytes]: ...


def live_flv(fetched: Fetched, whom: Whom) -> APIRouter:
    """The route. whom: who may fetch it."""
    router = APIRouter()

    @router.get("/live.flv", include_in_schema=False)
    async def live(request: Request) -> Response:
        if whom == "nobody":
            raise HTTPException(404, "This channel is not to be had as FLV: its file says `http: {flv: nobody}`.")
        if whom == "this machine" and not _near(request):
            raise HTTPException(403, "Only this machine may fetch it; `http: {flv: anybody}` in the file changes that.")
        if fetched.full:
            raise HTTPException(503, "As many as may fetch it do so already.", headers={"Retry-After": "5"})
        return _Endless(fetched)

    return router


def _near(request: Request) -> bool:
    try:
        here = request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        here = False
    return here and not any(name in request.headers for name in FORWARDED)


class _Endless(Response):
    """A body without an end, given up when whoever fetches it is gone or takes nothing more."""

    def __init__(self, fetched: Fetched) -> None:
        super().__init__(media_type="video/x-flv", headers={"Cache-Control": "no-store", "Connection": "close"})
        del self.headers["content-length"]
        self._fetched = fetched

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        jobs = [asyncio.ensure_future(self._gone(receive)), asyncio.ensure_future(self._send(send))]
        try:
            done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
            done.pop().result()
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)

    async def _gone(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    async def _send(self, send: Send) -> None:
        async with aclosing(self._fetched.stream()) as pieces:  # type: ignore[type-var]
            async for piece in pieces:
                try:
                    async with asyncio.timeout(STALL):
                        await send({"type": "http.response.body", "body": piece, "more_body": True})
                except TimeoutError:
                    log.info("somebody who fetches /live.flv has taken nothing for %g s", STALL)
                    return
