"""Operators' consoles that are open, as browsers open them: the page, its cookie, and its socket."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

import httpx
from websockets.asyncio.client import connect

OPENING = 60.0  # seconds in which the console must be open
ACKNOWLEDGE = 10  # messages after which a page says what it has


class Consoles:
    """So many pages of /console. `told`: messages that they got in all; `open`: pages whose socket is open."""

    def __init__(self, address: str, token: str, most: int) -> None:
        self._address, self._token, self._most = address, token, most
        self.told = self.open = 0

    async def run(self, ready: asyncio.Event) -> None:
        """Open them one after the other, then keep them open until cancelled. Raises RuntimeError where one closes."""
        async with httpx.AsyncClient(base_url=self._address, timeout=30) as http:
            (await http.post("/api/session", json={"token": self._token})).raise_for_status()
            pages = []
            for _ in range(self._most):
                pages.append(asyncio.create_task(self._page(http)))
                async with asyncio.timeout(OPENING):
                    while self.open < len(pages) and not pages[-1].done():
                        await asyncio.sleep(0.05)
            ready.set()
            try:
                await asyncio.wait(pages, return_when=asyncio.FIRST_COMPLETED)
                raise RuntimeError("a console was closed") from next(p for p in pages if p.done()).exception()
            finally:
                for each in pages:
                    each.cancel()
                await asyncio.gather(*pages, return_exceptions=True)

    async def _page(self, http: httpx.AsyncClient) -> None:
        client, come = await self._loaded(http)
        tab = {"client_id": client, "tab_id": secrets.token_hex(16), "document_id": secrets.token_hex(16)}
        query = urlencode(
            {"EIO": 4, "transport": "websocket", "next_message_id": 0, "implicit_handshake": "true"} | tab
        )
        address = self._address.replace("http", "ws", 1) + f"/console/_nicegui_ws/socket.io/?{query}"
        cookie = "; ".join(f"{name}={value}" for name, value in http.cookies.items())
        headers = {"Cookie": cookie, "Origin": self._address}
        async with connect(address, additional_headers=headers, compression=None, max_size=None) as socket:
            async for message in socket:
                await self._heard(socket.send, str(message), come)

    async def _heard(self, send: Callable[[str], Awaitable[None]], message: str, come: dict[str, Any]) -> None:
        """Engine.IO and Socket.IO, as far as a page speaks them; once it is let in, it says that somebody looks."""
        if message.startswith("0"):
            await send("40")
        elif message == "2":
            await send("3")
        elif message.startswith("40"):
            await send("42" + json.dumps(["event", come]))
            self.open += 1
        elif message.startswith("42"):
            self.told += 1
            if self.told % ACKNOWLEDGE == 0 and (numbers := re.findall(r'"_id":(\d+)', message)):
                done = {"client_id": come["client_id"], "next_message_id": int(numbers[-1]) + 1}
                await send("42" + json.dumps(["ack", done]))

    async def _loaded(self, http: httpx.AsyncClient) -> tuple[str, dict[str, Any]]:
        """The id that the page was given once the console is open, and the event that says that somebody looks."""
        async with asyncio.timeout(OPENING):
            while True:
                page = await http.get("/console/", follow_redirects=True)
                page.raise_for_status()
                client = re.search(r"client_id\W+([0-9a-f-]{36})", page.text)
                feed = re.search(r'"(\d+)":{"tag":"nicegui-feed","events":\[{"listener_id":"([0-9a-f-]+)"', page.text)
                if client and feed:
                    looks = {"id": int(feed[1]), "client_id": client[1], "listener_id": feed[2], "args": []}
                    return client[1], looks
                await asyncio.sleep(0.5)
