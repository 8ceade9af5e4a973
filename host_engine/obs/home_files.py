"""The files of OBS's home found by the names that people see, read with sentences, and written with a copy kept."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

from host_engine.obs import ini_text
from host_engine.obs.home import Home

KEPT = ".before-host-engine"  # behind the name of a file: as it was before the first change


def profile_folder(home: Home, name: str) -> Path:
    """Where the profile called `name` is, or would be."""
    for path in sorted(home.profiles.glob("*/basic.ini")):
        if ini_text.read(text_of(path)).get(("General", "Name")) == name:
            return path.parent
    return _free(home.profiles / file_name(name))


def collection_path(home: Home, name: str) -> Path:
    """Where the scene collection called `name` is, or would be."""
    for path in sorted(home.collections.glob("*.json")):
        try:
            if _json(path).get("name") == name:
                return path
        except ValueError:
            continue  # another collection's trouble
    plain = home.collections / f"{file_name(name)}.json"
    return plain if _is_ours(plain, name) else _free(plain)


def file_name(name: str) -> str:
    """A name that every file system takes, for one that people gave."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_") or "host_engine"


def text_of(path: Path) -> str:
    """What a file says, "" where there is none. Raises OSError, and ValueError for what is no text."""
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise ValueError(f"{path} is damaged: it is no text; move it away, and OBS begins with a new one") from None


def json_of(path: Path) -> dict[str, Any] | None:
    """What a file of JSON holds, None where there is none. Raises ValueError, with a sentence, for another file."""
    return _json(path) if path.exists() else None


def keep(path: Path, text: str) -> bool:
    """Write a file whole or not at all, and keep it as it was before the first time. False: it says so already."""
    if text_of(path) == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = path.with_name(path.name + KEPT)
    if path.exists() and not kept.exists():
        shutil.copy2(path, kept)
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(text.encode())
    if path.exists():
        shutil.copymode(path, fresh)
    else:
        fresh.chmod(0o600)  # it may hold the password of the websocket
    os.replace(fresh, path)
    return True


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(text_of(path))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is damaged: {error}; move it away, and it is made anew") from None
    if not isinstance(found, dict):
        raise ValueError(f"{path} is damaged: it holds no object of JSON; move it away, and it is made anew")
    return found


def _is_ours(path: Path, name: str) -> bool:
    """Whether a damaged file stands where the collection should be: it is told of, not passed by."""
    try:
        return path.exists() and _json(path).get("name") == name
    except ValueError:
        return True


def _free(path: Path) -> Path:
    """The path, or the first with a number behind it that nobody has."""
    number, free = 2, path
    while free.exists():
        free = path.with_name(f"{path.stem}_{number}{path.suffix}")
        number += 1
    return free
