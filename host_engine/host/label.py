"""The AI label of a scene: its words, place and colours, after what the scene, the channel and a policy ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from host_engine.host.text import Style, fit, measure
from host_engine.show.label_demand import AS_THE_SCENE, Corner, LabelDemand, SafeArea
from host_engine.show.scene import TEXT_BOXES, Box, Scene, face_of

TYPE = 0.5  # height of the type in that of the label, as `overlay.chip` sets it
SIDES = 0.6  # of the label's height: what stays free at both ends of the words together
WIDEST = 0.92  # of what is free of a platform's buttons
STEPS = 12  # places that are tried below or above each other


class LabelLook(NamedTuple):
    """What the label has to look like. `human`: it says that a human is seen."""

    box: Box
    words: str
    ink: str
    fill: str
    human: bool = False


def label_look(scene: Scene, own: str | None, language: str, demand: LabelDemand = AS_THE_SCENE) -> LabelLook:
    """The label of a scene that is scaled to its picture. `own`: the channel's words, instead of the scene's.

    Where a human is seen without the host, neither the channel's words nor a demand on the AI label would be true.
    """
    label = scene.label
    if human(scene):
        return LabelLook(label.box, label.words(language), label.ink, label.fill, True)
    words = demand.text or own or label.words(demand.language or language)
    return LabelLook(label_box(scene, words, demand), words, label.ink, label.fill)


@lru_cache(maxsize=256)
def written_whole(look: LabelLook) -> bool:
    """Whether all of its words fit into it; else they end in an ellipsis."""
    box = look.box
    return fit(look.words, box.w - SIDES * box.h, box.h, Style(box.h * TYPE, box.h * TYPE / 2), 1).whole


def human(scene: Scene) -> bool:
    """Whether a human is seen in it, and no host."""
    return scene.camera is not None and scene.host is None


def label_box(scene: Scene, words: str, demand: LabelDemand) -> Box:
    """Where the label stands: the scene's own box if it does what is demanded, else the first place that does and that
    covers nothing else; where there is none, the one that covers the least."""
    box = scene.label.box
    if not demand.placed or _does(box, scene, words, demand):
        return box
    size = max(box.h * TYPE, demand.letters * min(scene.size))
    wide, high = size_of(words, size, _free(scene.size, demand.safe).w)
    corner = demand.corner or _corner(box, scene.size)
    places = list(_places(_free(scene.size, demand.safe), wide, high, corner))
    return min(places, key=lambda place: covered(scene, place))


def size_of(words: str, size: float, room: float) -> tuple[int, int]:
    """Width and height of a label with type of `size` pixels, at most `WIDEST` of `room` wide."""
    high = round(size / TYPE / 2) * 2
    wide = min(measure(words, high * TYPE, "bold") + SIDES * high + 4, WIDEST * room)
    return round(wide / 2) * 2, high


def covered(scene: Scene, place: Box) -> int:
    """How many pixels of what else is written in the scene, and of the host's face, lie below that place."""
    boxes = scene.boxes()
    kept = [boxes[name] for name in (*TEXT_BOXES, "clip") if name in boxes and name != "label"]
    kept += [face_of(scene.host.box, scene.host.zoom)] if scene.host else []
    common = (place.common(box) for box in kept)
    return sum(each.w * each.h for each in common if each)


def _does(box: Box, scene: Scene, words: str, demand: LabelDemand) -> bool:
    free, size = _free(scene.size, demand.safe), demand.letters * min(scene.size)
    if box.common(free) != box or (demand.corner and _corner(box, scene.size) != demand.corner):
        return False
    return box.h * TYPE >= size and (not size or measure(words, size, "bold") <= box.w - SIDES * box.h)


def _free(size: tuple[int, int], safe: SafeArea) -> Box:
    """What a platform's buttons leave of the picture."""
    wide, high = size
    x, y = round(safe.left * wide), round(safe.top * high)
    return Box(x, y, wide - x - round(safe.right * wide), high - y - round(safe.bottom * high))


def _corner(box: Box, size: tuple[int, int]) -> Corner:
    left, top = 2 * box.x + box.w < size[0], 2 * box.y + box.h < size[1]
    if top:
        return "top-left" if left else "top-right"
    return "bottom-left" if left else "bottom-right"


def _places(free: Box, wide: int, high: int, corner: Corner) -> Iterator[Box]:
    """Places in a corner of what is free, from its edge to the middle."""
    edge = round(0.02 * min(free.w, free.h) / 2) * 2
    left, top = corner.endswith("left"), corner.startswith("top")
    x = free.x + edge if left else free.right - wide - edge
    for step in range(STEPS):
        away = edge + step * max(free.h // (2 * STEPS), 1)
        y = free.y + away if top else free.bottom - high - away
        yield Box(max(x, 0) // 2 * 2, max(y, 0) // 2 * 2, wide, high)
