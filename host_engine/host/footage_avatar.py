"""The host as filmed: her footage fills the window, with the lips that a network made, or else the warped mouth."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.host.avatar import NOTHING
from host_engine.host.footage import PATIENCE, Presenter, Seen, Shot
from host_engine.host.footage_cut import lay
from host_engine.host.mouth import TOUCH
from host_engine.host.perform import Pose
from host_engine.host.rig import Box
from host_engine.media import Face, MouthShape, Picture
from host_engine.neural.net import Crop

log = logging.getLogger(__name__)

EYE_LEVEL = 0.36  # of the window's height: where the middle of the face is, as far as the footage reaches
MORE = 0.2  # of the face's box on each side that belongs to what is warped
SHUT, QUIET = 0.03, 0.05  # a mouth less open, in a frame less loud, is at rest

Floats = NDArray[np.float32]
Warp = Callable[[Picture, Floats, Floats, MouthShape], Picture]


class Tracked(NamedTuple):
    """Where the face is in each frame of the footage, in its pixels."""

    boxes: Floats  # (frames, 4)
    points: Floats  # (frames, 5, 2)


class Framing(NamedTuple):
    """The part of the footage that a window shows: pixels of the window for one of the footage, and its corner."""

    scale: float
    x: float
    y: float


class FootageAvatar:
    """An `Avatar` of footage that fills its window; the background is not seen, and the performer's pose is not hers.

    Each shot is shown with its lips where they have come by the time it is drawn; else the mouth is warped, and counted
    as such. One thread at a time may call it.
    """

    settled = True
    halves = False  # to scale her down and up again costs three times as much as to show her as she is

    def __init__(self, presenter: Presenter, tracked: Tracked, size: tuple[int, int], warp: Warp) -> None:
        """`size` is (width, height) of the window; `warp` as in `footage_mouth`."""
        self.size = size
        self._presenter, self._tracked, self._warp = presenter, tracked, warp
        height, width = presenter.still.picture.shape[:2]
        boxes = tracked.boxes
        face = float((boxes[:, 0] + boxes[:, 2]).mean() / 2), float((boxes[:, 1] + boxes[:, 3]).mean() / 2)
        self._framing = framing((width, height), size, face)
        self._scratch = np.zeros((height, width, 3), np.uint8)
        self._out: Picture | None = None
        self._drawn = -1  # the frame in `out`, if it shows nothing but that
        self._last: Shot | None = None
        self._broken = False

    def halved(self) -> FootageAvatar:
        """As in `Avatar`."""
        half = -(-self.size[0] // 2), -(-self.size[1] // 2)
        return FootageAvatar(self._presenter, self._tracked, half, self._warp)

    def stand_before(self, background: Picture) -> None:
        """As in `Avatar`; nothing of it is seen."""
        self._out = None

    def draw(self, face: Face, pose: Pose, out: Picture) -> Box:
        """As in `Avatar`."""
        shot: Shot = face.shot or self._last or self._presenter.still
        picture, seen = self._seen(shot, face)
        if shot is not self._presenter.still:
            self._presenter.seen["held" if shot.held or face.shot is None else seen] += 1
            self._last = shot._replace(lips=None)
        plain = picture is shot.picture
        if plain and out is self._out and shot.frame == self._drawn:
            return NOTHING
        self._out, self._drawn = out, shot.frame if plain else -1
        self._fill(picture, out)
        left = (self.size[0] - out.shape[1]) // 2
        return left // 2 * 2, 0, -(-(left + out.shape[1]) // 2) * 2, -(-out.shape[0] // 2) * 2

    def _seen(self, shot: Shot, face: Face) -> tuple[Picture, Seen]:
        """The whole frame with its mouth as it is to be."""
        if shot.lips is not None:
            lips = self._come(shot)
            if lips is not None:
                return self._pasted(shot.picture, lips, shot.crop), "fresh"
        if not face.speaking or (face.mouth.open < SHUT and face.energy < QUIET):
            return shot.picture, "silent"
        warped = self._warped(shot, face.mouth)
        return warped if warped is not None else shot.picture, "warped" if face.mouth.open >= TOUCH else "shut"

    def _come(self, shot: Shot) -> Picture | None:
        """The lips that were ordered, if they are there."""
        assert shot.lips is not None
        why = "too late"
        lips: Picture | None = None
        if shot.lips.done() or not self._presenter.hurried:
            try:
                lips = shot.lips.result(PATIENCE)
            except Exception as error:
                why = str(error) or type(error).__name__
        else:
            shot.lips.cancel()
        x0, y0, x1, y1 = shot.crop
        if lips is not None and lips.shape != (y1 - y0, x1 - x0, 3):
            why, lips = f"a picture of {lips.shape}", None
        self._presenter.pace.shot(lips is not None, why)
        return lips

    def _warped(self, shot: Shot, shape: MouthShape) -> Picture | None:
        """The frame with its mouth warped to a shape; None where that cannot be done."""
        height, width = shot.picture.shape[:2]
        box, points = self._tracked.boxes[shot.frame], self._tracked.points[shot.frame]
        x0, y0, x1, y1 = crop = around(box, width, height)
        at = np.array([x0, y0], np.float32)
        try:
            under = shot.picture[y0:y1, x0:x1]
            patch = self._warp(under, points - at, box - np.concatenate((at, at)), shape)
            return self._pasted(shot.picture, patch, crop)
        except Exception:
            if not self._broken:
                log.exception("frame %d of the footage could not be warped; its mouth stays as it is", shot.frame)
            self._broken = True
            return None

    def _pasted(self, picture: Picture, patch: Picture, crop: Crop) -> Picture:
        """A copy of the frame with a picture in its crop; the next call writes over it."""
        np.copyto(self._scratch, picture)
        lay(self._scratch, patch, crop)
        return self._scratch

    def _fill(self, picture: Picture, out: Picture) -> None:
        """Show the framed part of the footage in `out`, as large as that is."""
        scale, x, y = self._framing
        high, wide = out.shape[:2]
        x += (self.size[0] - wide) // 2 / scale
        a, b = round(x), round(y)
        c, d = min(round(x + wide / scale), picture.shape[1]), min(round(y + high / scale), picture.shape[0])
        part = picture[b:d, a:c]
        if part.shape == out.shape:
            np.copyto(out, part)
        else:
            how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
            cv2.resize(part, (wide, high), dst=out, interpolation=how)


def framing(footage: tuple[int, int], window: tuple[int, int], face: tuple[float, float]) -> Framing:
    """How footage (width, height) fills a window, with the middle of the face where it is in the middle of the width.

    What does not fit the window is cut off; from the sides alike, unless the face is not in the middle.
    """
    scale = max(window[0] / footage[0], window[1] / footage[1])
    wide, high = window[0] / scale, window[1] / scale
    x = min(max(face[0] - wide / 2, 0.0), footage[0] - wide)
    y = min(max(face[1] - EYE_LEVEL * high, 0.0), footage[1] - high)
    return Framing(scale, x, y)


def around(box: Floats, width: int, height: int) -> Crop:
    """The part of a picture of that size around a face's box (4,), `MORE` of it larger on each side."""
    x0, y0, x1, y1 = (float(value) for value in box)
    wide, high = MORE * (x1 - x0), MORE * (y1 - y0)
    left, top = max(0, math.floor(x0 - wide)), max(0, math.floor(y0 - high))
    return left, top, min(width, math.ceil(x1 + wide)), min(height, math.ceil(y1 + high))
