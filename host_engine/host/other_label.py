"""Another AI label over the one of a finished picture: for a target with words or a language of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from host_engine.host.canvas import Placed, Sprite, lay
from host_engine.host.label import LabelLook, label_look
from host_engine.host.overlay import chip
from host_engine.media import Picture
from host_engine.show.label_demand import AS_THE_SCENE, LabelDemand
from host_engine.show.scene import Box, Scene

EDGE = 64  # of 255: who shines through a chip more than that is at its edge


class OtherLabel:
    """Paints over the label of each scene in the picture, in its place and colours. Belongs to one thread.

    Nothing of the words below shines through. Where only a human is seen, the scene's own words stay: an AI label
    would not be true there.
    """

    def __init__(
        self, label: str | None, language: str, demand: Callable[[], LabelDemand] = lambda: AS_THE_SCENE
    ) -> None:
        """label: words instead of those of the scenes in `language`. demand: what is asked of the label in place and
        size, and of its words where the target has none of its own."""
        self._label, self._language, self._demand = label, language, demand
        self._chips: dict[LabelLook, Sprite] = {}

    def paint(self, picture: Picture, scenes: Sequence[tuple[Scene, float]]) -> None:
        """Change an I420 picture in place. `scenes`: those it shows, at its own size, each with its share (0..1)."""
        shares: dict[LabelLook, float] = {}
        for scene, share in scenes:
            look = self._look(scene)
            shares[look] = shares.get(look, 0.0) + share
        for look, share in shares.items():
            _lay(picture, self._chip(look), min(1.0, share))

    def words(self, scene: Scene) -> str:
        """What the label says in a scene."""
        return self._look(scene).words

    def _look(self, scene: Scene) -> LabelLook:
        return label_look(scene, None, self._language, self._demand().with_words(self._label, self._language))

    def _chip(self, look: LabelLook) -> Sprite:
        if look not in self._chips:
            self._chips[look] = _whole(chip(look.box, look.words, look.ink, look.fill))
        return self._chips[look]


def _whole(sprite: Sprite) -> Sprite:
    """The chip without its soft edge, which the one below has too, laid over itself: nothing shines through."""
    keep = cv2.multiply(sprite.keep, sprite.keep, scale=1 / 255)
    colour = cv2.add(sprite.colour, cv2.multiply(sprite.colour, sprite.keep, scale=1 / 255))
    edge = sprite.keep > EDGE
    keep[edge], colour[edge] = 255, 0
    return Sprite.of(np.asarray(colour, np.uint8), np.asarray(keep, np.uint8), sprite.box.x, sprite.box.y)


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
