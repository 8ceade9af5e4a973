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
from host_engine.obs.feed import again, listens
from host_engine.obs.wanted import Source

log = logging.getLogger(__name__)

EVERY = 4.0  # seconds between two looks
NOTICE = 0.1  # seconds after which it is noticed that the engine sends (again)
ARRIVES = 0.5  # seconds in which a feed arrives at an OBS that waits for it
OPENS = (0.15, 0.3)  # seconds that OBS takes to open a feed, usually and at times: a key frame lets it begin

Ask = Callable[..., "Future[dict[str, Any]]"]  # a request to OBS by its name and fields


class FeedWatch:
    """The feed is alive when the numbers that OBS shows go on, and are not late. `GetMediaInputStatus` says nothing of
    that: it calls a source playing whose engine is dead.

    ask: as `Device.ask`. n: the frame that the engine is at. sending: whether the engine's side of the feed is up; as
    soon as it is, OBS is looked at. told: is given a sentence about what is wrong, and None once it is well.
    key: has the next picture be a key frame.
    """

    def __init__(
        self,
        source: Source,
        fps: int,
        ask: Ask,
        n: Callable[[], int],
        sending: Callable[[], bool],
        told: Callable[[str | None], object] = lambda sentence: None,
        key: Callable[[], object] = lambda: None,
    ) -> None:
        self._source, self._ask, self._n, self._sending = source, ask, n, sending
        self._told, self._key, self._sent = told, key, False
        self._life, self._revival = Life(fps), Revival()

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            if await self._begins(EVERY) and not listens(self._source):
                await self._arrive()
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

    async def _begins(self, seconds: float) -> bool:
        """Wait so long, or until the engine begins to send: whether it does."""
        for _ in range(round(seconds / NOTICE)):
            before, self._sent = self._sent, self._sending()
            if self._sent and not before:
                return True
            await asyncio.sleep(NOTICE)
        return False

    async def _arrive(self) -> None:
        """An OBS that waits for the feed shows it at once; one that is just between two tries opens it now."""
        await asyncio.sleep(ARRIVES)
        try:
            if await self._number() is None:
                await self._revive()
        except (Lost, Refused) as error:
            log.debug("OBS is not there yet: %s", error)

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
        for seconds in OPENS:
            await asyncio.sleep(seconds)
            self._key()

    async def _asked(self, request: str, **data: Any) -> dict[str, Any]:
        return await asyncio.wrap_future(self._ask(request, **data))
