"""A language model that proposes the lines of products; where it is away or talks nonsense, nobody waits for it."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from typing import Protocol

from host_engine.audience.answer import WriterError
from host_engine.audience.writer.server import Server, ServerDown
from host_engine.scriptwriting.reply import MOST_READ, Proposal, proposals
from host_engine.scriptwriting.request import Asked

log = logging.getLogger(__name__)

TOKENS = 2000  # of one answer: some six lines in three wordings
SECONDS = 120.0  # for one product
AT_ONCE = 2  # requests; local servers have room for few
STRIKES = 3  # failures in a row after which templates write the rest


class Wanted(Protocol):
    """Which model, as the channel file's `audience.model` says."""

    @property
    def url(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def key_env(self) -> str | None: ...


class Author:
    """Asks for all products; of each it gives the lines that were proposed, or the reason why there are none."""

    def __init__(self, wanted: Wanted, environment: Mapping[str, str] = os.environ, seconds: float = SECONDS) -> None:
        """The key is looked for in the environment and nowhere else. Raises ValueError where it is not set."""
        key = environment.get(wanted.key_env) if wanted.key_env else None
        if wanted.key_env and not key:
            raise ValueError(f"the environment variable {wanted.key_env} with the model's key is not set")
        self.model = wanted.model
        self._seconds = seconds
        self._server = Server(wanted.url, wanted.model, key, wanted.key_env, seconds, TOKENS)
        self._strikes, self._down = 0, ""

    def write(
        self, asked: Sequence[tuple[Asked, Mapping[str, str]]], done: Callable[[], None] = lambda: None
    ) -> list[list[Proposal] | str]:
        """The proposals for each request, in their order. `done` is called after each."""
        return asyncio.run(self._all(asked, done))

    async def _all(
        self, asked: Sequence[tuple[Asked, Mapping[str, str]]], done: Callable[[], None]
    ) -> list[list[Proposal] | str]:
        room = asyncio.Semaphore(AT_ONCE)

        async def one(request: Asked, known: Mapping[str, str]) -> list[Proposal] | str:
            async with room:
                found = await self._one(request, known)
                done()
                return found

        try:
            return list(await asyncio.gather(*(one(request, known) for request, known in asked)))
        finally:
            await self._server.close()

    async def _one(self, request: Asked, known: Mapping[str, str]) -> list[Proposal] | str:
        if self._down:
            return self._down
        try:
            found = proposals(await self._said(request), known)
        except WriterError as error:
            self._strikes += 1
            if isinstance(error, ServerDown) or self._strikes >= STRIKES:
                self._down = f"the model is asked no more: {error}"
                log.warning("Templates write the script: %s", error)
            return str(error)
        self._strikes = 0
        return found

    async def _said(self, request: Asked) -> str:
        """The whole answer. Raises WriterError."""
        parts: list[str] = []
        read = 0
        try:
            async with asyncio.timeout(self._seconds):
                async with aclosing(self._server.deltas(request.messages)) as answer:
                    async for delta in answer:
                        parts.append(delta.text)
                        read += len(delta.text)
                        if read > MOST_READ:
                            raise WriterError("the model writes without end")
        except TimeoutError:
            raise WriterError(f"the model has not finished after {self._seconds:g} s") from None
        return "".join(parts)
