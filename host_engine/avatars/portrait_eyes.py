"""The eyes of a portrait: lids that shut, of the person's own skin above them, and a gaze that drifts."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.avatars.portrait import Portrait

HALF = (0.2, 0.34)  # half the width of an eye, at least and at most, in distances of the eyes
UP, DOWN = (0.045, 0.26), (0.035, 0.22)  # how far lids may be from the middle of the eye, in the same
ASTRAY = 0.13  # how far a detector's point may lie beside the middle, in the same
DIFFERS = 0.5  # of the most that the eye differs from the skin: what differs so much is the eye
DIFFERS_BELOW = 0.3  # and below, where there are no lashes
LASHES = 0.02  # and what lashes and the edges of brows take, in the same
LID = 0.06  # the least of the skin between the lashes and the brow, in the same
BROW = 0.36  # the highest place that the skin of the lid is taken from, in the same
ASIDE, OVER = 0.055, 0.03  # how far an iris goes at a gaze of 1, in the same
ACROSS, ABOVE, BELOW = 0.36, 0.46, 0.34  # the part of the picture about the eye that is painted anew, in the same
LASH, DARK = 0.02, 0.55  # the thickness of the lashes' line, in the same, and how dark it is

STEP = 0.01  # of the distance of the eyes, at which an eye is looked at
_ACROSS = np.arange(-0.44, 0.445, STEP, dtype=np.float32)
_DOWN = np.arange(-0.44, 0.365, STEP, dtype=np.float32)

Bytes = NDArray[np.uint8]
Floats = NDArray[np.floating[Any]]


class Eye(NamedTuple):
    """One eye, in pixels; the lids are arcs from corner to corner, so high above and below at the middle."""

    x: float
    y: float
    cos: float  # the direction from the one eye to the other, to the viewer's right
    sin: float
    half: float
    up: float
    down: float
    brow: float  # how far above the middle the lid's skin begins
    apart: float  # the distance of the eyes


def eyes_of(portrait: Portrait) -> list[Eye]:
    """Both eyes of a portrait, which are taken to be alike: what is seen less of one is seen more of the other."""
    right, left = portrait.points[0], portrait.points[1]
    apart = max(float(np.hypot(*(left - right))), 4.0)
    cos, sin = (float(part) / apart for part in left - right)
    both = [_eye(portrait, float(x), float(y), cos, sin, apart) for x, y in (right, left)]
    half, up, down = (max(getattr(eye, name) for eye in both) for name in ("half", "up", "down"))
    return [eye._replace(half=half, up=up, down=down, brow=max(eye.brow, up + LID * apart)) for eye in both]


def _eye(portrait: Portrait, x: float, y: float, cos: float, sin: float, apart: float) -> Eye:
    """The eye about a detector's point, which may lie beside it: what is not of the skin's colour there."""
    away, light = _looked_at(portrait, x, y, cos, sin, apart)
    across, down = _middle(away)
    near = np.abs(_ACROSS - across) < 0.05
    profile, middle = away[:, near].mean(1), _place(_DOWN, down)
    up = STEP * _extent(profile, middle, 26, True, DIFFERS)[0]
    low = min(STEP * _extent(profile, middle, 26, True, DIFFERS_BELOW)[1], up + 2 * STEP)
    rows = np.abs(_DOWN - down - (low - up) / 2) < (up + low) / 2 + STEP
    left, right = (STEP * far for far in _extent(away[rows].max(0), _place(_ACROSS, across), 34, False, DIFFERS))
    across += (right - left) / 2
    up, low = min(max(up, UP[0]), UP[1]), min(max(low, DOWN[0]), DOWN[1])
    half = min(max((left + right) / 2, HALF[0]), HALF[1])
    brow = _brow(_DOWN - down, light[:, near].mean(1), up)
    x, y = x + (cos * across - sin * down) * apart, y + (sin * across + cos * down) * apart
    return Eye(x, y, cos, sin, half * apart, up * apart, low * apart, brow * apart, apart)


def _looked_at(portrait: Portrait, x: float, y: float, cos: float, sin: float, apart: float) -> tuple[Floats, Floats]:
    """About an eye, upright: how far the colours are from the cheek's, and how light it is; (rows, columns)."""
    across, down = np.meshgrid(_ACROSS * apart, _DOWN * apart)
    places = np.dstack((x + cos * across - sin * down, y + sin * across + cos * down)).astype(np.float32)
    seen = np.asarray(_remap(portrait.picture, places), np.float32)
    cheek = seen[_DOWN > 0.26][:, np.abs(_ACROSS) < 0.25].reshape(-1, 3)
    return np.abs(seen - np.median(cheek, 0)).max(2), seen.mean(2)


