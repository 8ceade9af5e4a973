"""The footage of a portrait: its frames, one after the other, and where the face is in each of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np

from host_engine.avatars.finders import Floats
from host_engine.avatars.portrait import Portrait
from host_engine.avatars.portrait_eyes import Lids, eyes_of
from host_engine.avatars.portrait_layers import layers
from host_engine.avatars.portrait_mesh import Mesh
from host_engine.avatars.portrait_motion import Motion
from host_engine.media import Picture

HOLDS = (4.0, 3.0)  # by how much of their reach the eyes go against a turn of one radian, to keep looking at the viewer


class Film:
    """A portrait taken apart once, and put together for each frame; the background stays where it is."""

    def __init__(self, portrait: Portrait) -> None:
        self._portrait = portrait
        self._mesh = Mesh(portrait)
        self._person, self._behind = layers(portrait)
        self._lids = Lids(self._person, eyes_of(portrait))

    def faces(self, motions: list[Motion]) -> tuple[Floats, Floats]:
        """The face's box (n, 4) and points (n, 5, 2) in each frame."""
        points = np.stack([self._mesh.follow(self._portrait.points, motion) for motion in motions])
        shift = (points - self._portrait.points).mean(1)
        return (self._portrait.box + np.tile(shift, 2)).astype(np.float32), points.astype(np.float32)

    def pictures(self, motions: list[Motion]) -> Iterator[Picture]:
        """The frames, (h, w, 3) RGB."""
        for motion in motions:
            yield self.picture(motion)

    def picture(self, motion: Motion) -> Picture:
        """One frame, (h, w, 3) RGB."""
        gaze = (motion.gaze[0] - HOLDS[0] * motion.yaw, motion.gaze[1] - HOLDS[1] * motion.pitch)
        person = self._person.copy()
        self._lids.paint(person, motion.blink, gaze)
        remap: Any = cv2.remap  # its types do not know that one map may hold both coordinates
        seen = remap(person, self._mesh.places(motion), None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        through = (255 - seen[..., 3:]).astype(np.float32) / 255
        return np.asarray(np.clip(self._behind * through + seen[..., :3] + 0.5, 0, 255), np.uint8)
