"""What is said of an OBS that is not as the channel needs it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

from host_engine import frame_code
from host_engine.channel_file.steering import Feed, Obs
from host_engine.media import Format
from host_engine.obs.client import Refused
from host_engine.obs.collection import collection_of
from host_engine.obs.inspection import OnAir, inspect, inspect_feed
from host_engine.obs.profile import Shape, settings_of
from host_engine.obs.wanted import wanted_of
from host_engine.show.scene import Scene

SHAPE = Shape(Format(640, 360, 25), 2500)
PROFILE = {(each.section, each.key): each.value for each in settings_of(SHAPE)}
WELL: dict[str, dict[str, Any]] = {
    "GetVersion": {"obsVersion": "29.0.2", "obsWebSocketVersion": "5.1.0"},
    "GetInputKindList": {"inputKinds": ["ffmpeg_source", "color_source", "image_source"]},
    "GetSceneCollectionList": {"sceneCollections": ["tea", "mine"], "currentSceneCollectionName": "tea"},
    "GetProfileList": {"profiles": ["tea", "mine"], "currentProfileName": "tea"},
    "GetVideoSettings": {"baseWidth": 640, "baseHeight": 360, "fpsNumerator": 25, "fpsDenominator": 1},
    "GetSceneList": {"currentProgramSceneName": "studio", "scenes": []},
    "GetInputList": {"inputs": []},
    "GetSceneTransitionList": {
        "currentSceneTransitionKind": "cut_transition",
        "transitions": [{"transitionKind": "cut_transition", "transitionName": "Cut"}],
    },
    "GetCurrentSceneTransition": {},
    "GetStats": {"renderSkippedFrames": 1, "renderTotalFrames": 1000, "outputSkippedFrames": 0, "outputTotalFrames": 0},
}


def answering(changed: dict[str, dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def ask(request: str, /, **data: Any) -> dict[str, Any]:
        if request == "GetProfileParameter":
            return {"parameterValue": PROFILE[data["parameterCategory"], data["parameterName"]]} | changed.get(
                request, {}
            )
        return WELL[request] | changed.get(request, {})

    return ask


def told(changed: dict[str, dict[str, Any]], way: str = "rtmp") -> dict[str, str]:
    """What is wrong or doubtful: sentence -> mark."""
    obs = Obs(feed=Feed(way=way))
    scenes = {"studio": Scene.model_construct(name="studio", size=(640, 360))}
    collection = collection_of(obs, "tea", scenes, (640, 360), 25, "http://127.0.0.1:8080", None)
    wanted = wanted_of(obs, scenes, (640, 360), collection.feed, beneath=collection.slate)["studio"]
    found = inspect(answering(changed), collection, SHAPE, wanted)
    return {each.said: each.mark for each in found if each.mark != "right"}


@pytest.mark.parametrize(
    ("changed", "mark", "sentence"),
    [
        ({"GetVersion": {"obsVersion": "27.2.4"}}, "wrong", "28 or later is needed"),
        ({"GetSceneCollectionList": {"currentSceneCollectionName": "mine"}}, "wrong", "collection 'mine' is chosen"),
        ({"GetProfileList": {"profiles": [], "currentProfileName": "x"}}, "wrong", "OBS has no profile 'tea': run obs"),
        ({"GetProfileList": {"currentProfileName": "mine"}}, "wrong", "the profile 'mine' is chosen: choose 'tea'"),
        ({"GetVideoSettings": {"baseWidth": 1280, "baseHeight": 720}}, "doubtful", "the channel's is scaled to that"),
        ({"GetVideoSettings": {"baseHeight": 640}}, "wrong", "black bars"),
        ({"GetVideoSettings": {"fpsNumerator": 60}}, "doubtful", "OBS makes 60 pictures a second, and the channel 25"),
        ({"GetProfileParameter": {"parameterValue": None}}, "doubtful", "the profile does not say VBitrate=2500"),
        ({"GetStats": {"renderSkippedFrames": 120}}, "doubtful", "OBS is too slow to draw 12% of its pictures"),
        ({}, "wrong", "OBS has no scene 'studio': run obs setup"),
    ],
)
def test_what_is_wrong_is_a_sentence(changed: dict[str, dict[str, Any]], mark: str, sentence: str) -> None:
    assert [marked for said, marked in told(changed).items() if sentence in said] == [mark]


def test_an_obs_without_browser_sources_is_told_from_one_that_is_wrong() -> None:
    found = told({}, way="browser")
    assert any("this OBS has no browser_source" in said and "obsproject.com" in said for said in found)


def shows(*codes: int | None) -> Callable[..., dict[str, Any]]:
    """An OBS whose screenshots have these numbers; None is a source without a picture."""
    left = list(codes)

    def ask(request: str, /, **data: Any) -> dict[str, Any]:
        if (code := left.pop(0)) is None:
            raise Refused(request, 702, "Failed to render screenshot.")
        picture = np.full((270, 320), 128, np.uint8)
        frame_code.write(picture, code)
        png = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_YUV2BGR_I420))[1].tobytes()
        return {"imageData": "data:image/png;base64," + base64.b64encode(png).decode()}

    return ask


@pytest.mark.parametrize(
    ("codes", "mark", "sentence"),
    [
        ((1000, 1010), "right", "arrives in OBS 400 ms after it was drawn"),
        ((900, 910), "wrong", "arrives in OBS 4400 ms after it was drawn"),
        ((1000, 1000), "wrong", "stands still"),
        ((None, None), "wrong", "OBS shows nothing of the engine in the source 'Host engine'"),
        ((900_000, 900_010), "wrong", "stands still"),
    ],
)
def test_the_feed_is_judged_by_the_numbers_in_it(codes: tuple[int | None, ...], mark: str, sentence: str) -> None:
    (found,) = inspect_feed(shows(*codes), "Host engine", OnAir(25, lambda: 1020), lambda seconds: None)
    assert found.mark == mark
    assert sentence in found.said
