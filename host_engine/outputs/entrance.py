"""The viewers' entrance: open soon after the first frame, as what WebRTC takes is loaded only then."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, cast

from host_engine.media import Format

if TYPE_CHECKING:
    from host_engine.outputs.fanout import Fanout
    from host_engine.outputs.whep import Whep


PATIENCE = 5.0  # seconds that an early viewer waits


class NotYet(ValueError):
    """The entrance is not open; `status` is the HTTP status to answer."""

    status = 503


class Entrance:
    """Stands before `Whep` and hands everything on to it. Loading aiortc takes 0.2 s that the first frame need not
    wait for. Lives on the event loop."""

    def __init__(self, fanout: Fanout, format: Format, force_key: Callable[[], None], most: int) -> None:
        """As in `Whep`."""
        self._make = partial(_whep, fanout, format, force_key, most)
        self._whep: Whep | None = None
        self._open = asyncio.Event()

    async def run(self) -> None:
        """Open, and stay open until cancelled; then say goodbye to everybody."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, _load)
        self._whep = self._make()
        self._open.set()
        try:
            await loop.create_future()
        finally:
            await self._whep.close()

    @property
    def viewers(self) -> int:
        """How many are watching."""
        return self._whep.viewers if self._whep else 0

    async def offer(self, sdp: str) -> tuple[str, str]:
        """As in `Whep`; who comes in the first moments waits. Raises NotYet, a ValueError, after `PATIENCE` seconds."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._open.wait()
        except TimeoutError as error:
            raise NotYet("The channel has only just begun. Please try again in a moment.") from error
        return await cast("Whep", self._whep).offer(sdp)

    async def trickle(self, name: str, fragment: str) -> None:
        """As in `Whep`; nobody is known before it is open."""
        if self._whep is None:
            raise KeyError(name)
        await self._whep.trickle(name, fragment)

    async def leave(self, name: str) -> None:
        """As in `Whep`; nobody is known before it is open."""
        if self._whep is None:
            raise KeyError(name)
        await self._whep.leave(name)


def _load() -> None:
    """Import it, without the garbage collector looking through it on the way or ever after."""
    gc.disable()
    try:
        import_module("host_engine.outputs.whep")
    finally:
        gc.freeze()
        gc.enable()


def _whep(fanout: Fanout, format: Format, force_key: Callable[[], None], most: int) -> Whep:
    from host_engine.outputs.whep import Whep

    return Whep(fanout, format, force_key, most=most)
