"""A scene collection as OBS keeps it in a file: what the channel needs is put in, everything else stays."""

from __future__ import annotations

import copy
from typing import Any

from host_engine.obs.collection import Collection
from host_engine.obs.diff import differing
from host_engine.obs.wanted import Source

INSIDE = 2  # of OBS's kinds of bounds: as large as fits, in its own shape
LEFT_TOP = 5  # of OBS's alignments
NEWEST = {"color_source": "color_source_v3"}  # of kinds that have versions


def damage(found: dict[str, Any]) -> str | None:
    """What is not in the file as OBS writes it, of all that is looked at here; None where all is."""
    for name in ("sources", "scene_order"):
        each = found.get(name, [])
        if not isinstance(each, list) or not all(isinstance(one, dict) for one in each):
            return f"'{name}' is no list of objects"
    for source in found.get("sources", []):
        settings = source.get("settings", {})
        items = settings.get("items", []) if isinstance(settings, dict) else None
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            return "a source has no settings that can be read"
        if not isinstance(settings.get("id_counter", 0), int):
            return "a scene does not count its sources"
    return None


def written(before: dict[str, Any] | None, wanted: Collection) -> tuple[dict[str, Any], list[str]]:
    """The collection's file with what is wanted, and a sentence about each thing that was not so before.

    before: what the file holds, or None where there is none.
    """
    made = copy.deepcopy(before) if before else _empty(wanted.name)
    done: list[str] = [] if before else [f"the scene collection '{wanted.name}' is new"]
    sources = made.setdefault("sources", [])
    for source in (wanted.slate, wanted.feed):
        done += _source(sources, source)
    for name in wanted.scenes:
        done += _scene(made, name, wanted)
    if not made.get("current_scene") and wanted.scenes:
        made["current_scene"] = made["current_program_scene"] = wanted.scenes[0]
    return made, done


def _empty(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "current_scene": "",
        "current_program_scene": "",
        "scene_order": [],
        "sources": [],
        "groups": [],
        "transitions": [],
        "current_transition": "Cut",
        "transition_duration": 300,
        "quick_transitions": [],
    }


def _source(sources: list[dict[str, Any]], wanted: Source) -> list[str]:
    found = _named(sources, wanted.name)
    if found is None:
        sources.append(_new(wanted.name, wanted.kinds[0], dict(wanted.settings)))
        return [f"the source '{wanted.name}' is new"]
    was = found.get("id")
    if was == "scene":
        raise ValueError(f"OBS has a scene '{wanted.name}'; call the scene, or the feed's `source`, something else")
    if was == wanted.kinds[0]:
        if wrong := differing(wanted.settings, found.get("settings", {})):
            found.setdefault("settings", {}).update(wrong)
            return [f"of the source '{wanted.name}' was set: {', '.join(wrong)}"]
        return []
    sources[sources.index(found)] = _new(wanted.name, wanted.kinds[0], dict(wanted.settings))
    return [f"the source '{wanted.name}' was of the kind {was} and is {wanted.kinds[0]} now"]


def _scene(collection: dict[str, Any], name: str, wanted: Collection) -> list[str]:
    found, new = _named(collection["sources"], name), False
    if found is None:
        found, new = _new(name, "scene", {"custom_size": False, "id_counter": 0, "items": []}), True
        collection["sources"].append(found)
        collection.setdefault("scene_order", []).append({"name": name})
    elif found.get("id") != "scene":
        raise ValueError(f"OBS has a source '{name}', and cannot have a scene of that name; call one something else")
    settings = found.setdefault("settings", {})
    items = settings.setdefault("items", [])
    put = []
    for source, lowest in ((wanted.slate, True), (wanted.feed, False)):
        if any(item.get("name") == source.name for item in items):
            continue
        settings["id_counter"] = number = int(settings.get("id_counter", 0)) + 1
        at = 0 if lowest else _above(items, wanted.slate.name)
        items.insert(at, _item(source.name, number, wanted.size))
        put.append(f"'{source.name}'")
    if not put:
        return []
    return [f"the scene '{name}' {'is new, with' if new else 'has got'} {' and '.join(put)}"]


def _above(items: list[dict[str, Any]], lowest: str) -> int:
    return next((n + 1 for n, item in enumerate(items) if item.get("name") == lowest), 0)


def _named(sources: list[dict[str, Any]], name: str) -> dict[str, Any] | None:
    return next((each for each in sources if each.get("name") == name), None)


def _new(name: str, kind: str, settings: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "id": kind,
        "versioned_id": NEWEST.get(kind, kind),
        "settings": settings,
        "mixers": 255 if kind in ("ffmpeg_source", "browser_source") else 0,
        "sync": 0,
        "flags": 0,
        "volume": 1.0,
        "balance": 0.5,
        "enabled": True,
        "muted": False,
        "monitoring_type": 0,
        "hotkeys": {},
        "private_settings": {},
    }


def _item(name: str, number: int, size: tuple[int, int]) -> dict[str, Any]:
    return {
        "name": name,
        "id": number,
        "visible": True,
        "locked": False,
        "rot": 0.0,
        "pos": {"x": 0.0, "y": 0.0},
        "scale": {"x": 1.0, "y": 1.0},
        "align": LEFT_TOP,
        "bounds_type": INSIDE,
        "bounds_align": 0,
        "bounds": {"x": float(size[0]), "y": float(size[1])},
        "crop_left": 0,
        "crop_top": 0,
        "crop_right": 0,
        "crop_bottom": 0,
        "scale_filter": "disable",
        "blend_method": "default",
        "blend_type": "normal",
        "show_transition": {"duration": 0},
        "hide_transition": {"duration": 0},
        "private_settings": {},
    }
