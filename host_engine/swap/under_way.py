"""A swap that is under way: read, made ready, waiting for its border; until it is in force it can be given up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from host_engine.swap.airing import Waiting
from host_engine.swap.catalogs import Border, NotDone
from host_engine.swap.reading import Read
from host_engine.swap.version import What


class GivenUp(NotDone):
    """Somebody gave the swap up: nothing was changed."""

    def __init__(self) -> None:
        super().__init__("The swap was given up, and nothing was changed.")


class UnderWay:
    """Reading is left at once, also where a disk hangs; a part that makes itself ready comes to its end first."""

    def __init__(self, what: What, name: str, border: Border) -> None:
        self.what, self.name, self.border, self.state = what, name, border, "reading"
        self._given_up = False
        self._reading: asyncio.Future[Read] | None = None
        self._waiting: Waiting | None = None

    def shown(self) -> dict[str, Any]:
        """For /status: {what, name, border, state}."""
        return {"what": self.what, "name": self.name, "border": self.border, "state": self.state}

    async def read(self, work: Awaitable[Read]) -> Read:
        """What is read. Raises GivenUp, or what reading raises."""
        self._reading = asyncio.ensure_future(work)
        try:
            return await self._reading
        except asyncio.CancelledError:
            if self._given_up:
                raise GivenUp from None
            raise

    def go_on(self, state: str) -> None:
        """The next step begins. Raises GivenUp."""
        if self._given_up:
            raise GivenUp
        self.state = state

    async def wait(self, waiting: Waiting) -> None:
        """Come back when it is in force. Raises GivenUp."""
        self._waiting = waiting
        if not await waiting.done():
            raise GivenUp

    def give_up(self) -> bool:
        """Whether it is given up; not where it has come in force."""
        if self._waiting is not None:
            return self._waiting.cancel()
        self._given_up = True
        if self._reading is not None:
            self._reading.cancel()
        return True
