"""How a portrait's pixels move with the head and the breath: a mesh of nodes that knows how deep each place lies."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.avatars.portrait import Portrait
from host_engine.avatars.portrait_motion import Motion

NODES = 12  # of the mesh in the width of a face
FOLLOWS = 0.3  # of the way of the face's middle, the way of the whole head
BREATH = 0.016  # of the face's height by which the shoulders rise
WIDER = 0.006  # and the share by which the chest widens
LEAN = 0.02  # of the face's width by which the body leans to each side
STEPS = 4  # in which a place is followed

Floats = NDArray[np.float32]


class Mesh:
    """Every place's share in each motion. All motion is small, so that the shares simply add up.

    The head is a ball with a nose, whose front goes further than its rim; the trunk follows through the neck; the lower
    edge of the picture stays.
    """

    def __init__(self, portrait: Portrait) -> None:
        self._portrait = portrait
        self._height, self._width = portrait.picture.shape[:2]
        step = max(portrait.wide / NODES, 4.0)
        columns, rows = (max(3, round(side / step)) for side in (self._width, self._height))
        x = (np.arange(columns, dtype=np.float32) + 0.5) * (self._width / columns) - 0.5
        y = (np.arange(rows, dtype=np.float32) + 0.5) * (self._height / rows) - 0.5
        self._shares = self._at(*np.meshgrid(x, y))  # (5, 2, rows, columns)
        self._grid = np.dstack(np.meshgrid(np.arange(self._width), np.arange(self._height))).astype(np.float32)

    def places(self, motion: Motion) -> Floats:
        """For every pixel the place in the portrait that is seen there, (h, w, 2)."""
        moved = np.tensordot(_amounts(motion), self._shares, 1).transpose(1, 2, 0)
        dense = cv2.resize(np.ascontiguousarray(moved), (self._width, self._height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(self._grid - dense, np.float32)

    def follow(self, places: Floats, motion: Motion) -> Floats:
        """Where places (n, 2) of the portrait are seen in this motion."""
        amounts, seen = _amounts(motion), places.copy()
        for _ in range(STEPS):
            seen = places + np.tensordot(amounts, self._at(seen[:, 0], seen[:, 1]), 1).T
        return np.asarray(seen, np.float32)

    def _at(self, x: Floats, y: Floats) -> Floats:
        """How many pixels places go right and down for one radian of yaw, pitch and roll, a full lean and breath."""
        portrait = self._portrait
        wide, tall = portrait.wide, portrait.tall
        (eyes_x, eyes_y), nose = portrait.points[:2].mean(0), portrait.points[2]
        mouth_x = float(portrait.points[3:, 0].mean())
        chin, neck = float(portrait.box[3]), float(portrait.box[3]) + 0.4 * tall
        middle = 0.5 * (float(eyes_x) + mouth_x)
        ball = np.clip(
            1 - ((x - middle) / (0.74 * wide)) ** 2 - ((y - eyes_y - 0.08 * tall) / (0.92 * tall)) ** 2, 0, 1
        )
        tip = np.exp(-((x - nose[0]) ** 2 + (y - nose[1]) ** 2) / (2 * (0.15 * wide) ** 2))
        depth = (ball + 0.3 * tip) * (0.5 * wide)
        head = 1 - _smooth((y - chin + 0.1 * tall) / (0.55 * tall))
        nape = FOLLOWS * 0.5 * wide * head
        trunk = np.clip((self._height - 1 - y) / max(self._height - 1 - neck, 1.0), 0, 1)
        chest = _smooth((self._height - 1 - y) / max(0.7 * (self._height - 1 - neck), 1.0))
        lifted = -BREATH * tall * chest * (1 - 0.35 * head)
        none = np.zeros_like(depth)
        return np.asarray(
            (
                (depth + nape, none),
                (none, 0.8 * depth + nape),
                (-(y - neck) * head, (x - middle) * head),
                (LEAN * wide * np.minimum(trunk, 1.3) ** 1.5, none),
                (WIDER * (x - middle) * chest * (1 - head), lifted),
            ),
            np.float32,
        )


def _amounts(motion: Motion) -> Floats:
    angles = (math.sin(motion.yaw), math.sin(motion.pitch), math.sin(motion.roll))
    return np.array((*angles, motion.lean, motion.breath), np.float32)


def _smooth(value: Floats) -> Floats:
    """0 up to 0, 1 from 1 on, smooth between."""
    held = np.clip(value, 0, 1)
    return np.asarray(held * held * (3 - 2 * held), np.float32)
