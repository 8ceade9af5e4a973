"""What is in the scenes of OBS beside what is to be: sources that are missing, hidden, moved, or in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from host_engine.obs.actual import Actual, Placed
from host_engine.obs.aspects import Aspect, Request
from host_engine.obs.wanted import Item, Source, WantedScene
from host_engine.show.box import Box

LEFT_TOP, CENTRE = 5, 0  # as OBS numbers alignments
PIXEL = 0.6  # of a pixel: a box that is no further off stands where it should
ID = "sceneItemId"


def scene_items(scene: WantedScene, sources: Mapping[str, Source], made: set[str], actual: Actual) -> Iterator[Aspect]:
    """What is wanted of one scene. `made`: sources that are there by then; those that are made here are put in."""
    seen = {each.source: each for each in reversed(actual.items.get(scene.name, ()))}
    missing, lowest = False, 0
    for position, item in enumerate(scene.items):
        transform = placed(item.box, scene.size, actual.canvas)
        if item.source in seen:
            lowest = seen[item.source].index + 1
            yield _standing(scene.name, item, transform, seen[item.source])
        elif actual.inputs.get(item.source, sources[item.source].kinds[0]) not in sources[item.source].kinds:
            continue  # somebody else's, of the same name: that is said of its settings
        elif item.source in actual.scenes:
            said = f"OBS has a scene '{item.source}', so there cannot be a source of that name: rename one of them."
            yield Aspect(f"item/{scene.name}/{item.source}", transform, said)
        else:
            missing, index = True, lowest if position < scene.ground else None
            yield _missing(scene, item, sources[item.source], transform, made, actual, index)
            made.add(item.source)
            lowest += 1
    if not missing:
        yield _order(scene, [seen[each.source] for each in scene.items if each.source in seen])
    else:
        yield Aspect(f"order/{scene.name}", scene.items)


def placed(box: Box, size: tuple[int, int], canvas: tuple[int, int]) -> dict[str, Any]:
    """The transform of a box in a picture of `size` that fills as much of OBS's canvas as it can."""
    scale = min(canvas[0] / size[0], canvas[1] / size[1])
    left, top = (canvas[0] - size[0] * scale) / 2, (canvas[1] - size[1] * scale) / 2
    return {
        "positionX": left + box.x * scale,
        "positionY": top + box.y * scale,
        "rotation": 0.0,
        "alignment": LEFT_TOP,
        "boundsType": "OBS_BOUNDS_SCALE_INNER",
        "boundsAlignment": CENTRE,
        "boundsWidth": max(1.0, box.w * scale),
        "boundsHeight": max(1.0, box.h * scale),
        "cropLeft": 0,
        "cropTop": 0,
        "cropRight": 0,
        "cropBottom": 0,
    }


def make(source: Source, actual: Actual) -> str:
    """The kind of source that this OBS has for it, with its version; the first one in doubt."""
    return next((actual.kinds[kind] for kind in source.kinds if kind in actual.kinds), source.kinds[0])


def _standing(scene: str, item: Item, transform: dict[str, Any], seen: Placed) -> Aspect:
    """A source that is in its scene: whether it is seen there, and where."""
    key, where = f"item/{scene}/{item.source}", {"sceneName": scene, ID: seen.id}
    reasons, requests = [], []
    if not seen.seen:
        reasons.append("is hidden")
        requests.append(Request("SetSceneItemEnabled", where | {"sceneItemEnabled": True}))
    if moved := {name: value for name, value in transform.items() if _differs(value, seen.transform.get(name))}:
        reasons.append("is cropped" if all(name.startswith("crop") for name in moved) else "stands somewhere else")
        requests.append(Request("SetSceneItemTransform", where | {"sceneItemTransform": transform}))
    said = f"The source '{item.source}' {' and '.join(reasons)} in OBS's scene '{scene}'." if reasons else ""
    return Aspect(key, transform, said, tuple(requests))


def _differs(wanted: Any, actual: Any) -> bool:
    if isinstance(wanted, str):
        return bool(wanted != actual)
    return not isinstance(actual, (int, float)) or abs(actual - wanted) > PIXEL


def _missing(
    scene: WantedScene,
    item: Item,
    source: Source,
    transform: dict[str, Any],
    made: set[str],
    actual: Actual,
    index: int | None,
) -> Aspect:
    """A source that is not in its scene. `index`: where it is put, if not on top of all."""
    within = {"sceneName": scene.name}
    if item.source in made:
        put = Request("CreateSceneItem", within | {"sourceName": item.source, "sceneItemEnabled": True})
    else:
        kind = {"inputKind": make(source, actual), "inputSettings": dict(source.settings)}
        put = Request("CreateInput", within | {"inputName": item.source, "sceneItemEnabled": True} | kind)
    requests = [put, Request("SetSceneItemTransform", within | {"sceneItemTransform": transform}, (ID,))]
    if index is not None:
        requests.append(Request("SetSceneItemIndex", within | {"sceneItemIndex": index}, (ID,)))
    said = f"The source '{item.source}' is not in OBS's scene '{scene.name}'."
    return Aspect(f"item/{scene.name}/{item.source}", transform, said, tuple(requests))


def _order(scene: WantedScene, standing: list[Placed]) -> Aspect:
    """Sources that cover each other the wrong way exchange their places; what else is in the scene stays."""
    key, places = f"order/{scene.name}", [each.index for each in standing]
    if places == sorted(places):
        return Aspect(key, scene.items)
    requests = tuple(
        Request("SetSceneItemIndex", {"sceneName": scene.name, ID: each.id, "sceneItemIndex": index})
        for each, index in zip(standing, sorted(places), strict=True)
    )
    return Aspect(key, scene.items, f"The sources in OBS's scene '{scene.name}' cover each other wrongly.", requests)
