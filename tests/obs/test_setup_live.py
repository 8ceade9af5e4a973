"""Setting up an OBS that is at work: what is refused, what is left to do, and what is muted."""

from __future__ import annotations

from typing import Any

import pytest

from host_engine.channel_file.steering import Obs
from host_engine.media import Format
from host_engine.obs.client import Refused
from host_engine.obs.collection import Collection, collection_of
from host_engine.obs.profile import Shape, settings_of
from host_engine.obs.setup_live import SetUp
from host_engine.obs.wanted import Wanted, wanted_of
from host_engine.show.scene import Scene

SHAPE = Shape(Format(640, 360, 25), 2500)
PROFILE = {each.key: each.value for each in settings_of(SHAPE)}


def needs() -> tuple[Collection, Wanted]:
    scenes = {"studio": Scene.model_construct(name="studio", size=(640, 360))}
    collection = collection_of(Obs(), "tea", scenes, (640, 360), 25, "http://127.0.0.1:8080", None)
    wanted = wanted_of(Obs(), scenes, (640, 360), collection.feed, beneath=collection.slate)
    return collection, wanted["studio"]


class Answers:
    """An OBS that answers as it is told, takes everything else, and remembers what it was asked."""

    def __init__(self, **changed: Any) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.not_ready = 0
        self.known: dict[str, Any] = {
            "GetProfileList": {"profiles": ["tea", "mine"], "currentProfileName": "tea"},
            "GetSceneCollectionList": {"sceneCollections": ["tea"], "currentSceneCollectionName": "tea"},
            "GetStreamStatus": {"outputActive": False},
            "GetRecordStatus": {"outputActive": False},
            "GetVideoSettings": {
                "baseWidth": 640, "baseHeight": 360, "outputWidth": 640, "outputHeight": 360, "fpsNumerator": 25,
                "fpsDenominator": 1,
            },
            "GetInputKindList": {"inputKinds": ["ffmpeg_source", "color_source_v3"]},
            "GetInputList": {"inputs": []},
            "GetSceneList": {"currentProgramSceneName": "studio", "scenes": []},
            "GetSceneTransitionList": {
                "currentSceneTransitionKind": "cut_transition",
                "transitions": [{"transitionKind": "cut_transition", "transitionName": "Cut"}],
            },
            "GetSpecialInputs": {"desktop1": "Desktop Audio", "mic1": "Mic/Aux", "mic2": None},
            "CreateInput": {"sceneItemId": 1}, "CreateSceneItem": {"sceneItemId": 2},
        } | changed  # fmt: skip

    def ask(self, request: str, /, **data: Any) -> dict[str, Any]:
        if self.not_ready:
            self.not_ready -= 1
            raise Refused(request, 207, "OBS is not ready to perform the request.")
        self.asked.append((request, data))
        if request == "GetProfileParameter":
            return {"parameterValue": PROFILE.get(data["parameterName"])}
        answer = self.known.get(request, {})
        if isinstance(answer, Refused):
            raise answer
        return dict(answer)

    def names(self) -> list[str]:
        return [name for name, _ in self.asked]


def made(obs: Answers) -> SetUp:
    collection, wanted = needs()
    work = SetUp(obs.ask, wait=lambda seconds: None)
    work.make(collection, SHAPE, wanted)
    return work


@pytest.mark.parametrize(("request_", "what"), [("GetStreamStatus", "streams"), ("GetRecordStatus", "records")])
def test_an_obs_that_is_on_air_with_something_else_is_left_alone(request_: str, what: str) -> None:
    mine = {"profiles": ["mine"], "currentProfileName": "mine"}
    obs = Answers(GetProfileList=mine, **{request_: {"outputActive": True}})
    with pytest.raises(ValueError, match=f"OBS {what} at the moment.*stop that, and set up again"):
        made(obs)
    assert all(name.startswith("Get") for name in obs.names())


def test_an_obs_that_is_just_starting_is_asked_again() -> None:
    obs = Answers()
    obs.not_ready = 20
    made(obs)
    assert "CreateScene" in obs.names()


def test_what_obs_refuses_is_left_to_do_and_the_rest_is_done() -> None:
    work = made(Answers(CreateScene=Refused("CreateScene", 601, "A source already exists by that name.")))
    assert any("OBS refuses to change that: CreateScene: A source already exists" in each for each in work.left)


def test_a_picture_that_cannot_be_changed_while_obs_streams_is_left_to_do() -> None:
    video = {"baseWidth": 1920, "baseHeight": 1080, "fpsNumerator": 60, "fpsDenominator": 1}
    obs = Answers(GetVideoSettings=video, SetVideoSettings=Refused("SetVideoSettings", 500, "Video is active."))
    assert any("OBS's picture is not 640x360 at 25 frames a second while it streams" in each for each in made(obs).left)


def test_in_a_new_collection_only_the_show_is_heard() -> None:
    work = made(obs := Answers(GetSceneCollectionList={"sceneCollections": [], "currentSceneCollectionName": "mine"}))
    muted = [data["inputName"] for name, data in obs.asked if name == "SetInputMute"]
    assert {"Desktop Audio", "Mic/Aux"} <= set(muted)
    assert None not in muted
    assert any("'Mic/Aux', a sound of this machine, is muted" in each for each in work.done)


def test_in_a_collection_that_was_there_sounds_are_left_alone() -> None:
    obs = Answers()
    made(obs)
    assert "GetSpecialInputs" not in obs.names()
