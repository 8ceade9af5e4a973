"""Reads the AI label back from what OBS sends: a screenshot of its scene, while the engine's picture is part of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

from host_engine.labelling.finding import Finding
from host_engine.labelling.view import Plane
from host_engine.obs import screenshot
from host_engine.obs.client import Lost, Refused

log = logging.getLogger(__name__)

OF = "obs"
EVERY = 4.0  # seconds between two looks: a screenshot costs OBS 50 to 90 ms of a thread
WIDEST = 1280  # pixels of it
DEEP = 3  # scenes within scenes
SENDS = ("GetStreamStatus", "GetRecordStatus", "GetVirtualCamStatus")

Ask = Callable[..., "Future[dict[str, Any]]"]  # a request to OBS by its name and fields


class ObsLabel:
    """What lies over the engine's picture in OBS, or cuts it, is seen by nobody else. Where OBS sends nothing, or a
    scene without the engine's picture, no label is asked for."""

    def __init__(
        self,
        ask: Ask,
        feed: str,
        look: Callable[[Plane], Finding | None],
        rest: Callable[[], object],
        threads: Executor | None = None,
    ) -> None:
        """`feed`: the name of the engine's picture in OBS. `look`: is given a picture (h, w, 3) RGB, on `threads`;
        `rest`: called where there is nothing to look at."""
        self._ask, self._feed, self._look, self._rest, self._threads = ask, feed, look, rest, threads

    async def run(self) -> None:
        """Look until cancelled."""
        try:
            while True:
                await self.look()
                await asyncio.sleep(EVERY)
        finally:
            self._rest()

    async def look(self) -> None:
        """Look once. An OBS that is away, or that refuses, shows nothing that could be looked at."""
        try:
            picture = await self._picture()
        except (Lost, Refused) as error:
            log.debug("the label in OBS cannot be looked at: %s", error)
            picture = None
        if picture is None:
            self._rest()
        else:
            await asyncio.get_running_loop().run_in_executor(self._threads, self._look, picture)

    async def _picture(self) -> Plane | None:
        """What OBS sends, None where that is nothing of the engine's. Raises Lost and Refused."""
        if not await self._sends():
            return None
        scene = str((await self._asked("GetCurrentProgramScene"))["currentProgramSceneName"])
        if not await self._shows(scene):
            return None
        wide = int((await self._asked("GetVideoSettings"))["baseWidth"])
        answer = await self._asked(screenshot.REQUEST, **screenshot.asked(scene, min(wide, WIDEST)))
        return await asyncio.get_running_loop().run_in_executor(self._threads, screenshot.picture, answer)

    async def _sends(self) -> bool:
        """Whether anything leaves OBS."""
        for request in SENDS:
            try:
                if (await self._asked(request)).get("outputActive"):
                    return True
            except Refused:  # there is no virtual camera on some machines
                continue
        return False

    async def _shows(self, scene: str, deep: int = DEEP) -> bool:
        """Whether the engine's picture is seen in a scene, or in one within it."""
        items = (await self._asked("GetSceneItemList", sceneName=scene)).get("sceneItems", [])
        for each in items:
            if not each.get("sceneItemEnabled", True):
                continue
            name = str(each.get("sourceName", ""))
            inside = deep and each.get("sourceType") == "OBS_SOURCE_TYPE_SCENE" and not each.get("isGroup")
            if name == self._feed or (inside and await self._shows(name, deep - 1)):
                return True
        return False

    async def _asked(self, request: str, **data: Any) -> dict[str, Any]:
        return await asyncio.wrap_future(self._ask(request, **data))
