"""The thread that the console lives on: what NiceGUI does there does not hold the loop of the tick."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager, suppress
from typing import Any, Literal, TypeVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from host_engine.priority import stand_back

log = logging.getLogger(__name__)

T = TypeVar("T")
AGAIN = 30.0  # seconds after which an opening that failed is tried once more
FAULT = 1011  # code of a WebSocket that is closed as something went wrong
GOODBYE = 3.0  # seconds that the console gets to end in
CARRIED = (
    "type", "asgi", "http_version", "scheme", "method", "path", "raw_path", "query_string", "root_path", "headers",
    "client", "server", "subprotocols",
)  # fmt: skip

State = Literal["closed", "opening", "open", "failed"]
Opening = Callable[[], AbstractAsyncContextManager[ASGIApp]]


class Booth:
    """Opened by the first operator who comes, on a thread of its own with its own event loop.

    It is used from the loop of the tick. Building a page takes 10 to 50 ms of Python: there it would cost a frame.
    What is loaded is loaded on one more thread, which stands back; this one does not, as a mute must not wait for what
    prepares the show.
    """

    def __init__(self, opening: Opening, load: Callable[[], object] = lambda: None) -> None:
        """`load`: may import for seconds. `opening`: then makes the app ready, on the booth's loop. Both may raise."""
        self.state: State = "closed"
        self.error = ""
        self.took = 0.0  # seconds that opening took
        self._opening, self._load, self._failed_at = opening, load, 0.0
        self._app: ASGIApp | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closing: asyncio.Event | None = None

    def open(self) -> None:
        """Begin to open it, unless that has been done. Does not wait."""
        if self.state == "failed" and time.monotonic() - self._failed_at > AGAIN:
            self.state = "closed"
        if self.state == "closed":
            self.state, self.error = "opening", ""
            self._thread = threading.Thread(target=self._run, name="console", daemon=True)
            self._thread.start()

    def tell(self, what: Callable[..., object], *values: Any) -> None:
        """Call something on the booth's loop; nothing happens while it is not open. Safe from any thread."""
        if self.state == "open" and self._loop:
            self._loop.call_soon_threadsafe(what, *values)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the console answer a request of the loop that asks; only while it is open."""
        assert self._app is not None
        assert self._loop is not None
        here = asyncio.get_running_loop()

        async def receive_there() -> Message:
            return await across(receive(), here)

        async def send_there(message: Message) -> None:
            await across(send(message), here)

        carried = {key: scope[key] for key in CARRIED if key in scope} | {"console.who": scope.get("console.who")}
        try:
            await across(self._app(carried, receive_there, send_there), self._loop)
        except Exception as error:
            if scope["type"] != "websocket":
                raise
            log.warning("a console's connection ended: %s: %s", type(error).__name__, str(error)[:200])
            with suppress(Exception):  # whatever state it is in
                await send({"type": "websocket.close", "code": FAULT})

    async def close(self) -> None:
        """End it, as far as it ends by itself in a while."""
        if self._loop and self._closing and self._thread:
            self._loop.call_soon_threadsafe(self._closing.set)
            await asyncio.to_thread(self._thread.join, GOODBYE)
        self.state = "closed"

    def _run(self) -> None:
        try:
            begun = time.monotonic()
            _standing_back(self._load)
            asyncio.run(self._live(begun))
        except Exception as error:
            self.state, self.error, self._failed_at = "failed", str(error) or type(error).__name__, time.monotonic()
            log.exception("the console could not be opened, or has ended")

    async def _live(self, begun: float) -> None:
        self._loop, self._closing = asyncio.get_running_loop(), asyncio.Event()
        async with self._opening() as app:
            self._app, self.took = app, time.monotonic() - begun
            self.state = "open"
            log.info("the console is open; that took %.1f s", self.took)
            await self._closing.wait()


async def across(work: Awaitable[T], loop: asyncio.AbstractEventLoop) -> T:
    """Have something done on the loop of another thread. Cancelled here, it is cancelled there."""
    coroutine: Coroutine[Any, Any, T] = work if asyncio.iscoroutine(work) else _awaiting(work)
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(coroutine, loop))


def _standing_back(work: Callable[[], object]) -> None:
    """Have it done on another thread, which stands back, and wait for it."""
    done: Future[object] = Future()

    def run() -> None:
        stand_back()
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    threading.Thread(target=run, name="console loading", daemon=True).start()
    done.result()


async def _awaiting(work: Awaitable[T]) -> T:
    return await work
