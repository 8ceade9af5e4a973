"""Writes what the channel needs into the files of an OBS that is not at work."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from host_engine.obs import collection_file, ini_text
from host_engine.obs.collection import Collection
from host_engine.obs.home import Home
from host_engine.obs.home_files import collection_path, json_of, keep, profile_folder, text_of
from host_engine.obs.profile import FIXED_AUDIO, Setting, Shape, settings_of


class Written(NamedTuple):
    """A sentence about what is another one in a file."""

    path: Path
    said: str


class Websocket(NamedTuple):
    """How the engine reaches OBS."""

    port: int
    password: str


def write(home: Home, wanted: Collection, shape: Shape, websocket: Websocket | None = None) -> list[Written]:
    """Write profile, scene collection and what OBS starts with; a sentence about each thing that is another one now.

    websocket: None leaves it as it is. A file that was there is kept once beside itself. Raises ValueError, with a
    sentence, for a file of OBS that is damaged, and OSError where one cannot be written.
    """
    collection, profile = collection_path(home, wanted.name), profile_folder(home, wanted.profile)
    before = json_of(collection)
    if before and (why := collection_file.damage(before)):
        raise ValueError(f"{collection} is damaged: {why}; move it away, and it is made anew")
    made, done = collection_file.written(before, wanted)
    settings = [Setting("General", "Name", wanted.profile, "what the profile is called"), *settings_of(shape)]
    told = _ini(profile / "basic.ini", settings)
    if done:
        keep(collection, json.dumps(made, ensure_ascii=False, indent=4))
    started = _started(wanted, profile, collection)
    return [*(Written(collection, each) for each in done), *told, *_general(home, started, websocket)]


def _started(wanted: Collection, profile: Path, collection: Path) -> list[Setting]:
    values = {
        "Profile": wanted.profile,
        "ProfileDir": profile.name,
        "SceneCollection": wanted.name,
        "SceneCollectionFile": collection.stem,
    }
    return [Setting("Basic", key, value, "OBS starts with what the channel needs") for key, value in values.items()]


def _general(home: Home, started: list[Setting], websocket: Websocket | None) -> list[Written]:
    """OBS since version 31 has a second file, and obs-websocket since 5.5 one of its own: a new home gets them all.

    Which OBS comes is not known, so what is there says the same.
    """
    fresh = not home.used
    mine = [*(_first() if fresh else []), *started, FIXED_AUDIO]
    done = _ini(home.general, [*mine, *(_server(websocket) if websocket else [])])
    if fresh or home.user.exists():
        done += _ini(home.user, mine)
    if websocket and (fresh or home.websocket.exists()):
        done += _config(home.websocket, websocket)
    return done


def _first() -> list[Setting]:
    """What OBS would ask of somebody at its first start."""
    why = "OBS was never started here, and would wait for somebody to answer its first questions"
    general = {"FirstRun": "true", "EnableAutoUpdates": "false", "ConfirmOnExit": "false"}
    general |= {f"Pre{version}Defaults": "false" for version in ("19", "21", "23", "24.1")}
    window = {"WarnBeforeStartingStream": "false", "WarnBeforeStoppingStream": "false"}
    return [
        *(Setting("General", key, value, why) for key, value in general.items()),
        *(Setting("BasicWindow", key, value, why) for key, value in window.items()),
    ]


def _server(websocket: Websocket) -> list[Setting]:
    values = {
        "FirstLoad": "false",
        "ServerEnabled": "true",
        "ServerPort": str(websocket.port),
        "AlertsEnabled": "false",
        "AuthRequired": "true",
        "ServerPassword": websocket.password,
    }
    return [Setting("OBSWebSocket", key, value, "the engine steers OBS through it") for key, value in values.items()]


def _config(path: Path, websocket: Websocket) -> list[Written]:
    wanted = {
        "first_load": False,
        "server_enabled": True,
        "server_port": websocket.port,
        "alerts_enabled": False,
        "auth_required": True,
        "server_password": websocket.password,
    }
    changed = keep(path, json.dumps((json_of(path) or {}) | wanted, indent=4))
    said = f"the websocket is on, at port {websocket.port}, with the channel's password"
    return [Written(path, said)] if changed else []


def _ini(path: Path, settings: Iterable[Setting]) -> list[Written]:
    settings = list(settings)
    before = text_of(path)
    had = ini_text.read(before)
    changed = [each for each in settings if had.get((each.section, each.key)) != each.value]
    if changed:
        keep(path, ini_text.written(before, changed))
    told: dict[tuple[str, str], list[str]] = {}
    for each in changed:
        value = "***" if "Password" in each.key else each.value
        told.setdefault((each.section, each.why), []).append(f"{each.key}={value}")
    return [Written(path, f"[{section}] {', '.join(values)}: {why}") for (section, why), values in told.items()]
