"""From what is wanted of OBS, and what it is like, to requests with their reasons in words. Nothing is asked here."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from host_engine.obs.actual import Actual
from host_engine.obs.aspects import Aspect, Request
from host_engine.obs.diff_items import make, scene_items
from host_engine.obs.feed import plain
from host_engine.obs.wanted import Source, Stream, Volume, Wanted

CUT, FADE = "cut_transition", "fade_transition"
SCENE = "scene/"
LOUDER, QUIETEST = 0.15, -99.0  # decibels
TRANSITION, PROGRAM, SERVICE, RUNNING = "transition", "program", "stream/service", "stream/running"
ADDRESSES = ("input", "url")  # settings that say something else each time a source is revived


def compare(wanted: Wanted, actual: Actual) -> list[Aspect]:
    """Everything that is wanted, in the order in which it is to be brought about: scenes and what is in them, the one
    that is seen, then the rest."""
    return [
        *_scenes(wanted, actual),
        *_transition(wanted.transition, actual),
        _program(wanted, actual),
        *(_settings(each, actual) for each in wanted.sources),
        *(_volume(name, volume, actual) for name, volume in wanted.volumes.items()),
        *_stream(wanted, actual),
    ]


def other_collection(wanted: Wanted, actual: Actual) -> str | None:
    """The scene collection that somebody should choose in OBS, as this one is left alone; None where it is steered."""
    return _other(wanted.collection, wanted.own, actual.collection, actual.collections)


def other_profile(wanted: Wanted, actual: Actual) -> str | None:
    """The same of profiles."""
    return _other(wanted.profile, wanted.own, actual.profile, actual.profiles)


def _other(named: str | None, own: str | None, chosen: str, there: Collection[str]) -> str | None:
    """The one that the channel names; else its own, where that was made; else whichever is chosen will do."""
    right = named or (own if own in there else None)
    return right if right != chosen else None


def _scenes(wanted: Wanted, actual: Actual) -> Iterator[Aspect]:
    sources = {each.name: each for each in wanted.sources}
    made = set(actual.inputs)  # sources that are there by then
    for scene in wanted.scenes:
        key = f"{SCENE}{scene.name}"
        if scene.name in actual.inputs:
            said = f"OBS has a source '{scene.name}', so there cannot be a scene of that name: rename one of them."
            yield Aspect(key, scene.name, said)
            continue
        if scene.name not in actual.scenes:
            yield Aspect(key, scene.name, f"OBS has no scene '{scene.name}'.", tuple(_made(scene.name, actual)))
        else:
            yield Aspect(key, scene.name)
        yield from scene_items(scene, sources, made, actual)


def _made(scene: str, actual: Actual) -> Iterator[Request]:
    """One that was deleted while it was on air is there as long as it is: its name is not free before that."""
    if scene == actual.scene and actual.scenes:
        yield Request("SetCurrentProgramScene", {"sceneName": min(actual.scenes)})
    yield Request("CreateScene", {"sceneName": scene})


def _program(wanted: Wanted, actual: Actual) -> Aspect:
    if actual.scene == wanted.scene:
        return Aspect(PROGRAM, wanted.scene)
    said = f"OBS shows the scene '{actual.scene}', not '{wanted.scene}'."
    return Aspect(PROGRAM, wanted.scene, said, (Request("SetCurrentProgramScene", {"sceneName": wanted.scene}),))


def _transition(milliseconds: int, actual: Actual) -> Iterator[Aspect]:
    kind, seen = FADE if milliseconds else CUT, actual.transition
    if kind not in seen.names:
        said = "OBS has no fade among its transitions: add one there." if milliseconds else "OBS has no cut."
        yield Aspect(TRANSITION, kind, said)
        return
    choose = Request("SetCurrentSceneTransition", {"transitionName": seen.names[kind]})
    last = Request("SetCurrentSceneTransitionDuration", {"transitionDuration": milliseconds})
    if seen.kind != kind:
        what = f"fade for {milliseconds} ms" if milliseconds else "cut"
        said = f"OBS does not {what} from one scene to the next."
        yield Aspect(TRANSITION, (kind, milliseconds), said, (choose, last) if milliseconds else (choose,))
    elif milliseconds and seen.duration != milliseconds:
        said = f"OBS fades for {seen.duration} ms from one scene to the next, not for {milliseconds} ms."
        yield Aspect(TRANSITION, (kind, milliseconds), said, (last,))
    else:
        yield Aspect(TRANSITION, (kind, milliseconds))


def _settings(source: Source, actual: Actual) -> Aspect:
    key = f"settings/{source.name}"
    kind = actual.inputs.get(source.name)
    if kind is None:  # it is made with them
        return Aspect(key, source.settings)
    if kind not in source.kinds and kind in source.instead:
        said = f"The source '{source.name}' in OBS is a {kind}, not a {make(source, actual)}: it is made anew."
        return Aspect(key, source.settings, said, tuple(_removed(source.name, actual)))
    if kind not in source.kinds:
        said = f"The source '{source.name}' in OBS is a {kind}, not a {make(source, actual)}: rename it there."
        return Aspect(key, source.settings, said)
    if source.name not in actual.settings:
        return Aspect(key, source.settings)
    wrong = differing(source.settings, actual.settings[source.name])
    if not wrong:
        return Aspect(key, source.settings)
    said = f"The source '{source.name}' in OBS has another {' and another '.join(wrong)}."
    return Aspect(
        key, source.settings, said, (Request("SetInputSettings", {"inputName": source.name, "inputSettings": wrong}),)
    )


def _removed(source: str, actual: Actual) -> Iterator[Request]:
    """Out of the scenes first: one that is not on air would keep it, and with it the name."""
    for scene, items in actual.items.items():
        for each in items:
            if each.source == source:
                yield Request("RemoveSceneItem", {"sceneName": scene, "sceneItemId": each.id})
    yield Request("RemoveInput", {"inputName": source})


def differing(wanted: Mapping[str, Any], actual: Mapping[str, Any]) -> dict[str, Any]:
    """The wanted settings that are not so. An address that was written otherwise to revive a source is as it was."""
    return {
        name: value
        for name, value in wanted.items()
        if (plain(str(actual.get(name))) if name in ADDRESSES else actual.get(name)) != value
    }


def _volume(name: str, wanted: Volume, actual: Actual) -> Aspect:
    key, seen = f"volume/{name}", actual.volumes.get(name)
    if seen is None:
        missing = name not in actual.inputs
        said = f"OBS has no source '{name}' whose volume could be set." if missing and wanted.db is not None else ""
        return Aspect(key, wanted, said)
    reasons, requests = [], []
    if seen.muted != wanted.muted:
        reasons.append("is muted" if seen.muted else "is not muted")
        requests.append(Request("SetInputMute", {"inputName": name, "inputMuted": wanted.muted}))
    if wanted.db is not None and _apart(seen.db, wanted.db):
        reasons.append(f"is at {seen.db:.1f} dB, not at {wanted.db:.1f} dB")
        requests.append(Request("SetInputVolume", {"inputName": name, "inputVolumeDb": wanted.db}))
    said = f"The source '{name}' in OBS {' and '.join(reasons)}." if reasons else ""
    return Aspect(key, wanted, said, tuple(requests))


def _apart(seen: float | None, wanted: float) -> bool:
    """OBS says -100 for what is switched off, or less."""
    return abs(max(seen or 0.0, QUIETEST) - max(wanted, QUIETEST)) > LOUDER


def _stream(wanted: Wanted, actual: Actual) -> Iterator[Aspect]:
    stream, seen = wanted.stream, actual.stream
    if stream is None or seen is None:
        return
    if other_profile(wanted, actual):
        return  # it is left alone
    if not (seen.custom and _address(seen.server) == _address(stream.server) and seen.key == stream.key):
        if seen.active:  # OBS takes no other address meanwhile
            yield Aspect(SERVICE, stream, "OBS streams to somewhere else.", (Request("StopStream", {}),))
        else:
            yield Aspect(SERVICE, stream, "OBS is set to stream to somewhere else.", (_service(stream),))
        return
    yield Aspect(SERVICE, stream)
    if seen.active:
        yield Aspect(RUNNING, stream)
    else:
        yield Aspect(RUNNING, stream, "OBS does not stream.", (Request("StartStream", {}),))


def _service(stream: Stream) -> Request:
    settings = {"server": stream.server, "key": stream.key, "use_auth": False}
    return Request("SetStreamServiceSettings", {"streamServiceType": "rtmp_custom", "streamServiceSettings": settings})


def _address(server: str) -> str:
    return server.strip().rstrip("/")
