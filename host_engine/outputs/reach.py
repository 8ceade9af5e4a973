"""Whether somebody answers at an address."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def reachable(
    host: str,
    port: int,
    seconds: float = 3.0,
    open_connection: Callable[..., Awaitable[Connection]] = asyncio.open_connection,
) -> bool:
    """Whether a connection to that port can be opened within so many seconds; it is closed again at once."""
    try:
        async with asyncio.timeout(seconds):
            _, writer = await open_connection(host, port)
    except OSError:  # a timeout is one
        return False
    writer.transport.abort()
    return True
