"""Serving an app on the event loop that the show runs on, without ever holding it up."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from host_engine.control.doors import Doors, problem, refusal
from host_engine.control.listening import CannotListen, listen
from host_engine.control.web_socket import for_doors

if TYPE_CHECKING:
    import h11

__all__ = ["CannotListen", "listen", "serve", "serve_on"]

GOODBYE = 1  # seconds that a request in progress gets at the end
CONNECTIONS = 1000
AT_ONCE = 16  # connections accepted in one turn of the loop: each costs it half a millisecond
WAITING = 1024  # connections that wait in the kernel for theirs
REQUEST = 8.0  # seconds a connection has for the head of a request
FRAME = 64 * 1024  # bytes of a WebSocket's message
HEAD = 64 * 1024  # bytes of the head of a request
LINGER = 1.0  # seconds in which the rest of what is no request may come, and is thrown away
SAID = {400: "This is no HTTP request.", 431: "The head of the request is longer than 64 KB."}


class _Impatient(H11Protocol):
    """Closes a connection that does not bring a whole request in time; uvicorn itself would wait for ever.

    One too many of an address is told so and closed at once.
    """

    doors = Doors()
    _deadline: asyncio.TimerHandle | None = None
    _inside = _upgraded = _spoilt = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.doors.shut:
            return transport.abort()
        self._inside = self.client is None or self.doors.enter(self.client[0])
        if not self._inside:
            transport.write(refusal())
            return transport.close()
        return self._wait()

    def data_received(self, data: bytes) -> None:
        if not self._inside or self._spoilt or self.doors.shut:
            return
        super().data_received(data)
        if self._upgraded:
            return
        if self.cycle is None or self.cycle.response_complete:
            if self._deadline is None:
                self._wait()
        else:
            self._stop_waiting()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self.transport.is_closing() and self._deadline is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)
        if self._inside and self.client:
            self.doors.leave(self.client[0])

    def send_400_response(self, msg: str) -> None:
        """What came is no request, or its head is longer than any: said in a sentence, and the connection ends."""
        status = 431 if len(self.conn.trailing_data[0]) > HEAD else 400
        if self.client:
            self.doors.no_request(self.client[0], SAID[status])
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(refusal(SAID[status], status))
        self._spoilt = True
        if self.transport.can_write_eof():
            self.transport.write_eof()  # whoever is still sending would not read it after a reset
        self.loop.call_later(LINGER, self.transport.close)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        self._upgraded = True
        self._stop_waiting()
        super().handle_websocket_upgrade(event)  # from now on the WebSocket is what is counted at the doors

    def _wait(self) -> None:
        self._deadline = self.loop.call_later(REQUEST, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class _Cut:
    """The app, whose requests may be cut off at the end: who waits is told so, and the log is spared a traceback."""

    def __init__(self, app: ASGIApp, doors: Doors) -> None:
        self._app, self._doors = app, doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            if self._doors.shut:
                raise asyncio.CancelledError
            await self._app(scope, receive, noting)
        except asyncio.CancelledError:
            if begun or scope["type"] != "http":
                return
            head, body = problem(503, "The channel is going off air.")
            await send({"type": "http.response.start", "status": 503, "headers": head})
            await send({"type": "http.response.body", "body": body})


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: when to stop is the engine's business."""

    def accept_nobody(self) -> None:
        """From now on; whoever is connected stays."""
        for each in self.servers if self.started else ():
            each.close()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for each in sockets or ():
            each.listen(WAITING)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(app: ASGIApp, host: str, port: int, doors: Doors | None = None) -> None:
    """Serve until cancelled. Raises CannotListen."""
    with listen(host, port) as sock:
        await serve_on(sock, app, doors)


async def serve_on(sock: socket.socket, app: ASGIApp, doors: Doors | None = None) -> None:
    """Serve on a socket from `listen` until cancelled; then stop within about a second, whoever is connected.

    doors: how many connections one address may have; None sets no limit.
    """
    doors = doors or Doors()
    config = uvicorn.Config(
        _Cut(app, doors),
        http=type("Counted", (_Impatient,), {"doors": doors}),
        lifespan="off",
        proxy_headers=False,  # who is believed is said at the doors
        ws=for_doors(doors),
        ws_max_size=FRAME,
        ws_per_message_deflate=False,  # a small frame could become a large one
        access_log=False,
        log_config=None,
        log_level="error",  # it warns of every request that is none
        server_header=False,
        h11_max_incomplete_event_size=HEAD,
        limit_concurrency=CONNECTIONS,
        backlog=AT_ONCE,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=GOODBYE,
    )
    server, loop = _Server(config), asyncio.get_running_loop()
    serving = asyncio.create_task(server.serve(sockets=[sock]))
    doors.closing = lambda: loop.call_soon_threadsafe(server.accept_nobody)
    try:
        await asyncio.shield(serving)
    finally:
        doors.close()
        server.should_exit = True
        await serving
