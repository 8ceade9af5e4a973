"""Artwork at half its size, from the artwork itself: in some milliseconds, where drawing it takes seconds."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.host.artwork import Arm, Artwork, Eye, Layer, Point


def half_size(artwork: Artwork) -> Artwork:
    """The same host, half as wide and half as high, rounded up."""
    return replace(
        artwork,
        width=-(-artwork.width // 2),
        height=-(-artwork.height // 2),
        layers=tuple(map(_layer, artwork.layers)),
        anchors={name: _point(point) for name, point in artwork.anchors.items()},
        mouth_scale=artwork.mouth_scale / 2,
        eyes={side: _eye(eye) for side, eye in artwork.eyes.items()},
        arms={gesture: tuple(map(_arm, arms)) for gesture, arms in artwork.arms.items()},
    )


def _layer(layer: Layer) -> Layer:
    return replace(layer, picture=_picture(layer.picture, layer.x, layer.y), x=layer.x // 2, y=layer.y // 2)


def _arm(arm: Arm) -> Arm:
    return replace(arm, layer=_layer(arm.layer), elbow=_point(arm.elbow))


def _eye(eye: Eye) -> Eye:
    around = -(-len(eye.iris) // 2)
    return replace(
        eye,
        x=eye.x // 2,
        y=eye.y // 2,
        white=_picture(eye.white, eye.x, eye.y),
        iris=np.asarray(cv2.resize(eye.iris, (around, around), interpolation=cv2.INTER_AREA), np.uint8),
        iris_at=_point(eye.iris_at),
        reach=(eye.reach[0] / 2, eye.reach[1] / 2),
        shine=_picture(eye.shine, eye.x, eye.y),
        lids=np.stack([_picture(lid, eye.x, eye.y) for lid in eye.lids]),
    )


def _picture(picture: NDArray[np.uint8], x: int, y: int) -> NDArray[np.uint8]:
    """A picture whose corner is at x, y: each of its small pixels is the mean of those four that are one there.

    How large it is follows from the picture's size alone: those of both eyes stay alike.
    """
    height, width = picture.shape[:2]
    rows, columns = height // 2 * 2 + 2, width // 2 * 2 + 2
    even = np.pad(picture, ((y % 2, rows - height - y % 2), (x % 2, columns - width - x % 2), (0, 0)))
    return np.asarray(cv2.resize(even, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)


def _point(point: Point) -> Point:
    return Point(point.x / 2, point.y / 2)
