"""Watching FLV over HTTP: one answer that does not end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx

from host_engine.outputs.watch.came import Came
from host_engine.outputs.watch.tags import FileReader, TagReader, Unwatchable
from host_engine.outputs.whip_address import explain, server

BEGIN = 8.0  # seconds until the answer begins


class FlvPlayer:
    """One viewer of http(s)://HOST/NAME.flv."""

    def __init__(self, url: str) -> None:
        self._url = url

    @property
    def server(self) -> str:
        return server(self._url)

    async def watch(self) -> AsyncIterator[Came]:
        """Watch until the server ends it. Raises ConnectionError with a sentence."""
        headers = {"User-Agent": "host-engine", "Accept-Encoding": "identity"}
        patience = httpx.Timeout(BEGIN, read=None)  # who watches minds what comes late
        try:
            async with httpx.AsyncClient(
                timeout=patience, follow_redirects=True, max_redirects=5, trust_env=False
            ) as client:
                async with asyncio.timeout(BEGIN):
                    answer = await client.send(client.build_request("GET", self._url, headers=headers), stream=True)
                try:
                    async for came in self._pieces(answer):
                        yield came
                finally:
                    await answer.aclose()
        except Unwatchable as error:
            raise ConnectionError(f"{self.server} cannot be watched: {error}") from None
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            if type(error) is ConnectionError:
                raise
            raise ConnectionError(explain(self.server, error)) from None

    async def _pieces(self, answer: httpx.Response) -> AsyncIterator[Came]:
        if answer.status_code != 200:
            raise ConnectionError(f"{self.server} does not show the stream ({answer.status_code})")
        file, tags = FileReader(), TagReader()
        async for piece in answer.aiter_raw():
            for tag in file.read(piece):
                for came in tags.read(tag):
                    yield came
        raise ConnectionError(f"{self.server} has nothing more to show")
