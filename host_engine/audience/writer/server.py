"""The server of a language model: any that speaks OpenAI's chat completions, asked through the openai client."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Any
from urllib.parse import urlsplit

from host_engine.audience.answer import WriterError
from host_engine.audience.writer.events import Delta, deltas
from host_engine.audience.writer.prompt import Messages

MOST_TOKENS = 400
NO_KEY = "none"  # local servers ask for no key, but the client wants one
_DRAIN = 0.1  # seconds in which a response may end by itself, so that its connection can be used again
_CHATTY = ("openai", "httpx", "httpx2", "httpcore", "httpcore2")  # they log addresses, and keys at the lowest level


class ServerDown(WriterError):
    """The server cannot answer anybody now: it is to be left alone for a while."""


class Server:
    """Asks one model. All of it happens on one loop, which is not that of the tick: importing and TLS take long."""

    def __init__(
        self, url: str, model: str, key: str | None, key_env: str | None, seconds: float, tokens: int = MOST_TOKENS
    ) -> None:
        """`seconds`: longest time that the server may be silent; `tokens`: of one answer, at most."""
        self.model = model
        self.where = urlsplit(url).netloc.rpartition("@")[2]
        self._url, self._key, self._key_env, self._seconds = url, key, key_env, seconds
        self._settings: dict[str, Any] = {"max_tokens": tokens, "temperature": 0.3}
        self._client: Any = None

    def open(self) -> None:
        """Import the client and make one. Takes about two seconds at its first call."""
        if self._client is not None:
            return
        import openai

        for name in _CHATTY:
            logging.getLogger(name).setLevel(logging.WARNING)
        self._client = openai.AsyncOpenAI(
            api_key=self._key or NO_KEY,
            base_url=self._url,
            timeout=self._seconds,
            max_retries=0,  # a question has no time for it
            default_headers={"Accept-Encoding": "identity"},  # nothing to unpack, so nothing that could swell
        )

    async def deltas(self, messages: Messages) -> AsyncGenerator[Delta, None]:
        """What the model says, as it comes; closing this generator closes the connection. Raises WriterError."""
        self.open()
        for _ in range(1 + len(self._settings)):
            try:
                async with aclosing(self._call(messages)) as answer:
                    async for delta in answer:
                        yield delta
                return
            except (WriterError, asyncio.CancelledError):
                raise
            except Exception as error:
                if not self._without(error):
                    raise self._said(error) from None

    async def close(self) -> None:
        if self._client is not None:
            with suppress(Exception):
                await self._client.close()

    async def _call(self, messages: Messages) -> AsyncGenerator[Delta, None]:
        create = self._client.chat.completions.with_streaming_response.create
        async with create(model=self.model, messages=messages, stream=True, **self._settings) as response:
            chunks = response.iter_bytes()
            async with aclosing(deltas(chunks)) as events:
                async for delta in events:
                    yield delta
                    if delta.ended:
                        break
            with suppress(Exception):
                async with asyncio.timeout(_DRAIN):
                    async for _ in chunks:
                        pass

    def _without(self, error: Exception) -> bool:
        """Whether the server refused a setting that can be done without, or be named otherwise; from now on it is."""
        said = str(error)
        if getattr(error, "status_code", None) not in (400, 422):
            return False
        if "max_tokens" in said and "max_tokens" in self._settings:
            self._settings["max_completion_tokens"] = self._settings.pop("max_tokens")
            return True
        for setting in ("temperature", "max_completion_tokens"):
            if setting in said and setting in self._settings:
                del self._settings[setting]
                return True
        return False

    def _said(self, error: Exception) -> WriterError:
        """The error in a sentence, without the key, which some servers repeat."""
        status = getattr(error, "status_code", None)
        if status in (401, 403):
            mend = f"; look at the environment variable {self._key_env}" if self._key_env else "; it wants a key"
            return ServerDown(f"the model's server at {self.where} refuses the key (status {status}){mend}")
        if status == 404:
            return ServerDown(f"the model's server at {self.where} knows no model '{self.model}' at this address")
        if status == 429:
            return ServerDown(f"the model's server at {self.where} wants fewer questions (status 429)")
        if status is not None and status >= 500:
            return ServerDown(f"the model's server at {self.where} fails (status {status})")
        if status is not None:
            return WriterError(f"the model's server at {self.where} refuses (status {status}): {self._shown(error)}")
        if "Timeout" in type(error).__name__:
            return WriterError(f"the model's server at {self.where} is silent")
        if type(error).__name__ == "APIConnectionError":
            return ServerDown(f"the model's server at {self.where} cannot be reached")
        return WriterError(f"the model's server at {self.where} broke off: {self._shown(error)}")

    def _shown(self, error: Exception) -> str:
        said = str(error) or type(error).__name__
        return " ".join((said.replace(self._key, "***") if self._key else said)[:200].split())
