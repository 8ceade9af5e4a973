"""The feed looked after in OBS: what its screenshots say, and when it is opened anew."""

from __future__ import annotations

import asyncio
import base64
from concurrent.futures import Future
from typing import Any

import cv2
import numpy as np
import pytest
from until import until

from host_engine import frame_code
from host_engine.channel_file.steering import Feed
from host_engine.obs import feed_watch, screenshot
from host_engine.obs.client import Lost, Refused
from host_engine.obs.feed import feed_source, plain
from host_engine.obs.feed_watch import FeedWatch

SOURCE = feed_source(Feed(), "http://127.0.0.1:8080", (640, 360), 25)


def shot(code: int | None) -> dict[str, Any]:
    """OBS's answer with a picture that has this number."""
    picture = np.full((270, 320), 128, np.uint8)
    if code is not None:
        frame_code.write(picture, code)
    png = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_YUV2BGR_I420))[1].tobytes()
    return {"imageData": "data:image/png;base64," + base64.b64encode(png).decode()}


class ScriptedObs:
    """An OBS with one source: its picture has the number `behind` frames ago, as long as it shows any."""

    def __init__(self) -> None:
        self.n, self.behind = 1000, 5
        self.shows, self.sending, self.away = True, True, False
        self.settings: dict[str, Any] = dict(SOURCE.settings)
        self.opened: list[str] = []
        self.opens = True  # whether a source that is opened anew shows the picture
        self.told: list[str | None] = []
        self.keys = 0

    def ask(self, name: str, **data: Any) -> Future[dict[str, Any]]:
        answer: Future[dict[str, Any]] = Future()
        try:
            answer.set_result(self._answer(name, data))
        except (Lost, Refused) as error:
            answer.set_exception(error)
        return answer

    def key(self) -> None:
        self.keys += 1

    def watch(self) -> FeedWatch:
        return FeedWatch(SOURCE, 25, self.ask, lambda: self.n, lambda: self.sending, self.told.append, self.key)

    async def looks(self, watch: FeedWatch, count: int) -> None:
        for _ in range(count):
            self.n += 100
            await watch.look()

    def _answer(self, name: str, data: dict[str, Any]) -> dict[str, Any]:
        if self.away:
            raise Lost("away", "OBS has gone away.")
        if name == screenshot.REQUEST:
            if not self.shows:
                raise Refused(name, 702, "Failed to render screenshot.")
            return shot(self.n - self.behind)
        if name == "GetInputSettings":
            return {"inputSettings": self.settings}
        assert (name, data["inputName"]) == ("SetInputSettings", SOURCE.name)
        self.settings |= data["inputSettings"]
        self.opened.append(data["inputSettings"]["input"])
        self.shows = self.opens
        return {}


@pytest.fixture
def obs() -> ScriptedObs:
    return ScriptedObs()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in {"EVERY": 0.02, "NOTICE": 0.002, "ARRIVES": 0.002, "OPENS": (0.001, 0.001)}.items():
        monkeypatch.setattr(feed_watch, name, seconds)
    monkeypatch.setattr(feed_watch.Revival, "SOON", 0.0)


async def test_a_feed_that_is_well_is_left_alone(obs: ScriptedObs) -> None:
    watch = obs.watch()
    await obs.looks(watch, 3)
    assert watch.status() == {"state": "alive", "behind_ms": 200, "revived": 0}
    assert obs.told[-1] is None
    assert obs.opened == []


async def test_a_feed_that_shows_nothing_is_opened_anew_at_the_same_place(obs: ScriptedObs) -> None:
    obs.shows, watch = False, obs.watch()
    await obs.looks(watch, 2)
    assert len(obs.opened) == 1
    assert plain(obs.opened[0]) == SOURCE.settings["input"] != obs.opened[0]
    assert obs.keys > 0
    await obs.looks(watch, 1)
    assert watch.status()["state"] == "alive"


async def test_it_is_written_otherwise_each_time(obs: ScriptedObs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_watch.Revival, "PAUSE", 0.0)
    obs.shows = obs.opens = False
    await obs.looks(obs.watch(), 6)
    assert len(set(obs.opened)) == len(obs.opened) == 3


async def test_what_stays_dead_is_told(obs: ScriptedObs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed_watch.Revival, "SOON", 100.0)
    obs.shows = False
    await obs.looks(obs.watch(), 2)
    assert obs.told[-1] == "OBS shows nothing of the engine"


async def test_while_the_engine_does_not_send_nobody_is_blamed(obs: ScriptedObs) -> None:
    obs.shows = obs.sending = False
    await obs.looks(obs.watch(), 5)
    assert (obs.opened, set(obs.told)) == ([], {None})


async def test_an_obs_that_is_away_is_no_dead_feed(obs: ScriptedObs) -> None:
    obs.away, watch = True, obs.watch()
    await obs.looks(watch, 5)
    assert watch.status()["state"] == "unknown"
    assert (obs.opened, set(obs.told)) == ([], {None})


async def test_what_obs_sends_instead_of_a_picture_is_nothing(obs: ScriptedObs) -> None:
    for answer in ({}, {"imageData": "data:,"}, {"imageData": "x,!!"}, {"imageData": "data:image/png;base64,AAAA"}):
        assert screenshot.brightness(answer) is None
        assert screenshot.picture(answer) is None


async def test_as_soon_as_the_engine_sends_again_an_obs_that_does_not_show_it_opens_it(obs: ScriptedObs) -> None:
    obs.sending = obs.shows = False
    running = asyncio.create_task(obs.watch().run())
    await asyncio.sleep(0)
    obs.sending = True
    await until(lambda: obs.opened)
    await until(lambda: obs.keys)
    running.cancel()
    await asyncio.wait([running])


async def test_an_obs_that_listens_is_left_to_listen(obs: ScriptedObs) -> None:
    obs.shows = False
    source = feed_source(Feed(way="listen"), "http://127.0.0.1:8080", (640, 360), 25)
    watch = FeedWatch(source, 25, obs.ask, lambda: obs.n, lambda: True, obs.told.append)
    running = asyncio.create_task(watch.run())
    await until(lambda: obs.told)
    assert obs.opened == []
    running.cancel()
    await asyncio.wait([running])


async def test_an_obs_that_waited_for_it_shows_it_and_is_left_alone(obs: ScriptedObs) -> None:
    watch = obs.watch()
    running = asyncio.create_task(watch.run())
    await until(lambda: obs.told)
    running.cancel()
    await asyncio.wait([running])
    assert obs.opened == []
