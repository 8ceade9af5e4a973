"""What happens on air, told as it happens: server-sent events (the WHATWG's EventSource) and a WebSocket."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response, WebSocket
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from host_engine.control.operators.guard import Guard
from host_engine.direction.happening import WHAT, Happening
from host_engine.direction.happenings import Happenings

MOST, EACH = 100, 50  # listeners at once; of one token
HEARTBEAT = 15.0  # seconds without anything else
GOODBYE = 0.3  # seconds
STUCK = 20.0  # seconds that one piece may take to be sent
AGAIN = 2000  # ms after which a browser that lost the stream asks again
STREAM = "text/event-stream"

Filter = Annotated[
    str | None, Query(max_length=300, description=f"Only these, with commas between: {', '.join(WHAT)}.")
]
Since = Annotated[int | None, Query(ge=0, lt=2**53, description="What came after the happening of this id, first.")]
EXAMPLE = (
    "id: 7\nevent: line/start\n"
    'data: {"id": 7, "n": 1500, "at": 1763841600.0, "what": "line/start", "data": {"line": "a/1"}}\n\n'
)


class Streams:
    """Those who listen at the moment: no more than so many, and all of them ended at once when the channel ends."""

    def __init__(self, happenings: Happenings, most: int = MOST, each: int = EACH) -> None:
        """`each`: of one token."""
        self._happenings, self._most, self._each = happenings, most, each
        self._open: Counter[str] = Counter()
        self._over = asyncio.Event()

    async def run(self) -> None:
        """Keep them open until cancelled."""
        try:
            await asyncio.Event().wait()
        finally:
            self._over.set()

    @contextlib.contextmanager
    def place(self, name: str) -> Iterator[None]:
        """A place for one listener. Raises HTTPException (503, 429) where there is none."""
        if self._over.is_set():
            raise HTTPException(503, "The channel is going off air.", {"Retry-After": "10"})
        if self._open.total() >= self._most:
            raise HTTPException(503, f"{self._most} listen already; please try again later.", {"Retry-After": "30"})
        if self._open[name] >= self._each:
            raise HTTPException(
                429, f"This token listens {self._each} times already; close one of those.", {"Retry-After": "30"}
            )
        self._open[name] += 1
        try:
            yield
        finally:
            self._open[name] -= 1
            self._open += Counter()

    async def ended(self) -> None:
        """Until the channel has ended, and each had the time to say goodbye."""
        await self._over.wait()
        await asyncio.sleep(GOODBYE)

    async def told(self, only: frozenset[str], since: int | None) -> AsyncGenerator[Happening | None, None]:
        """What happens, of these kinds; None where nothing has for a while. Ends when the channel does."""
        listening = self._happenings.listen(since)
        over: asyncio.Future[Any] = asyncio.ensure_future(self._over.wait())
        coming: asyncio.Future[Any] | None = None
        try:
            while True:
                coming = coming or asyncio.ensure_future(anext(listening))
                done, _ = await asyncio.wait({coming, over}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
                if over in done:
                    return
                if coming not in done:
                    yield None
                    continue
                happening, coming = coming.result(), None
                if not only or happening.what in only:
                    yield happening
        finally:
            for each in (over, coming):
                if each is not None:
                    each.cancel()
            await asyncio.gather(*(each for each in (over, coming) if each), return_exceptions=True)
            await listening.aclose()


class EventStream(Response):
    """An answer that goes on until the listener leaves, takes too long, or the channel ends."""

    media_type = STREAM

    def __init__(self, streams: Streams, name: str, only: frozenset[str], since: int | None) -> None:
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._place = streams.place(name)
        self._streams, self._only, self._since = streams, only, since
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._place:
            await _first_of(self._send(send), _left(receive), self._streams.ended())

    async def _send(self, send: Send) -> None:
        async def out(text: str) -> None:
            async with asyncio.timeout(STUCK):
                await send({"type": "http.response.body", "body": text.encode("utf-8", "replace"), "more_body": True})

        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        with contextlib.suppress(TimeoutError, OSError):
            await out(f"retry: {AGAIN}\n\n")
            async with contextlib.aclosing(self._streams.told(self._only, self._since)) as told:
                async for each in told:
                    await out(": still here\n\n" if each is None else event(each))
            await send({"type": "http.response.body", "body": b""})


def events_routes(streams: Streams, guard: Guard) -> APIRouter:
    """The routes; listening needs the role viewer."""
    router = APIRouter(tags=["events"])

    @router.get("/api/events", status_code=200, response_class=EventStream, responses={
        200: {"description": "The stream.", "content": {STREAM: {"schema": {"type": "string"}, "example": EXAMPLE}}}
    })  # fmt: skip
    async def events(request: Request, what: Filter = None, since: Since = None) -> Response:
        """Everything that happens on air, with the number of the frame at which it does, as server-sent events.

        The name of an event is what happened, its data JSON {id, n, at, what, data}. Who comes again with the header
        `Last-Event-ID`, as browsers do, is told what it missed, as far as that is still kept.
        """
        who = guard.let_in(request, "viewer")
        stream = EventStream(streams, who.name, kinds(what), last_id(request.headers.get("last-event-id"), since))
        return stream

    @router.websocket("/api/events/ws")
    async def socket(socket: WebSocket, what: Filter = None, since: Since = None) -> None:
        """The same over a WebSocket: each happening is a message of JSON."""
        who = guard.let_in(socket, "viewer")
        only = kinds(what)
        with streams.place(who.name):
            await socket.accept()
            await _first_of(_tell(socket, streams, only, since), _left(socket.receive), streams.ended())
            with contextlib.suppress(TimeoutError, OSError, RuntimeError, WebSocketDisconnect):
                async with asyncio.timeout(1):
                    await socket.close(1001)

    return router


async def _tell(socket: WebSocket, streams: Streams, only: frozenset[str], since: int | None) -> None:
    with contextlib.suppress(TimeoutError, OSError, RuntimeError, WebSocketDisconnect):
        async with contextlib.aclosing(streams.told(only, since)) as told:
            async for each in told:
                async with asyncio.timeout(STUCK):
                    await socket.send_text('{"what": "still here"}' if each is None else plain(each))


async def _left(receive: Callable[[], Awaitable[object]]) -> None:
    """Until the listener leaves; what it sends meanwhile is not looked at."""
    while True:
        message = await receive()
        if isinstance(message, dict) and message["type"] in ("http.disconnect", "websocket.disconnect"):
            return


async def _first_of(*jobs: Awaitable[None]) -> None:
    """Until one of them has ended; the others are ended too."""
    tasks = [asyncio.ensure_future(each) for each in jobs]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def kinds(written: str | None) -> frozenset[str]:
    """What is to be told; nothing chosen is all. "line" is all that begins with "line/". Raises HTTPException (422)."""
    found: set[str] = set()
    for each in filter(None, (part.strip() for part in (written or "").split(","))):
        fitting = {what for what in WHAT if what == each or what.startswith(f"{each}/")}
        if not fitting:
            raise HTTPException(422, f"'what' knows only: {', '.join(WHAT)}.")
        found |= fitting
    return frozenset(found)


def last_id(header: str | None, since: int | None) -> int | None:
    """Where to go on: what a browser says that it heard last comes before the address."""
    return int(header) if header and header.isascii() and header.isdigit() and len(header) < 16 else since


def plain(happening: Happening) -> str:
    """A happening as JSON."""
    facts = {"id": happening.id, "n": happening.n, "at": round(happening.at, 3), "what": happening.what}
    return json.dumps(facts | {"data": dict(happening.data)}, ensure_ascii=False, default=str)


def event(happening: Happening) -> str:
    """A happening as a server-sent event."""
    return f"id: {happening.id}\nevent: {happening.what}\ndata: {plain(happening)}\n\n"
