"""The drawn host's lips: performed from a speech, and how open they are in any picture of her."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.host.artwork import Artwork
from host_engine.host.avatar import DrawnAvatar
from host_engine.host.mouths.viseme import ViseMouth
from host_engine.host.perform import Performer
from host_engine.media import Beat, Picture, Speech
from host_engine.quality.offset import Curve

BoxOfPixels = tuple[int, int, int, int]


def mouth_box(artwork: Artwork, place: tuple[int, int] = (0, 0), zoom: float = 1.0) -> BoxOfPixels:
    """Where to look for the mouth in a picture in which the artwork's corner is at `place`, `zoom` times as large."""
    x, y = artwork.anchors["mouth"]
    unit = artwork.mouth_scale
    box = (x - 60 * unit, y - 38 * unit, x + 60 * unit, y + 90 * unit)
    left, top, right, bottom = (round(edge * zoom) for edge in box)
    return left + place[0], top + place[1], right + place[0], bottom + place[1]


def openness(frames: Iterable[Picture], box: BoxOfPixels, unit: float) -> Curve:
    """How open the mouth is in each RGB frame: the height of its dark inside, 0 shut .. 1 wide open.

    `unit` is the artwork's mouth_scale in pixels of the frames.
    """
    x0, y0, x1, y1 = box
    heights = [_height(np.asarray(frame[y0:y1, x0:x1], np.int16), unit) for frame in frames]
    return np.clip((np.array(heights) - 4.5) / 55, 0, None)


def _height(mouth: NDArray[np.int16], unit: float) -> float:
    """The height, in design units, of the uppermost thing dark red: from the mouth's upper line to its cavity's end."""
    red, green, blue = np.moveaxis(mouth, -1, 0)
    dark = (red < 175) & (red - green > 35) & (green < 100) & (np.abs(green - blue) < 45)
    over_teeth = np.ones((round(17 * unit), 1), np.uint8)
    solid = cv2.morphologyEx(dark.astype(np.uint8), cv2.MORPH_CLOSE, over_teeth) > 0
    columns = solid[:, solid.any(0)]
    if not columns.size:
        return 0.0
    first = columns.argmax(0)
    ended = ~columns & (np.arange(len(columns))[:, None] > first)
    last = np.where(ended.any(0), ended.argmax(0), len(columns))
    inner = np.sort((last - first)[columns.shape[1] // 4 : -columns.shape[1] // 4])
    return float(inner[len(inner) // 2]) / unit if len(inner) else 0.0


def perform(speech: Speech, fps: int, artwork: Artwork) -> Iterator[Picture]:
    """The frames of a speech as the drawn host says it."""
    avatar, performer = DrawnAvatar(artwork), Performer(fps)
    out = np.zeros((artwork.height, artwork.width, 3), np.uint8)
    avatar.stand_before(np.full_like(out, 200))
    silence = np.zeros(48_000 // fps, np.float32)
    for n, face in enumerate(ViseMouth().faces(speech, fps)):
        avatar.draw(face, performer.pose(n, Beat(silence, face)), out)
        yield out.copy()
