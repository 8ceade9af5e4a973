"""An app on a port of this machine, by the server that a channel uses in the same way."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from starlette.types import ASGIApp

from host_engine.control.server import listen, serve_on


@contextlib.asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[int]:
    """The port, for as long as the block lasts."""
    with listen("127.0.0.1", 0) as socket:
        serving = asyncio.create_task(serve_on(socket, app))
        try:
            yield int(socket.getsockname()[1])
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
