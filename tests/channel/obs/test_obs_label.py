"""The label in what OBS sends: looked at while the engine's picture leaves OBS, and in no other case."""

from __future__ import annotations

import asyncio
import base64
from concurrent.futures import Future
from typing import Any

import cv2
import numpy as np
import pytest
from labelled import LOOK, expected, ground, labelled

from host_engine.alarms import Alarms
from host_engine.channel.obs.obs_label import OF, ObsLabel
from host_engine.labelling.view import Plane
from host_engine.labelling.watchdog import Watchdog
from host_engine.obs.client import Lost, Refused

FEED = "Host engine"


class ScriptedObs:
    """Answers as OBS does: one scene, with the engine's picture in a scene within it."""

    def __init__(self) -> None:
        self.sends: dict[str, bool | None] = {
            "GetStreamStatus": True,
            "GetRecordStatus": False,
            "GetVirtualCamStatus": None,
        }
        self.enabled, self.away = True, False
        self.picture: Plane = np.zeros((64, 64, 3), np.uint8)
        self.asked: list[str] = []

    def ask(self, name: str, **data: Any) -> Future[dict[str, Any]]:
        self.asked.append(name)
        answer: Future[dict[str, Any]] = Future()
        try:
            answer.set_result(self._answer(name, data))
        except (Lost, Refused) as error:
            answer.set_exception(error)
        return answer

    def _answer(self, name: str, data: dict[str, Any]) -> dict[str, Any]:
        if self.away:
            raise Lost("away", "OBS is not there.")
        if name in self.sends:
            if self.sends[name] is None:
                raise Refused(name, 604, "no virtual camera")
            return {"outputActive": self.sends[name]}
        if name == "GetCurrentProgramScene":
            return {"currentProgramSceneName": "Show"}
        if name == "GetSceneItemList":
            inner = {"sourceName": "Inner", "sourceType": "OBS_SOURCE_TYPE_SCENE", "sceneItemEnabled": True}
            feed = {"sourceName": FEED, "sourceType": "OBS_SOURCE_TYPE_INPUT", "sceneItemEnabled": self.enabled}
            return {"sceneItems": [inner] if data["sceneName"] == "Show" else [feed]}
        if name == "GetVideoSettings":
            return {"baseWidth": 360, "baseHeight": 640}
        assert (name, data["sourceName"]) == ("GetSourceScreenshot", "Show")
        done, png = cv2.imencode(".png", cv2.cvtColor(self.picture, cv2.COLOR_RGB2BGR))
        assert done
        return {"imageData": "data:image/png;base64," + base64.b64encode(png.tobytes()).decode()}


class Watched:
    def __init__(self) -> None:
        self.obs, self.alarms, self.at = ScriptedObs(), Alarms(), 0.0
        self.dog = Watchdog(self.alarms, lambda of, n: [expected(anywhere=True)], lambda: self.at)
        self.label = ObsLabel(self.obs.ask, FEED, lambda picture: self.dog.look(picture, OF), lambda: self.dog.rest(OF))

    def look(self, times: int = 1) -> list[str]:
        for _ in range(times):
            self.at += 4
            asyncio.run(self.label.look())
        return [each.name for each in self.alarms.raised]


def test_what_lies_over_the_label_in_obs_is_found_and_its_end_too() -> None:
    watched = Watched()
    watched.obs.picture = labelled()
    assert watched.look(2) == []
    assert watched.dog.status()["pictures"][0]["labelled"] is True
    covered = labelled()
    covered[: LOOK.box.bottom, LOOK.box.x :] = (20, 120, 20)
    watched.obs.picture = covered
    assert watched.look(2) == ["obs/label"]
    watched.obs.picture = labelled()
    assert watched.look(3) == []


def test_where_obs_sends_nothing_no_label_is_asked_for() -> None:
    watched = Watched()
    watched.obs.picture = ground()
    watched.obs.sends["GetStreamStatus"] = False
    assert watched.look(4) == []
    assert "GetSourceScreenshot" not in watched.obs.asked
    watched.obs.sends["GetRecordStatus"] = True
    assert watched.look(2) == ["obs/label"]


@pytest.mark.parametrize("what", ["enabled", "away"])
def test_a_scene_without_the_engines_picture_or_an_obs_that_is_away_ends_the_alarm(what: str) -> None:
    watched = Watched()
    watched.obs.picture = ground()
    assert watched.look(2) == ["obs/label"]
    setattr(watched.obs, what, what == "away")
    assert watched.look(1) == []
    assert watched.dog.status()["pictures"] == []
