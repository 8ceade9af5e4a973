"""JSON over HTTP: asked for, read up to a size, and never more than that."""

from __future__ import annotations

import json
import logging
import ssl
import time
from email.utils import parsedate_to_datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from host_engine.audience.source import SourceError

if TYPE_CHECKING:
    import httpx

PATIENCE = 10.0  # seconds for one call
LARGEST = 2_000_000  # bytes of an answer that are read


def load() -> None:
    """Load all that the first call needs. Takes some 0.2 s, which the tick must not lose later."""
    for library in ("httpx", "httpcore", "anyio._backends._asyncio"):
        import_module(library)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # below that it logs whole addresses


def client(tls: ssl.SSLContext) -> httpx.AsyncClient:
    """A client that trusts what `tls` trusts, and asks no proxy."""
    import httpx

    return httpx.AsyncClient(verify=tls, timeout=PATIENCE, trust_env=False)


class Fetched(NamedTuple):
    """An answer: its HTTP status, its JSON object, and when it was given, UNIX seconds by the server's clock."""

    status: int
    found: dict[str, Any]
    at: float


async def fetch(client: httpx.AsyncClient, method: str, url: str, headers: dict[str, str], **what: Any) -> Fetched:
    """Ask, and read the answer. Raises SourceError where there is none, or no JSON object."""
    import httpx

    try:
        async with client.stream(method, url, headers=headers, **what) as answer:
            data = bytearray()
            async for piece in answer.aiter_bytes():
                data += piece
                if len(data) > LARGEST:
                    raise SourceError(f"{answer.url.host} answers more than {LARGEST / 1e6:g} MB")
    except httpx.HTTPError as error:
        raise SourceError(f"{httpx.URL(url).host} cannot be reached: {str(error) or type(error).__name__}") from error
    try:
        found = json.loads(data) if data else {}
    except (ValueError, RecursionError):
        found = {}
    if not isinstance(found, dict) or (answer.status_code == 200 and not found):
        raise SourceError(f"{httpx.URL(url).host} answers what is no JSON object (HTTP {answer.status_code})")
    return Fetched(answer.status_code, found, _date(answer.headers.get("date", "")))


def _date(header: str) -> float:
    try:
        return parsedate_to_datetime(header).timestamp()
    except (ValueError, OverflowError):
        return time.time()
