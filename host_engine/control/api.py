"""The HTTP side of a channel: the viewer's page and WHEP for shoppers; health, status and figures for machines."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from host_engine.control.asking import asking
from host_engine.control.body import read_text
from host_engine.control.chatting import chatting
from host_engine.control.documentation import documenting, version
from host_engine.control.doors import Doors, PerAddress
from host_engine.control.now import PICTURES, Now, Pictures, describe, tag
from host_engine.control.operators.guard import Guard
from host_engine.control.products import Shelf, shelves
from host_engine.control.reception import Reception
from host_engine.control.sentences import speak
from host_engine.control.speaking import speaking
from host_engine.control.tracing import tracing

PAGES = Path(__file__).parent / "pages"
SDP = "application/sdp"
TRICKLE = "application/trickle-ice-sdpfrag"
ABOUT = (
    "A live shopping channel: what viewers watch and ask, what machines read, what operators do. Whatever goes wrong "
    "is told as a sentence in problem+json. Routes of operators need a token of `host-engine token make`."
)


class Viewers(Protocol):
    """Who lets viewers in. A ValueError says why not, and its `status`, if it has one, is the HTTP status to answer."""

    async def offer(self, sdp: str) -> tuple[str, str]: ...
    async def trickle(self, name: str, fragment: str) -> None: ...
    async def leave(self, name: str) -> None: ...


def make_app(
    status: Callable[[], Mapping[str, Any]],
    healthy: Callable[[], bool],
    metrics: Callable[[], Iterable[bytes]],
    whep: Viewers,
    now: Callable[[], Now],
    *,
    origin: str = "*",
    framed_by: str = "'self'",
    trace: Callable[[float], Iterator[bytes]] = lambda seconds: iter(()),
    reception: Reception | None = None,
    shelf: Shelf | None = None,
    doors: Doors | None = None,
    guard: Guard | None = None,
) -> FastAPI:
    """The app of one channel. All callables are asked on the event loop and must answer at once.

    origin: whose pages may play the channel (Access-Control-Allow-Origin); "" for those of this server only.
    framed_by: whose pages may show the viewer's page in a frame, as in the CSP's frame-ancestors.
    metrics: counts when it is asked; its pieces are put into words on another thread.
    trace: the last so many seconds as a file for Perfetto; its pieces are made on another thread.
    reception: where questions are taken; None where none are. shelf: the products of the page's tray.
    doors: what may come from one address; None sets no limits.
    guard: who else may have a trace than this machine.
    """
    app = FastAPI(title="host-engine", description=ABOUT, version=version(), openapi_url=None)
    app.state.cors, app.state.reception = _cors(origin), reception
    app.include_router(_viewing(whep, origin))
    app.include_router(_showing(now, origin, reception, shelf.pictures if shelf else Pictures()))
    app.include_router(shelves(shelf))
    app.include_router(asking(reception))
    app.include_router(speaking(reception))
    app.include_router(chatting(reception, origin))
    app.include_router(_operating(status, healthy, metrics))
    app.include_router(tracing(trace, guard))
    app.include_router(documenting())
    app.router.redirect_slashes = False  # a redirect would repeat whatever host the request names
    app.mount("/static", StaticFiles(directory=PAGES), name="static")
    speak(app)
    app.add_middleware(SafeHeaders, framed_by=framed_by)
    if doors:
        app.add_middleware(PerAddress, doors=doors)
    return app


def _viewing(whep: Viewers, origin: str) -> APIRouter:
    """WHEP: watch by POST, trickle by PATCH, leave by DELETE."""
    router = APIRouter(tags=["watch"])
    cors = _cors(origin)

    @router.options("/whep", include_in_schema=False)
    @router.options("/whep/{name}", include_in_schema=False)
    async def preflight() -> Response:
        allowed = {
            "Access-Control-Allow-Methods": "POST, PATCH, DELETE, OPTIONS",
            "Access-Control-Allow-Headers": "Content-Type, If-Match, Authorization",
            "Access-Control-Max-Age": "86400",
        }
        return Response(status_code=204, headers={"Accept-Post": SDP} | cors | (allowed if cors else {}))

    @router.post("/whep", status_code=201, openapi_extra=_takes(SDP))
    async def watch(request: Request) -> Response:
        """Offer to receive H.264 and Opus. Answers 201 with the SDP answer and the session's address in Location."""
        sdp = await read_text(request, SDP)
        try:
            name, answer = await whep.offer(sdp)
        except ValueError as error:
            raise _refusal(error) from error
        session = {"Location": f"/whep/{name}", "ETag": tag(name), "Accept-Patch": TRICKLE}
        return Response(answer, 201, media_type=SDP, headers=session | cors)

    @router.patch("/whep/{name}", status_code=204, openapi_extra=_takes(TRICKLE))
    async def trickle(name: str, request: Request) -> Response:
        """Add ICE candidates to a session (RFC 8840)."""
        fragment = await read_text(request, TRICKLE)
        if request.headers.get("If-Match", "*") not in ("*", tag(name)):
            raise HTTPException(412, "If-Match names another ICE session than the present one.")
        try:
            await whep.trickle(name, fragment)
        except KeyError as error:
            raise _unknown() from error
        except ValueError as error:
            raise _refusal(error) from error
        return Response(status_code=204, headers={"ETag": tag(name)} | cors)

    @router.delete("/whep/{name}")
    async def leave(name: str) -> Response:
        """Stop watching."""
        try:
            await whep.leave(name)
        except KeyError as error:
            raise _unknown() from error
        return Response(status_code=200, headers=cors)

    return router


