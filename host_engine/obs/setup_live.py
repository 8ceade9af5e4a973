"""Makes what the channel needs in an OBS that is at work: a profile, a scene collection, its scenes and sources."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from host_engine.obs.actual import Ask, read
from host_engine.obs.aspects import Aspect
from host_engine.obs.client import Refused
from host_engine.obs.collection import Collection
from host_engine.obs.diff import compare
from host_engine.obs.profile import Setting, Shape, settings_of, video_settings
from host_engine.obs.wanted import Wanted

PASSES = 4  # looks until all is as it should be
NOT_READY, OUTPUT_RUNNING = 207, 500  # codes of obs-websocket
LOADING = 15.0  # seconds that a scene collection may take to load
PAUSE = 0.1  # seconds between two questions whether it has
VIDEO = "Video"  # the section that has a request of its own


class SetUp:
    """Nothing that is not the channel's is touched: its profile and its collection are made beside those of others.

    done: sentences about what was made or changed. left: about what could not be, and what to do. Requests raise Lost.
    """

    def __init__(self, ask: Ask, wait: Callable[[float], object] = time.sleep) -> None:
        self._plain, self._wait = ask, wait
        self.done: list[str] = []
        self.left: list[str] = []

    def make(self, collection: Collection, shape: Shape, wanted: Wanted) -> None:
        """Make it all. Raises Lost, Refused for what makes no sense to go on after, and ValueError, with a sentence,
        where it would end what OBS is doing."""
        self._not_at_work(collection)
        self._profile(collection.profile, shape)
        fresh = self._collection(collection.name)
        self._scenes(wanted)
        if fresh:
            self._alone(wanted)

    def ask(self, request: str, /, **data: Any) -> dict[str, Any]:
        """As the client's, but an OBS that is just loading is asked again."""
        for _ in range(round(LOADING / PAUSE)):
            try:
                return self._plain(request, **data)
            except Refused as refused:
                if refused.code != NOT_READY:
                    raise
                self._wait(PAUSE)
        return self._plain(request, **data)

    def _not_at_work(self, wanted: Collection) -> None:
        """Another profile or collection in the middle of a stream would be seen by its viewers."""
        profiles, collections = self.ask("GetProfileList"), self.ask("GetSceneCollectionList")
        if (profiles["currentProfileName"], collections["currentSceneCollectionName"]) == (wanted.profile, wanted.name):
            return
        for request, what in (("GetStreamStatus", "streams"), ("GetRecordStatus", "records")):
            if self.ask(request)["outputActive"]:
                said = f"OBS {what} at the moment, with another profile or scene collection than the channel's"
                raise ValueError(f"{said}: stop that, and set up again")

    def _profile(self, name: str, shape: Shape) -> None:
        found = self.ask("GetProfileList")
        if name not in found["profiles"]:
            self.ask("CreateProfile", profileName=name)
            self.done.append(f"the profile '{name}' is new, and chosen; yours are kept in the menu Profile")
        elif found["currentProfileName"] != name:
            self.ask("SetCurrentProfile", profileName=name)
            self.done.append(f"the profile '{name}' is chosen")
        self._video(shape)
        changed = [each for each in settings_of(shape) if each.section != VIDEO and self._set(each)]
        if changed and name in found["profiles"]:
            self._choose_again(name, [each for each in found["profiles"] if each != name])

    def _video(self, shape: Shape) -> None:
        wanted, actual = video_settings(shape.format), self.ask("GetVideoSettings")
        if all(actual.get(key) == value for key, value in wanted.items()):
            return
        size = f"{shape.format.width}x{shape.format.height} at {shape.format.fps} frames a second"
        try:
            self.ask("SetVideoSettings", **wanted)
            self.done.append(f"OBS's picture is {size}, as the channel's is")
        except Refused as refused:
            if refused.code != OUTPUT_RUNNING:
                raise
            self.left.append(f"OBS's picture is not {size} while it streams or records: stop that, and set up again")

    def _set(self, setting: Setting) -> bool:
        place = {"parameterCategory": setting.section, "parameterName": setting.key}
        if self.ask("GetProfileParameter", **place).get("parameterValue") == setting.value:
            return False
        self.ask("SetProfileParameter", **place, parameterValue=setting.value)
        self.done.append(f"[{setting.section}] {setting.key}={setting.value}: {setting.why}")
        return True

    def _choose_again(self, name: str, others: list[str]) -> None:
        """OBS reads some of these settings only when a profile is chosen."""
        if others and not self.ask("GetStreamStatus")["outputActive"]:
            self.ask("SetCurrentProfile", profileName=others[0])
            self.ask("SetCurrentProfile", profileName=name)
        else:
            self.left.append(f"OBS reads some of these when the profile '{name}' is chosen: start OBS anew")

    def _collection(self, name: str) -> bool:
        """Whether it is a new one."""
        found = self.ask("GetSceneCollectionList")
        if name not in found["sceneCollections"]:
            self.ask("CreateSceneCollection", sceneCollectionName=name)
            said = "is new, and chosen; yours are kept in the menu Scene Collection"
            self.done.append(f"the scene collection '{name}' {said}")
            return True
        if found["currentSceneCollectionName"] != name:
            self.ask("SetCurrentSceneCollection", sceneCollectionName=name)
            self.done.append(f"the scene collection '{name}' is chosen")
        return False

    def _scenes(self, wanted: Wanted) -> None:
        """As the engine itself does while it is on air."""
        refused: dict[str, str] = {}
        for _ in range(PASSES):
            wrong = [each for each in compare(wanted, read(self.ask, wanted)) if not each.alike]
            due = [each for each in wrong if each.requests and each.key not in refused]
            if not due:
                break
            for each in due:
                if why := self._bring_about(each):
                    refused[each.key] = why
        self.left += [f"{each.reason} {refused.get(each.key, '')}".strip() for each in wrong]

    def _bring_about(self, aspect: Aspect) -> str:
        """Why OBS refused, "" where it did not."""
        answers: dict[str, Any] = {}
        try:
            for each in aspect.requests:  # some take what the answers before them say, such as a number
                answers |= self.ask(each.name, **each.data, **{name: answers[name] for name in each.takes})
        except Refused as refused:
            return f"OBS refuses to change that: {refused}"
        self.done.append(f"{aspect.reason} It is put right.")
        return ""

    def _alone(self, wanted: Wanted) -> None:
        """A new collection begins with an empty scene, and with this machine's sounds: neither belongs on air."""
        ours = {each.name for each in wanted.scenes}
        for scene in self.ask("GetSceneList")["scenes"]:
            if scene["sceneName"] not in ours:
                self.ask("RemoveScene", sceneName=scene["sceneName"])
        for name in self._sounds():
            self.ask("SetInputMute", inputName=name, inputMuted=True)
            self.done.append(f"'{name}', a sound of this machine, is muted: only the show is heard")

    def _sounds(self) -> Iterator[str]:
        yield from (str(name) for name in self.ask("GetSpecialInputs").values() if name)
