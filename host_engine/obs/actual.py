"""What an OBS is like at the moment, as far as it matters for what is wanted of it: read anew each time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from host_engine.obs.client import Refused
from host_engine.obs.wanted import Volume, Wanted

NOT_FOUND = 600  # code of obs-websocket: there is no such thing, any more
VERSION = re.compile(r"_v\d+$")  # of a kind of source

Ask = Callable[..., dict[str, Any]]  # a request by its name and data; raises Refused and Lost


@dataclass(frozen=True)
class Placed:
    """A source in a scene, as it stands there."""

    id: int
    source: str
    index: int  # 0 is the lowest
    seen: bool
    transform: Mapping[str, Any]


class Transition(NamedTuple):
    """How OBS goes from one scene to the next. `names`: of those that it has, by their kinds."""

    kind: str
    duration: int | None  # milliseconds; None where its length is its own
    names: Mapping[str, str]


class Streaming(NamedTuple):
    """Whether OBS streams, and where to."""

    active: bool  # also while OBS tries to reach again what it has lost
    reconnecting: bool
    custom: bool  # to an address of one's own
    server: str
    key: str


@dataclass(frozen=True)
class Actual:
    """One look at OBS. `items`, `settings` and `volumes` only of what is wanted and is there."""

    collection: str
    collections: frozenset[str]  # all that there are
    profile: str
    profiles: frozenset[str]
    canvas: tuple[int, int]
    scene: str
    scenes: frozenset[str]
    items: Mapping[str, tuple[Placed, ...]]  # by scene
    inputs: Mapping[str, str]  # name -> kind, without its version
    kinds: Mapping[str, str]  # kind without its version -> the newest version
    settings: Mapping[str, Mapping[str, Any]] = field(repr=False)  # of sources
    volumes: Mapping[str, Volume]
    transition: Transition
    stream: Streaming | None = field(default=None, repr=False)  # where one is wanted


def read(ask: Ask, wanted: Wanted) -> Actual:
    """Look at OBS. Some thirty requests, 10 ms or so. Raises Refused, such as while OBS starts, and Lost."""
    collections, profiles = ask("GetSceneCollectionList"), ask("GetProfileList")
    video, scenes = ask("GetVideoSettings"), ask("GetSceneList")
    inputs = {
        str(each["inputName"]): str(each.get("unversionedInputKind", "")) for each in ask("GetInputList")["inputs"]
    }
    there = frozenset(str(each["sceneName"]) for each in scenes["scenes"])
    kinds = {VERSION.sub("", str(kind)): str(kind) for kind in ask("GetInputKindList", unversioned=False)["inputKinds"]}
    return Actual(
        str(collections["currentSceneCollectionName"]),
        frozenset(map(str, collections["sceneCollections"])),
        str(profiles["currentProfileName"]),
        frozenset(map(str, profiles["profiles"])),
        (int(video["baseWidth"]), int(video["baseHeight"])),
        str(scenes["currentProgramSceneName"]),
        there,
        _there(lambda name: _items(ask, name), (each.name for each in wanted.scenes if each.name in there)),
        inputs,
        kinds,
        _there(lambda name: _settings(ask, name), (each.name for each in wanted.sources if each.name in inputs)),
        _there(lambda name: _volume(ask, name), (name for name in wanted.volumes if name in inputs)),
        _transition(ask),
        _stream(ask) if wanted.stream else None,
    )


def _there(look: Callable[[str], Any], names: Iterable[str]) -> dict[str, Any]:
    """What is found of each; what has gone meanwhile, or cannot have it, is left out."""
    found = {}
    for name in names:
        try:
            found[name] = look(name)
        except Refused as refused:
            if not NOT_FOUND <= refused.code < NOT_FOUND + 10:  # of the wrong kind is one of these
                raise
    return found


def _items(ask: Ask, scene: str) -> tuple[Placed, ...]:
    found = ask("GetSceneItemList", sceneName=scene)["sceneItems"]
    placed = (
        Placed(
            int(each["sceneItemId"]),
            str(each["sourceName"]),
            int(each["sceneItemIndex"]),
            bool(each["sceneItemEnabled"]),
            dict(each.get("sceneItemTransform") or {}),
        )
        for each in found
    )
    return tuple(sorted(placed, key=lambda each: each.index))


def _settings(ask: Ask, source: str) -> dict[str, Any]:
    return dict(ask("GetInputSettings", inputName=source)["inputSettings"])


def _volume(ask: Ask, source: str) -> Volume:
    muted = bool(ask("GetInputMute", inputName=source)["inputMuted"])
    decibels = ask("GetInputVolume", inputName=source)["inputVolumeDb"]
    return Volume(-100.0 if decibels is None else float(decibels), muted)


def _transition(ask: Ask) -> Transition:
    found = ask("GetSceneTransitionList")
    names = {str(each["transitionKind"]): str(each["transitionName"]) for each in reversed(found["transitions"])}
    duration = ask("GetCurrentSceneTransition").get("transitionDuration")
    return Transition(str(found["currentSceneTransitionKind"]), None if duration is None else int(duration), names)


def _stream(ask: Ask) -> Streaming:
    service, status = ask("GetStreamServiceSettings"), ask("GetStreamStatus")
    settings = service.get("streamServiceSettings") or {}
    lost = bool(status.get("outputReconnecting"))
    custom = service["streamServiceType"] == "rtmp_custom"
    return Streaming(
        bool(status["outputActive"]) or lost,
        lost,
        custom,
        str(settings.get("server", "")),
        str(settings.get("key", "")),
    )
