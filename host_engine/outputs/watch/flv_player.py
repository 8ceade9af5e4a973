"""Watching FLV over HTTP: one answer that does not end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from host_engine.outputs.http_exchange import exchange
from host_engine.outputs.watch.came import Came
from host_engine.outputs.watch.tags import FileReader, TagReader, Unwatchable
from host_engine.outputs.whip_address import Nowhere, WhipAddress, explain, server

BEGIN = 8.0  # seconds until the answer begins
REDIRECTS = 5


class FlvPlayer:
    """One viewer of http(s)://HOST/NAME.flv."""

    def __init__(self, url: str) -> None:
        self._url = url

    @property
    def server(self) -> str:
        return server(self._url)

    async def watch(self) -> AsyncIterator[Came]:
        """Watch until the server ends it. Raises ConnectionError with a sentence."""
        url, file, tags = self._url, FileReader(), TagReader()
        try:
            for _ in range(1 + REDIRECTS):
                async with contextlib.AsyncExitStack() as stack:
                    async with asyncio.timeout(BEGIN):
                        answer = await stack.enter_async_context(exchange("GET", url, {}))
                    if answer.status in (301, 302, 303, 307, 308):
                        url = WhipAddress(url, "").follow(url, answer.header("Location"))
                        continue
                    if answer.status != 200:
                        raise Unwatchable(f"it answers {answer.status}")
                    async for piece in answer.pieces():
                        for tag in file.read(piece):
                            for came in tags.read(tag):
                                yield came
                    raise Unwatchable("it has nothing more to show")
            raise Unwatchable(f"it redirects more than {REDIRECTS} times")
        except (Unwatchable, Nowhere) as error:
            raise ConnectionError(f"{server(url)} cannot be watched: {error}") from None
        except (OSError, ValueError) as error:
            raise ConnectionError(explain(server(url), error)) from None
