"""Another AI label over the one of a finished picture: for a target with words or a language of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import cv2
import numpy as np

from host_engine.host.canvas import Placed, Sprite, lay
from host_engine.host.label import LabelLook, label_look
from host_engine.host.overlay import chip
from host_engine.media import Picture
from host_engine.show.label_demand import AS_THE_SCENE, LabelDemand
from host_engine.show.scene import Box, Scene

EDGE = 64  # of 255: who shines through a chip more than that is at its edge


class Chip(NamedTuple):
    """A label to be laid. exact: one of the same shape is below it."""

    look: LabelLook
    exact: bool


class Planned(Protocol):
    """The labels of the programme, which are below: a `LabelPlan`."""

    @property
    def demand(self) -> LabelDemand: ...
    @property
    def language(self) -> str: ...
    def labels(self) -> dict[str, LabelLook]: ...


class OtherLabel:
    """Paints over the label of each scene in the picture, in its colours. Belongs to one thread.

    Nothing of the words below shines through, also where they need more room than these. Where only a human is seen,
    the scene's own words stay: an AI label would not be true there.
    """

    def __init__(self, label: str | None, language: str, plan: Planned | None = None) -> None:
        """label: words instead of those of the scenes in `language`. plan: what is asked of the label in place and
        size, and of its words where the target has none of its own; without one it stands where the scene has it."""
        self._label, self._language, self._plan = label, language, plan
        self._chips: dict[Chip, Sprite] = {}
        self._below: dict[str, LabelLook] = {}
        self._asked: tuple[LabelDemand, str] | None = None  # what the labels below were asked for with

    def paint(self, picture: Picture, scenes: Sequence[tuple[Scene, float]]) -> None:
        """Change an I420 picture in place. `scenes`: those it shows, at its own size, each with its share (0..1)."""
        shares: dict[Chip, float] = {}
        for scene, share in scenes:
            for each in self._looks(scene):
                shares[each] = shares.get(each, 0.0) + share
        for each in sorted(shares, key=lambda each: bool(each.look.words)):  # what is only to be hidden comes first
            _lay(picture, self._sprite(each), min(1.0, shares[each]))

    def words(self, scene: Scene) -> str:
        """What the label says in a scene."""
        return self._looks(scene)[-1].look.words

    def _looks(self, scene: Scene) -> list[Chip]:
        """The label, and before it an empty one where the one below stands elsewhere."""
        demand = self._plan.demand if self._plan else AS_THE_SCENE
        look = label_look(scene, None, self._language, demand.with_words(self._label, self._language))
        below = self._labels_below(demand).get(scene.name) if demand.placed else None
        if below is None or below.box == look.box:
            return [Chip(look, exact=True)]
        return [Chip(below._replace(words=""), exact=True), Chip(look, exact=False)]

    def _labels_below(self, demand: LabelDemand) -> dict[str, LabelLook]:
        assert self._plan
        asked = demand, self._plan.language
        if asked != self._asked:
            self._below, self._asked = self._plan.labels(), asked
        return self._below

    def _sprite(self, wanted: Chip) -> Sprite:
        if wanted not in self._chips:
            look = wanted.look
            self._chips[wanted] = _whole(chip(look.box, look.words, look.ink, look.fill), wanted.exact)
        return self._chips[wanted]


def _whole(sprite: Sprite, exact: bool) -> Sprite:
    """The chip laid over itself: nothing shines through. `exact`: its soft edge is left out, as it is there already."""
    keep = np.asarray(cv2.multiply(sprite.keep, sprite.keep, scale=1 / 255), np.uint8)
    below = cv2.multiply(sprite.colour, sprite.keep, scale=1 / 255)
    colour = np.asarray(cv2.add(sprite.colour, below), np.uint8)
    edge = sprite.keep > EDGE
    keep[edge], colour[edge] = (255, 0) if exact else (sprite.keep[edge], sprite.colour[edge])
    return Sprite.of(colour, keep, sprite.box.x, sprite.box.y)


def _lay(picture: Picture, sprite: Sprite, share: float) -> None:
    """Lay a sprite over an I420 picture; only the pixels that it touches change."""
    height, width = picture.shape[0] * 2 // 3, picture.shape[1]
    x, y = max(sprite.box.x, 0) // 2 * 2, max(sprite.box.y, 0) // 2 * 2
    right, bottom = min(sprite.box.right + 1, width) // 2 * 2, min(sprite.box.bottom + 1, height) // 2 * 2
    region = Box(x, y, right - x, bottom - y)
    seen = sprite.box.common(region)
    if region.w <= 0 or region.h <= 0 or seen is None:
        return
    parts = _parts(picture, region)
    rgb = np.asarray(cv2.cvtColor(_joined(parts, region), cv2.COLOR_YUV2RGB_I420), np.uint8)
    lay(rgb, Placed(sprite, fade=share), seen, region)
    made = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420), np.uint8)
    for part, plane in zip(parts, _parts(made, Box(0, 0, region.w, region.h)), strict=True):
        part[:] = plane


def _joined(parts: Sequence[Picture], region: Box) -> Picture:
    """Three planes as one contiguous I420 picture."""
    return np.concatenate([part.reshape(-1) for part in parts]).reshape(region.h * 3 // 2, region.w)


def _parts(i420: Picture, region: Box) -> list[Picture]:
    """A region of Y, U and V, as views; even in all four numbers."""
    height, width = i420.shape[0] * 2 // 3, i420.shape[1]
    flat, size = i420.reshape(-1), height * width
    u = flat[size : size * 5 // 4].reshape(height // 2, width // 2)
    v = flat[size * 5 // 4 :].reshape(height // 2, width // 2)
    x, y, w, h = region.x, region.y, region.w, region.h
    halves = slice(y // 2, (y + h) // 2), slice(x // 2, (x + w) // 2)
    return [i420[y : y + h, x : x + w], u[halves], v[halves]]
