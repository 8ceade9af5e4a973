"""The forced label: laid over each finished picture, whatever the scene beneath shows, until it is taken off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
import skia
from numpy.typing import NDArray

from host_engine.host.canvas import paint
from host_engine.host.label import SIDES, TYPE, LabelLook, covered, human, label_box, size_of
from host_engine.host.overlay import colour, filled
from host_engine.host.text import Style, draw, fit
from host_engine.labelling.view import View, view_of
from host_engine.show.label_demand import LabelDemand
from host_engine.show.scene import Box, Scene

LARGER = 1.4  # times the type of the scene's own label
INK, GROUND = "#ffffff", "#000000"  # the starkest there is
FACE = 4  # times what a pixel of writing counts: the host's face is not covered where there is any other place
COLUMNS, LINES = 5, 16  # places that are tried


class Patch(NamedTuple):
    """A label as it lies over an I420 picture: opaque, on even pixels."""

    box: Box
    planes: View


class ForcedLabel:
    """Belongs to the thread that finishes pictures; `beneath` may be looked at from any."""

    def __init__(self, patches: Mapping[str, Patch], scene: Callable[[], str]) -> None:
        """`patches`: by the name of the scene that is on air, as `scene` tells it; where it has none, the first."""
        if not patches:
            raise ValueError("there is no label to be laid over the picture")
        self._patches, self._scene = dict(patches), scene
        self._first = next(iter(self._patches.values()))
        self.beneath: tuple[Box, View] | None = None  # what the last picture showed there by itself

    def __call__(self, picture: NDArray[np.uint8]) -> None:
        """Lay the label over a picture, (h * 3 // 2, w) I420, in place."""
        patch = self._patches.get(self._scene(), self._first)
        planes = _planes(picture)
        parts = [_part(plane, patch.box, halves) for plane, halves in zip(planes, (1, 2, 2), strict=True)]
        self.beneath = patch.box, View(*(part.copy() for part in parts))
        for part, new in zip(parts, patch.planes, strict=True):
            part[:] = new


def patch_of(look: LabelLook) -> Patch:
    """The label drawn so that nothing shines through it. `look.box` is on even pixels."""
    box = look.box
    block = fit(look.words, box.w - SIDES * box.h, box.h, Style(box.h * TYPE, box.h * TYPE / 2), 1)

    def drawn(canvas: skia.Canvas) -> None:
        canvas.drawRect(skia.Rect.MakeXYWH(*box), filled(look.fill))
        draw(canvas, block, box, colour(look.ink), "centre")

    return Patch(box, view_of(np.ascontiguousarray(paint(box, drawn).colour)))


def in_place(look: LabelLook) -> LabelLook:
    """The label of a scene as it is forced at its own place."""
    box = look.box
    even = Box(box.x // 2 * 2, box.y // 2 * 2, -(-box.w // 2) * 2, -(-box.h // 2) * 2)
    return look._replace(box=even)


def seen_from(look: LabelLook, part: Box) -> LabelLook:
    """The same label in the pixels of a part of the picture."""
    return look._replace(box=look.box._replace(x=look.box.x - part.x, y=look.box.y - part.y))


def elsewhere(scene: Scene, look: LabelLook, demand: LabelDemand) -> LabelLook:
    """The label larger and in the starkest colours, at the place that covers the least of what is seen: for when its
    own place does not help. `look` is the scene's own, which is left free."""
    wide = scene.size[0]
    size = max(look.box.h * TYPE * LARGER, demand.letters * min(scene.size))
    w, h = size_of(look.words, size, wide * (1 - demand.safe.left - demand.safe.right))
    places = list(_places(scene, w, h, demand))
    own = label_box(scene, look.words, demand)
    best = min(places, key=lambda place: _cost(scene, place, own)) if places else own
    return LabelLook(best, look.words, INK, GROUND, human(scene))


def _places(scene: Scene, w: int, h: int, demand: LabelDemand) -> Iterator[Box]:
    """Places in what is free of a platform's buttons and a little away from the edges: pictures may be cut there."""
    (wide, high), safe = scene.size, demand.safe
    left, top = max(safe.left, 0.06) * wide, max(safe.top, 0.06) * high
    room_x, room_y = wide * (1 - max(safe.right, 0.06)) - w - left, high * (1 - max(safe.bottom, 0.06)) - h - top
    for line in range(LINES):
        for column in range(COLUMNS):
            x, y = left + room_x * column / (COLUMNS - 1), top + room_y * line / (LINES - 1)
            place = Box(max(0, round(x)) // 2 * 2, max(0, round(y)) // 2 * 2, w, h)
            if place.right <= wide and place.bottom <= high:
                yield place


def _cost(scene: Scene, place: Box, own: Box) -> float:
    """What is lost where the label lies there, in pixels of writing."""
    cost = float(covered(scene, place))
    if own.common(place):
        cost += 2 * place.w * place.h
    if scene.host is not None:
        box = scene.host.box
        face = Box(box.x + box.w // 4, box.y, box.w // 2, box.h // 2)
        common = place.common(face)
        cost += FACE * common.w * common.h if common else 0
    return cost


def _planes(picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], ...]:
    height, width = picture.shape[0] * 2 // 3, picture.shape[1]
    flat, size, half = picture.reshape(-1), height * width, (height // 2, width // 2)
    return (
        picture[:height],
        flat[size : size * 5 // 4].reshape(half),
        flat[size * 5 // 4 :].reshape(half),
    )


def _part(plane: NDArray[np.uint8], box: Box, halves: int) -> NDArray[np.uint8]:
    return plane[box.y // halves : box.bottom // halves, box.x // halves : box.right // halves]