def _middle(away: Floats) -> tuple[float, float]:
    """Where the eye's middle is: what differs most from the skin near the point, by the mean-shift procedure."""
    x, y = 0.0, 0.0
    for _ in range(8):
        near = np.exp(-(((_ACROSS - x) / 0.15) ** 2) - ((_DOWN[:, None] - y) / 0.1) ** 2)
        weight = away * away * near
        total = max(float(weight.sum()), 1e-6)
        x, y = float((weight * _ACROSS).sum()) / total, float((weight * _DOWN[:, None]).sum()) / total
        x, y = min(max(x, -ASTRAY), ASTRAY), min(max(y, -ASTRAY), ASTRAY)
    return x, y


def _place(places: Floats, at: float) -> int:
    return int(np.abs(places - at).argmin())


def _extent(away: Floats, middle: int, far: int, apart: bool, share: float) -> tuple[float, float]:
    """How far, in places, from the middle back and on it differs from the skin, over gaps of two; at most `far`.

    What counts is the skin that is found within `far`; where the sides are `apart`, of each side its own, as lids are
    in the shade, and cheeks are not.
    """
    ways = [away[middle::side][:far] for side in (-1, 1)]
    peak = float(away[max(0, middle - 6) : middle + 7].max())
    skin = [float(way.min()) for way in ways]
    skin = skin if apart else [min(skin)] * 2
    ends = []
    for way, least in zip(ways, skin, strict=True):
        there = np.r_[way > least + share * (peak - least), False, False, False]
        gaps = np.flatnonzero(~there[:-2] & ~there[1:-1] & ~there[2:])
        ends.append(max(float(gaps[0]) - 0.5, 0.0))
    return ends[0], ends[1]


