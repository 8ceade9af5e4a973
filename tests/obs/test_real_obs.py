"""A real OBS, steered: what it is given, what somebody changes in it, how it goes and comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from obs_program import ObsProgram, RefusedByObs
from wanted_obs import FEED, SLATE, Steered, wait, wanted

from host_engine.obs.diff_items import placed
from host_engine.obs.wanted import IMAGE, Source
from host_engine.show.box import Box

pytestmark = pytest.mark.alone

FLASH = "Blitz ⚡ 限時"


@pytest.fixture(scope="module")
def obs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ObsProgram]:
    made = ObsProgram(tmp_path_factory.mktemp("obs"))
    try:
        made.start()
        yield made
    finally:
        made.end()


def program(obs: ObsProgram) -> str:
    found: str = obs.ask("GetCurrentProgramScene")["currentProgramSceneName"]
    return found


def scenes(obs: ObsProgram) -> set[str]:
    return {each["sceneName"] for each in obs.ask("GetSceneList")["scenes"]}


def items(obs: ObsProgram, scene: str) -> list[dict[str, Any]]:
    """From the lowest upwards."""
    try:
        found = obs.ask("GetSceneItemList", sceneName=scene)["sceneItems"]
    except RefusedByObs:
        return []
    return sorted(found, key=lambda each: each["sceneItemIndex"])


def order(obs: ObsProgram, scene: str) -> list[str]:
    return [each["sourceName"] for each in items(obs, scene)]


@pytest.mark.timeout(240)
def test_a_real_obs(obs: ObsProgram, tmp_path: Path) -> None:
    obs.ask("CreateScene", sceneName="Theirs")
    obs.ask("CreateInput", sceneName="Theirs", inputName="Chat", inputKind="color_source_v3", inputSettings={})
    made = Steered(obs.port, wanted(transition=300), obs.password)
    made.start()
    try:
        _is_made(obs, made)
        _is_put_back(obs, made)
        _is_made_anew(obs, made)
        _comes_back(obs, made)
    finally:
        made.end(wanted("be-right-back-vertical"))
    assert program(obs) == "be-right-back"


def _is_made(obs: ObsProgram, made: Steered) -> None:
    made.settled(shown="studio", connections=1)
    assert {"studio", FLASH, "be-right-back", "human", "Theirs"} <= scenes(obs)
    assert order(obs, FLASH) == [SLATE.name, FEED.name, "Banner 🔥"]
    canvas = obs.ask("GetVideoSettings")
    seen = items(obs, FLASH)[2]["sceneItemTransform"]
    for name, value in placed(Box(60, 900, 600, 120), (720, 1280), (canvas["baseWidth"], canvas["baseHeight"])).items():
        assert seen[name] == (value if isinstance(value, str) else pytest.approx(value, abs=0.1)), name
    text = obs.ask("GetInputSettings", inputName="Banner 🔥")["inputSettings"]
    assert text["text"] == "Only today"
    transition = obs.ask("GetCurrentSceneTransition")
    assert (transition["transitionKind"], transition["transitionDuration"]) == ("fade_transition", 300)
    wait(lambda: made.state.obs)
    assert not made.state.troubles


def _is_put_back(obs: ObsProgram, made: Steered) -> None:
    obs.ask("SetCurrentProgramScene", sceneName="Theirs")
    wait(lambda: program(obs) == "studio")
    made.device.want(wanted("flash-sale-vertical", transition=300))
    wait(lambda: program(obs) == FLASH)
    obs.ask("RemoveScene", sceneName=FLASH)
    wait(lambda: program(obs) == FLASH and order(obs, FLASH) == [SLATE.name, FEED.name, "Banner 🔥"])
    feed = items(obs, FLASH)[1]
    where = {"sceneName": FLASH, "sceneItemId": feed["sceneItemId"]}
    obs.ask("SetSceneItemEnabled", **where, sceneItemEnabled=False)
    obs.ask("SetSceneItemTransform", **where, sceneItemTransform={"cropTop": 200, "positionX": 50.0})
    obs.ask("SetSceneItemIndex", **where, sceneItemIndex=2)
    obs.ask("SetInputMute", inputName=FEED.name, inputMuted=True)
    obs.ask("SetInputSettings", inputName=FEED.name, inputSettings={"input": "rtmp://127.0.0.1/other"})
    wait(lambda: order(obs, FLASH) == [SLATE.name, FEED.name, "Banner 🔥"])
    wait(lambda: items(obs, FLASH)[1]["sceneItemEnabled"])
    wait(lambda: items(obs, FLASH)[1]["sceneItemTransform"]["cropTop"] == 0)
    wait(lambda: not obs.ask("GetInputMute", inputName=FEED.name)["inputMuted"])
    wait(lambda: obs.ask("GetInputSettings", inputName=FEED.name)["inputSettings"]["input"] == FEED.settings["input"])
    assert "Theirs" in scenes(obs)


def _is_made_anew(obs: ObsProgram, made: Steered) -> None:
    """The slate was a colour, and is a picture now."""
    picture = Source(SLATE.name, IMAGE, {"file": "/nowhere.png"})
    made.device.want(wanted("flash-sale-vertical", transition=300, beneath=picture))
    wait(lambda: {each["inputName"]: each["inputKind"] for each in obs.ask("GetInputList")["inputs"]}.get(SLATE.name)
         == "image_source")  # fmt: skip
    wait(lambda: all(order(obs, each)[:2] == [SLATE.name, FEED.name] for each in ("studio", FLASH, "human")))
    made.settled(troubles=())
    made.device.want(wanted("flash-sale-vertical", transition=300))


def _comes_back(obs: ObsProgram, made: Steered) -> None:
    obs.kill()
    wait(lambda: made.state.link == "away")
    made.device.want(wanted(transition=300))
    obs.start()
    made.settled(shown="studio", connections=2)
    assert program(obs) == "studio"
