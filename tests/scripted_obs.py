"""An OBS of the tests that speaks obs-websocket 5 and does what a test wants: refuse, hang, end, change by hand."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

NOT_READY, NOT_FOUND, EXISTS, WRONG_KIND, BAD_KIND = 207, 600, 601, 602, 605
TRANSFORM = {
    "positionX": 0.0, "positionY": 0.0, "rotation": 0.0, "alignment": 5, "boundsType": "OBS_BOUNDS_NONE",
    "boundsAlignment": 0, "boundsWidth": 0.0, "boundsHeight": 0.0, "cropLeft": 0, "cropTop": 0, "cropRight": 0,
    "cropBottom": 0,
}  # fmt: skip
SALT, CHALLENGE = "salt", "challenge"


class No(Exception):
    """A request that is refused: code and comment."""

    def __init__(self, code: int, comment: str = "") -> None:
        super().__init__(comment)
        self.code, self.comment = code, comment


class ScriptedObs:
    """Scenes, inputs, volumes, a transition and a stream, as in a real one. Requests are kept in `asked`.

    refuse: request -> (code, comment). silent: requests are not answered. hello: False says nothing to who connects.
    """

    def __init__(self, password: str = "", port: int = 0) -> None:
        self.password, self.port = password, port
        self.collection, self.profile = "Untitled", "Untitled"
        self.canvas = (720, 1280)
        self.scenes: dict[str, list[dict[str, Any]]] = {"Scene": []}
        self.program = "Scene"
        self.inputs: dict[str, dict[str, Any]] = {}
        self.kinds = ["image_source", "color_source_v3", "ffmpeg_source", "text_ft2_source_v2", "browser_source"]
        self.transition: tuple[str, int | None] = ("fade_transition", 300)
        self.service: dict[str, Any] = {"streamServiceType": "rtmp_common", "streamServiceSettings": {"server": "auto"}}
        self.streaming = False
        self.stream_works, self.reconnecting = True, False
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.refuse: dict[str, tuple[int, str]] = {}
        self.answer_as: dict[str, Any] = {}  # request -> a whole message that is sent instead
        self.silent, self.hello, self.says = False, True, ""  # says: instead of everything else
        self.connections = 0
        self._next_id = 1
        self._lock = threading.RLock()
        self._clients: set[ServerConnection] = set()
        self._server: Server | None = None

    def start(self) -> ScriptedObs:
        """Listen; again at the same port, if it did before."""
        for _ in range(200):
            try:
                self._server = serve(self._client, "127.0.0.1", self.port, close_timeout=1)
                break
            except OSError:  # the port is not free yet
                time.sleep(0.02)
        assert self._server
        self.port = self._server.socket.getsockname()[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self, code: int = 1001) -> None:
        """End as a program that is closed does."""
        server, self._server = self._server, None
        if server:
            server.socket.close()
            self.drop(code)
            server.shutdown()

    def drop(self, code: int = 1001) -> None:
        """End all connections with this code."""
        for each in list(self._clients):
            with suppress(Exception):
                each.close(code)

    def cut(self) -> None:
        """End all connections without a word, as a machine that is switched off does."""
        for each in list(self._clients):
            with suppress(OSError):
                each.socket.shutdown(2)

    # --- by hand ---

    def by_hand(self, what: Callable[[ScriptedObs], str]) -> None:
        """Do something in OBS; `what` returns the event that tells of it, "" for none."""
        with self._lock:
            event = what(self)
        if event:
            self.tell(event)

    def show(self, scene: str) -> None:
        """Somebody goes to another scene."""
        with self._lock:
            self.program = scene
        self.tell("CurrentProgramSceneChanged", sceneName=scene)

    def remove_scene(self, name: str) -> None:
        """Somebody deletes a scene; where it was on air, another one is then."""
        with self._lock:
            del self.scenes[name]
            if self.program == name:
                self.program = next(iter(self.scenes))
        self.tell("SceneRemoved", sceneName=name, isGroup=False)

    def use_collection(self, name: str, scenes: tuple[str, ...] = ("Scene",)) -> None:
        """Somebody loads another scene collection."""
        self.tell("CurrentSceneCollectionChanging", sceneCollectionName=self.collection)
        with self._lock:
            self.collection, self.program = name, scenes[0]
            self.scenes, self.inputs = {each: [] for each in scenes}, {}
        self.tell("CurrentSceneCollectionChanged", sceneCollectionName=name)

    def stop_stream(self, by_hand: bool = True) -> None:
        """The stream ends: somebody ends it, or it fails."""
        if by_hand:
            self._stream("STOPPING", True)
        self._stream("STOPPED", False)

    def tell(self, event: str, **data: Any) -> None:
        """Tell all clients of an event."""
        message = json.dumps({"op": 5, "d": {"eventType": event, "eventIntent": 1, "eventData": data}})
        for each in list(self._clients):
            with suppress(ConnectionClosed, OSError):
                each.send(message)

    def say(self, text: str | bytes) -> None:
        """Say anything at all to all clients, as text."""
        for each in list(self._clients):
            with suppress(ConnectionClosed, OSError):
                each.send(text, text=True)

    def item(self, scene: str, source: str) -> dict[str, Any]:
        """A source in a scene."""
        return next(each for each in self.scenes[scene] if each["sourceName"] == source)

    def order(self, scene: str) -> list[str]:
        """The sources of a scene, from the lowest upwards."""
        return [each["sourceName"] for each in self.scenes[scene]]

    def count(self, request: str) -> int:
        """How often it was asked for that."""
        return sum(name == request for name, _ in list(self.asked))

    # --- the protocol ---

    def _client(self, client: ServerConnection) -> None:
        self.connections += 1
        with suppress(ConnectionClosed, OSError):
            if self.says:
                client.send(self.says)
            if not self.hello:
                self._old(client)
            if self.says or not self.hello or not self._let_in(client):
                return
            self._clients.add(client)
            try:
                for message in client:
                    self._answer(client, json.loads(message)["d"])
            finally:
                self._clients.discard(client)

    def _let_in(self, client: ServerConnection) -> bool:
        hello: dict[str, Any] = {"obsWebSocketVersion": "5.1.0", "rpcVersion": 1}
        if self.password:
            hello["authentication"] = {"challenge": CHALLENGE, "salt": SALT}
        client.send(json.dumps({"op": 0, "d": hello}))
        identify = json.loads(client.recv())["d"]
        if self.password and identify.get("authentication") != self._proof():
            client.close(4009, "Authentication failed.")
            return False
        client.send(json.dumps({"op": 2, "d": {"negotiatedRpcVersion": 1}}))
        return True

    def _proof(self) -> str:
        secret = base64.b64encode(hashlib.sha256((self.password + SALT).encode()).digest())
        return base64.b64encode(hashlib.sha256(secret + CHALLENGE.encode()).digest()).decode()

    def _old(self, client: ServerConnection) -> None:
        """Protocol 4: waits to be asked."""
        asked = json.loads(client.recv())
        client.send(json.dumps({"message-id": asked["message-id"], "status": "ok", "obs-websocket-version": "4.9.1"}))

    def _answer(self, client: ServerConnection, asked: dict[str, Any]) -> None:
        name, data = asked["requestType"], asked.get("requestData") or {}
        self.asked.append((name, data))
        if self.silent:
            return
        if name in self.answer_as:
            client.send(json.dumps(self.answer_as[name] | {"d": {**self.answer_as[name].get("d", {}),
                                                                 "requestId": asked["requestId"]}}))  # fmt: skip
            return
        answer: dict[str, Any] = {"requestType": name, "requestId": asked["requestId"]}
        events: list[tuple[str, dict[str, Any]]] = []
        try:
            if name in self.refuse:
                raise No(*self.refuse[name])
            if (handle := getattr(self, f"_{name}", None)) is None:
                raise No(204, "Your request type is not valid.")
            with self._lock:
                given = copy.deepcopy(handle(events, **data))
            answer |= {"requestStatus": {"result": True, "code": 100}, "responseData": given or {}}
        except No as no:
            answer["requestStatus"] = {"result": False, "code": no.code, "comment": no.comment}
        client.send(json.dumps({"op": 7, "d": answer}))
        for event, about in events:
            self.tell(event, **about)

    # --- requests ---

    def _GetVersion(self, events: Any) -> Any:
        return {"obsVersion": "29.0.2", "obsWebSocketVersion": "5.1.0", "rpcVersion": 1}

    def _GetSceneCollectionList(self, events: Any) -> Any:
        return {"currentSceneCollectionName": self.collection, "sceneCollections": [self.collection]}

    def _GetProfileList(self, events: Any) -> Any:
        return {"currentProfileName": self.profile, "profiles": [self.profile]}

    def _GetVideoSettings(self, events: Any) -> Any:
        return {"baseWidth": self.canvas[0], "baseHeight": self.canvas[1]}

    def _GetSceneList(self, events: Any) -> Any:
        scenes = [{"sceneName": name, "sceneIndex": n} for n, name in enumerate(self.scenes)]
        return {"currentProgramSceneName": self.program, "scenes": scenes}

    def _GetInputList(self, events: Any) -> Any:
        listed = [(name, each["kind"], each["kind"].partition("_v")[0]) for name, each in self.inputs.items()]
        return {"inputs": [{"inputName": n, "inputKind": k, "unversionedInputKind": u} for n, k, u in listed]}

    def _GetInputKindList(self, events: Any, unversioned: bool = False) -> Any:
        return {"inputKinds": self.kinds}

    def _GetSceneItemList(self, events: Any, sceneName: str) -> Any:
        return {"sceneItems": [each | {"sceneItemIndex": n} for n, each in enumerate(self._scene(sceneName))]}

    def _GetInputSettings(self, events: Any, inputName: str) -> Any:
        return {"inputSettings": self._input(inputName)["settings"], "inputKind": self._input(inputName)["kind"]}

    def _GetInputMute(self, events: Any, inputName: str) -> Any:
        return {"inputMuted": self._heard(inputName)["muted"]}

    def _GetInputVolume(self, events: Any, inputName: str) -> Any:
        return {"inputVolumeDb": self._heard(inputName)["db"], "inputVolumeMul": 1.0}

    def _GetSceneTransitionList(self, events: Any) -> Any:
        names = {"cut_transition": "Schnitt", "fade_transition": "Überblenden"}
        listed = [{"transitionName": name, "transitionKind": kind} for kind, name in names.items()]
        kind = self.transition[0]
        return {
            "currentSceneTransitionName": names[kind],
            "currentSceneTransitionKind": kind,
            "transitions": listed,
        }

    def _GetCurrentSceneTransition(self, events: Any) -> Any:
        return {"transitionDuration": self.transition[1] if self.transition[0] == "fade_transition" else None}

    def _GetStreamServiceSettings(self, events: Any) -> Any:
        return self.service

    def _GetStreamStatus(self, events: Any) -> Any:
        return {"outputActive": self.streaming, "outputReconnecting": self.reconnecting}

    def _CreateScene(self, events: Any, sceneName: str) -> None:
        if sceneName in self.scenes or sceneName in self.inputs:
            raise No(EXISTS, "A source already exists by that scene name.")
        self.scenes[sceneName] = []
        events.append(("SceneCreated", {"sceneName": sceneName, "isGroup": False}))

    def _CreateInput(
        self, events: Any, sceneName: str, inputName: str, inputKind: str, inputSettings: dict[str, Any], **_: Any
    ) -> Any:
        if inputName in self.scenes or inputName in self.inputs:
            raise No(EXISTS, "A source already exists by that input name.")
        if inputKind not in self.kinds:
            raise No(BAD_KIND, "Your specified input kind is not supported by OBS.")
        self.inputs[inputName] = {"kind": inputKind, "settings": dict(inputSettings), "muted": False, "db": 0.0}
        events.append(("InputCreated", {"inputName": inputName}))
        return self._put(events, sceneName, inputName)

    def _RemoveSceneItem(self, events: Any, sceneName: str, sceneItemId: int) -> None:
        self._scene(sceneName).remove(self._item(sceneName, sceneItemId))
        events.append(("SceneItemRemoved", {"sceneName": sceneName, "sceneItemId": sceneItemId}))

    def _RemoveInput(self, events: Any, inputName: str) -> None:
        self._input(inputName)
        del self.inputs[inputName]
        for name, items in self.scenes.items():
            self.scenes[name] = [each for each in items if each["sourceName"] != inputName]
        events.append(("InputRemoved", {"inputName": inputName}))

    def _CreateSceneItem(self, events: Any, sceneName: str, sourceName: str, **_: Any) -> Any:
        self._input(sourceName)
        return self._put(events, sceneName, sourceName)

    def _SetSceneItemTransform(
        self, events: Any, sceneName: str, sceneItemId: int, sceneItemTransform: dict[str, Any]
    ) -> None:
        self._item(sceneName, sceneItemId)["sceneItemTransform"].update(sceneItemTransform)

    def _SetSceneItemIndex(self, events: Any, sceneName: str, sceneItemId: int, sceneItemIndex: int) -> None:
        item, items = self._item(sceneName, sceneItemId), self._scene(sceneName)
        items.remove(item)
        items.insert(sceneItemIndex, item)
        events.append(("SceneItemListReindexed", {"sceneName": sceneName}))

    def _SetSceneItemEnabled(self, events: Any, sceneName: str, sceneItemId: int, sceneItemEnabled: bool) -> None:
        self._item(sceneName, sceneItemId)["sceneItemEnabled"] = sceneItemEnabled
        events.append(("SceneItemEnableStateChanged", {"sceneName": sceneName, "sceneItemId": sceneItemId}))

    def _SetCurrentProgramScene(self, events: Any, sceneName: str) -> None:
        self._scene(sceneName)
        if self.program != sceneName:
            self.program = sceneName
            events.append(("CurrentProgramSceneChanged", {"sceneName": sceneName}))

    def _SetCurrentSceneTransition(self, events: Any, transitionName: str) -> None:
        kinds = {"Schnitt": "cut_transition", "Überblenden": "fade_transition"}
        if transitionName not in kinds:
            raise No(NOT_FOUND, "No scene transition was found by that name.")
        self.transition = (kinds[transitionName], self.transition[1])

    def _SetCurrentSceneTransitionDuration(self, events: Any, transitionDuration: int) -> None:
        self.transition = (self.transition[0], transitionDuration)

    def _SetInputSettings(self, events: Any, inputName: str, inputSettings: dict[str, Any], **_: Any) -> None:
        self._input(inputName)["settings"].update(inputSettings)

    def _SetInputMute(self, events: Any, inputName: str, inputMuted: bool) -> None:
        self._heard(inputName)["muted"] = inputMuted
        events.append(("InputMuteStateChanged", {"inputName": inputName, "inputMuted": inputMuted}))

    def _SetInputVolume(self, events: Any, inputName: str, inputVolumeDb: float) -> None:
        self._heard(inputName)["db"] = inputVolumeDb
        events.append(("InputVolumeChanged", {"inputName": inputName}))

    def _SetStreamServiceSettings(self, events: Any, **service: Any) -> None:
        if self.streaming:
            raise No(500, "You cannot change stream service settings while streaming.")
        self.service = service

    def _StartStream(self, events: Any) -> None:
        if self.streaming:
            raise No(500, "")
        threading.Thread(target=self._start_stream, daemon=True).start()

    def _StopStream(self, events: Any) -> None:
        if not self.streaming:
            raise No(501, "")
        threading.Thread(target=self.stop_stream, daemon=True).start()

    def _start_stream(self) -> None:
        self._stream("STARTING", False)
        self._stream("STARTED" if self.stream_works else "STOPPED", self.stream_works)

    def _stream(self, state: str, active: bool) -> None:
        with self._lock:
            self.streaming = active
        self.tell("StreamStateChanged", outputActive=active, outputState=f"OBS_WEBSOCKET_OUTPUT_{state}")

    # --- what there is ---

    def _scene(self, name: str) -> list[dict[str, Any]]:
        if name not in self.scenes:
            raise No(NOT_FOUND, f"No source was found by the name of `{name}`.")
        return self.scenes[name]

    def _input(self, name: str) -> dict[str, Any]:
        if name not in self.inputs:
            raise No(NOT_FOUND, f"No source was found by the name of `{name}`.")
        return self.inputs[name]

    def _heard(self, name: str) -> dict[str, Any]:
        found = self._input(name)
        if found["kind"].startswith(("image", "color", "text")):
            raise No(604, "The specified input does not support audio.")
        return found

    def _item(self, scene: str, id: int) -> dict[str, Any]:
        found = next((each for each in self._scene(scene) if each["sceneItemId"] == id), None)
        if found is None:
            raise No(NOT_FOUND, "No scene items were found in the specified scene by that ID.")
        return found

    def _put(self, events: Any, scene: str, source: str) -> Any:
        id, self._next_id = self._next_id, self._next_id + 1
        item = {"sceneItemId": id, "sourceName": source, "sceneItemEnabled": True}
        self._scene(scene).append(item | {"sceneItemTransform": dict(TRANSFORM)})
        events.append(("SceneItemCreated", {"sceneName": scene, "sourceName": source, "sceneItemId": id}))
        return {"sceneItemId": id, "inputUuid": "x"}
