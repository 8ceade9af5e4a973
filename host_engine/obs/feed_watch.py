"""Looks at the engine's picture in OBS every few seconds, and has OBS open a feed anew that is dead."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from host_engine import frame_code
from host_engine.obs import screenshot
from host_engine.obs.alive import Life, Look, Revival
from host_engine.obs.client import Lost, Refused
from host_engine.obs.feed import again
from host_engine.obs.wanted import Source

log = logging.getLogger(__name__)

EVERY = 4.0  # seconds

Ask = Callable[..., "Future[dict[str, Any]]"]  # a request to OBS by its name and fields


class FeedWatch:
    """The feed is alive when the numbers that OBS shows go on, and are not late. `GetMediaInputStatus` says nothing of
    that: it calls a source playing whose engine is dead.

    ask: as `Device.ask`. n: the frame that the engine is at. sending: whether the engine's side of the feed is up.
    told: is given a sentence about what is wrong, and None once it is well.
    """

    def __init__(
        self,
        source: Source,
        fps: int,
        ask: Ask,
        n: Callable[[], int],
        sending: Callable[[], bool],
        told: Callable[[str | None], object] = lambda sentence: None,
    ) -> None:
        self._source, self._ask, self._n, self._sending, self._told = source, ask, n, sending, told
        self._life, self._revival = Life(fps), Revival()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            await self.look()

    async def look(self) -> None:
        """Look once, and open the feed anew if that is due. OBS may be away: then nothing is known."""
        at, n = asyncio.get_running_loop().time(), self._n()
        try:
            self._life.see(Look(at, n, await self._number()))
            if self._revival.due(self._life.state, at, self._sending()):
                log.warning("%s: it is opened anew", self._life.sentence)
                await self._revive()
        except Lost:
            self._life.forget()
        except Refused as refused:
            log.info("the feed in OBS cannot be looked after: %s", refused)
        self._told(self._life.sentence if self._sending() else None)

    def status(self) -> dict[str, Any]:
        """For /status."""
        behind = self._life.behind
        return {
            "state": self._life.state,
            "behind_ms": None if behind is None else round(behind * 1000),
            "revived": self._revival.times,
        }

    async def _number(self) -> int | None:
        """The number that OBS shows. Raises Lost."""
        try:
            answer = await self._asked(screenshot.REQUEST, **screenshot.asked(self._source.name))
        except Refused:  # of a source that is not there, or that shows nothing, there is no picture
            return None
        seen = await asyncio.to_thread(screenshot.brightness, answer)
        return None if seen is None else frame_code.read(seen)

    async def _revive(self) -> None:
        """Have OBS open the source anew. Raises Lost and Refused.

        Only a setting that is another than before does that: `TriggerMediaInputAction` leaves the connection as it is,
        and each time puts the source 50 ms more behind.
        """
        name = self._source.name
        actual = (await self._asked("GetInputSettings", inputName=name))["inputSettings"]
        key = "url" if "url" in self._source.settings else "input"
        anew = {key: again(str(self._source.settings[key]), str(actual.get(key, "")))}
        await self._asked("SetInputSettings", inputName=name, inputSettings=anew)
        self._life.forget()

    async def _asked(self, request: str, **data: Any) -> dict[str, Any]:
        return await asyncio.wrap_future(self._ask(request, **data))