def _showing(now: Callable[[], Now], origin: str, reception: Reception | None, pictures: Pictures) -> APIRouter:
    """The viewer's page, and what it is told."""
    router = APIRouter(tags=["watch"])
    cors = _cors(origin)
    asks = {"chat": bool(reception and reception.chat), "microphone": bool(reception and reception.microphones)}

    @router.get("/", include_in_schema=False)
    async def page() -> Response:
        return FileResponse(PAGES / "index.html", headers={"Cache-Control": "no-cache"})

    @router.get("/obs", include_in_schema=False)
    async def browser_source() -> Response:
        """Picture and sound alone."""
        return FileResponse(PAGES / "obs.html", headers={"Cache-Control": "no-cache"})

    @router.get("/api/now")
    async def on_air(request: Request) -> Response:
        """The shop, and the product that is on air. Made to be asked every second: 304 while nothing changes."""
        body = json.dumps(describe(now(), pictures) | asks, ensure_ascii=False).encode()
        headers = {"ETag": tag(body), "Cache-Control": "no-cache"} | cors
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/json", headers=headers)

    @router.get("/pictures/{name}")
    async def picture(name: str) -> Response:
        """The picture of a product that was on air."""
        file = pictures.file(name)
        if file is None or not file.is_file():
            raise HTTPException(404, "There is no such picture.")
        headers = {"Cache-Control": "public, max-age=86400, immutable"} | cors
        return FileResponse(file, media_type=PICTURES[file.suffix.lower()], headers=headers)

    return router


def _operating(
    status: Callable[[], Mapping[str, Any]], healthy: Callable[[], bool], metrics: Callable[[], Iterable[bytes]]
) -> APIRouter:
    """What monitors and operators ask."""
    router = APIRouter(tags=["operate"])

    @router.get("/healthz")
    async def health() -> Response:
        """200 while frames leave, 503 else."""
        if not healthy():
            raise HTTPException(503, "No frames are leaving.")
        return Response('{"status": "on air"}', media_type="application/json")

    @router.get("/status")
    async def state() -> Response:
        """What is on air, the clock, the voice and every output."""
        body = json.dumps(status(), ensure_ascii=False, default=str)
        return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})

    @router.get("/metrics")
    async def figures() -> Response:
        """Figures for Prometheus."""
        return Response(await asyncio.to_thread(b"".join, metrics()), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return router


class SafeHeaders:
    """Gives every answer the headers that keep a page from being abused; answers HEAD as GET without the body."""

    def __init__(self, app: ASGIApp, framed_by: str) -> None:
        self._app = app
        policy = (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
            f"media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors {framed_by}"
        )
        self._headers = {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "Permissions-Policy": "camera=(), microphone=(self), geolocation=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = scope.get("method") == "HEAD"

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)  # a page that needs another policy brings its own
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            elif head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"} if head else scope, receive, send_safely)


def _refusal(error: ValueError) -> HTTPException:
    status = getattr(error, "status", 400)
    return HTTPException(status, str(error), headers={"Retry-After": "5"} if status == 503 else None)


def _unknown() -> HTTPException:
    return HTTPException(404, "There is no such session; it may have ended.")


def _cors(origin: str) -> dict[str, str]:
    exposed = "Location, ETag, Accept-Patch, Link, Retry-After"
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": exposed} if origin else {}


def _takes(media_type: str) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {media_type: {"schema": {"type": "string"}}}}}
