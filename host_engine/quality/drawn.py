"""The drawn host's lips: performed from a speech, and how open they are in any picture of her."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.host.artwork import Artwork
from host_engine.host.avatar import DrawnAvatar
from host_engine.host.mouths.viseme import ViseMouth
from host_engine.host.perform import Performer
from host_engine.media import Beat, Picture, Speech
from host_engine.quality.offset import Curve
from host_engine.quality.openness import FULL, LEFT, LOW, RIGHT, ROW

CHIN = 72  # the row above which no drawn chin is
NEAR, SOFT = 30, 20  # levels by which shades of skin differ; and over how many more something becomes mouth

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


def parted(mouths: Sequence[Picture | None], at_rest: Sequence[Picture | None]) -> Curve:
    """How open a drawn mouth is in each frame, 0 shut .. 1 wide open, for mouths as `openness.mouth` gives them.

    Drawn skin is of one colour, so that whatever is another is mouth; of its height that of the line `at_rest` is taken
    away. Where none is seen what is around goes on.
    """
    tall = np.array([_drawn(each) if each is not None else np.nan for each in mouths])
    there = np.flatnonzero(np.isfinite(tall))
    if not there.size:
        return np.zeros(len(tall))
    lines = [_drawn(each) for each in at_rest if each is not None]
    line = float(np.median(lines)) if lines else float(tall[there].min())
    opening: Curve = np.clip((np.interp(np.arange(len(tall)), there, tall) - line) / FULL, 0, None)
    return opening


def _drawn(seen: Picture) -> float:
    """How tall what is not skin is along the middle of a mouth, in the mouth's units."""
    middle = seen[LOW:CHIN, LEFT:RIGHT].astype(np.int16)
    skin = np.median(seen[LOW:CHIN].reshape(-1, 3), axis=0)
    away = np.clip((np.abs(middle - skin).max(-1) - NEAR) / SOFT, 0, 1)
    above, below = (1 - np.maximum.accumulate(each, 0) for each in (away, away[::-1]))
    tall = np.clip(len(away) - above.sum(0) - below.sum(0), 0, None)
    return float(np.median(tall)) * ROW


def perform(speech: Speech, fps: int, artwork: Artwork) -> Iterator[Picture]:
    """The frames of a speech as the drawn host says it."""
    avatar, performer = DrawnAvatar(artwork), Performer(fps)
    out = np.zeros((artwork.height, artwork.width, 3), np.uint8)
    avatar.stand_before(np.full_like(out, 200))
    silence = np.zeros(48_000 // fps, np.float32)
    for n, face in enumerate(ViseMouth().faces(speech, fps)):
        avatar.draw(face, performer.pose(n, Beat(silence, face)), out)
        yield out.copy()