def _brow(rows: Floats, light: Floats, up: float) -> float:
    """How far above the eye's middle the eyebrow ends: up from the lashes, past the skin, it becomes dark again."""
    skin = np.flatnonzero((rows < -up - LASHES) & (rows > -BROW))
    if len(skin) < 3:
        return up + LID
    seen = light[skin][::-1]  # from the lashes upwards
    bright = int(seen[: max(3, len(seen) // 2)].argmax())
    dark = np.flatnonzero(seen[bright:] < 0.5 * (seen[bright] + seen[bright:].min()))
    drop = float(seen[bright] - seen[bright:].min()) > 0.12 * float(seen[bright])
    end = float(-rows[skin][::-1][bright + int(dark[0])]) if drop and len(dark) else BROW
    return max(end - LASHES, up + LID)


class Lids:
    """Paints the eyes of a picture of any number of channels, shut or looking aside; the picture stays as it is."""

    def __init__(self, picture: Bytes, eyes: list[Eye]) -> None:
        self._picture, self._eyes = picture, eyes

    def paint(self, out: Bytes, blink: float, gaze: tuple[float, float]) -> None:
        """Writes the eyes into `out`, which elsewhere is as the picture: `blink` 0 open .. 1 shut, `gaze` -1..1."""
        for eye in self._eyes:
            self._paint_one(out, eye, blink, gaze)

    def _paint_one(self, out: Bytes, eye: Eye, blink: float, gaze: tuple[float, float]) -> None:
        reach = math.ceil(ACROSS * eye.apart + abs(eye.sin) * ABOVE * eye.apart)
        above, below = (
            math.ceil(max(ABOVE * eye.apart, eye.brow) * 1.1),
            math.ceil(max(BELOW * eye.apart, eye.down) * 1.1),
        )
        x0, y0 = max(0, round(eye.x) - reach), max(0, round(eye.y) - above)
        x1, y1 = min(out.shape[1], round(eye.x) + reach + 1), min(out.shape[0], round(eye.y) + below + 1)
        if x1 - x0 < 2 or y1 - y0 < 2:
            return
        x = np.arange(x0, x1, dtype=np.float32)
        y = np.arange(y0, y1, dtype=np.float32)[:, None]
        across = (x - eye.x) * eye.cos + (y - eye.y) * eye.sin
        down = (y - eye.y) * eye.cos - (x - eye.x) * eye.sin
        arch = np.maximum(1 - (across / eye.half) ** 2, 0) ** np.float32(0.8)
        open_line, shut_line = -eye.up * arch, eye.down * arch
        line = open_line + (shut_line - open_line) * np.float32(blink)
        iris = self._seen(eye, x, y, *self._looked(eye, across, down, gaze))
        lid = self._seen(eye, x, y, np.zeros_like(across), self._drawn(eye, down, open_line, line))
        share = (np.clip(line - down + 0.5, 0, 1) * (line > open_line + 0.05))[..., None]
        painted = iris + (lid - iris) * share
        painted[..., :3] *= 1 - self._lashes(eye, across, down - line, blink)[..., None]
        out[y0:y1, x0:x1] = np.clip(painted + 0.5, 0, 255).astype(np.uint8)

    def _looked(self, eye: Eye, across: Floats, down: Floats, gaze: tuple[float, float]) -> tuple[Floats, Floats]:
        """How far from its place the eye is seen: the iris goes, the corners and the lids stay."""
        near = np.maximum(1 - (across / (0.85 * eye.half)) ** 2, 0) ** 2
        high = np.where(down < 0, eye.up, eye.down) * 1.15
        near = near * np.maximum(1 - (down / high) ** 2, 0) ** 1.5
        return -near * np.float32(gaze[0] * ASIDE * eye.apart), -near * np.float32(gaze[1] * OVER * eye.apart)

    def _lashes(self, eye: Eye, across: Floats, above: Floats, blink: float) -> Floats:
        """How much darker it is along the edge of a lid on its way down, where the lashes are."""
        edge = np.exp(-((above / max(LASH * eye.apart, 0.8)) ** 2))
        side = np.maximum(1 - (across / (1.05 * eye.half)) ** 2, 0)
        return np.asarray(DARK * min(2 * blink, 1.0) * edge * side, np.float32)

    def _drawn(self, eye: Eye, down: Floats, open_line: Floats, line: Floats) -> Floats:
        """How far from its place the lid's skin comes: what lay between the brow and the lashes is drawn down."""
        stretch = (open_line + eye.brow) / (line + eye.brow)
        return np.asarray(np.where(down > -eye.brow, (down + eye.brow) * (stretch - 1), 0), np.float32)

    def _seen(self, eye: Eye, x: Floats, y: Floats, across: Floats, down: Floats) -> Floats:
        places = np.empty((*across.shape, 2), np.float32)
        places[..., 0] = x + eye.cos * across - eye.sin * down
        places[..., 1] = y + eye.sin * across + eye.cos * down
        return np.asarray(_remap(self._picture, places), np.float32)


def _remap(picture: Bytes, places: Floats) -> Bytes:
    remap: object = cv2.remap
    assert callable(remap)  # its types do not know that one map may hold both coordinates
    return np.asarray(remap(picture, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)
