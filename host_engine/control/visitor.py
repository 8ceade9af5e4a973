"""One page that is open: what it says is read at a bounded pace, what it is told waits in a bounded queue."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import HTTPException
from pydantic import BaseModel, Field
from starlette.websockets import WebSocket, WebSocketDisconnect

from host_engine.control.asked import LONGEST, Language
from host_engine.control.body import fields
from host_engine.control.pace import Pace

QUEUE = 64  # frames that may wait for a slow reader
SILENT = 60.0  # seconds without any frame after which a page counts as gone; it sends one every 20
STUCK = 10.0  # seconds that the sending of one frame may take
RATE, BURST = 2.0, 8.0  # frames a second, and at once: faster ones are read later
NONSENSE = 10  # frames that are none, until the connection is ended
SLOW, RUDE = 1013, 1008  # close codes: try again later; policy violation
ABORT = "host_engine.abort"  # extension of the ASGI scope: ends the connection at once

Told = Mapping[str, Any]


class Saying(BaseModel):
    """A frame of a page. One without a text says who is there, or only that the page is still open."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST)] | None = None
    product: Annotated[str, Field(max_length=100)] | None = None
    language: Language | None = None
    name: Annotated[str, Field(max_length=80)] | None = None
    viewer: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16,64}$")] | None = None
    ref: Annotated[int, Field(ge=0, lt=2**53)] | None = None


class Visitor:
    """`stay` lasts until the page is closed, falls silent, reads too slowly, or talks nonsense."""

    def __init__(
        self, socket: WebSocket, address: str, said: Callable[[Visitor, Saying], None], counts: Counter[str]
    ) -> None:
        self.address, self.name = address, ""
        self.viewer = secrets.token_urlsafe(16)  # known to this page only; one that comes back says which it had
        self._socket, self._said, self._counts = socket, said, counts
        self._queue: asyncio.Queue[str] = asyncio.Queue(QUEUE)
        self._slow = asyncio.Event()
        self._pace = Pace(RATE, BURST)
        self._nonsense = 0

    def put(self, told: Sequence[Told]) -> None:
        """Tell this page something."""
        self.put_text(frame(told))

    def put_text(self, text: str) -> None:
        """The same, ready to send; never waits."""
        try:
            self._queue.put_nowait(text)
        except asyncio.QueueFull:
            self._slow.set()

    async def stay(self) -> None:
        tasks = [asyncio.create_task(each()) for each in (self._listen, self._send, self._slow.wait)]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await self._goodbye()

    async def _listen(self) -> None:
        while self._nonsense < NONSENSE:
            try:
                async with asyncio.timeout(SILENT):
                    message = await self._socket.receive()
            except TimeoutError:
                self._counts["silent"] += 1
                return
            if message["type"] != "websocket.receive":
                return
            self._read(message.get("text"))
            await asyncio.sleep(self._pace.take(0))  # while it waits, the network holds the sender back
        self._counts["nonsense"] += 1

    def _read(self, text: str | None) -> None:
        try:
            saying = fields(text or "", Saying)
        except HTTPException as error:
            self._nonsense += 1
            self._counts["malformed"] += 1
            told = {"what": "receipt", "state": "refused", "reason": "malformed", "said": error.detail}
            return self.put([told])
        self._nonsense = 0
        self.viewer = saying.viewer or self.viewer
        self.name = self.name if saying.name is None else saying.name
        return self._said(self, saying)

    async def _send(self) -> None:
        while True:
            text = await self._queue.get()
            try:
                async with asyncio.timeout(STUCK):
                    await self._socket.send_text(text)
            except TimeoutError:
                return self._slow.set()
            except (OSError, RuntimeError, WebSocketDisconnect):  # it was closed meanwhile
                return None

    async def _goodbye(self) -> None:
        if self._slow.is_set():
            self._counts["slow"] += 1
            if abort := self._socket.scope.get("extensions", {}).get(ABORT):
                abort["now"]()
                return
        code = SLOW if self._slow.is_set() else RUDE if self._nonsense >= NONSENSE else 1000
        with contextlib.suppress(TimeoutError, OSError, RuntimeError, WebSocketDisconnect):
            async with asyncio.timeout(1):
                await self._socket.close(code)


def frame(told: Sequence[Told]) -> str:
    """What pages are told, as the text of one frame."""
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace").decode()
