"""What in a video cannot become an avatar, as sentences with time codes; and the longest stretch without any of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from host_engine.avatars.finders import Floats
from host_engine.avatars.look_through import Looked
from host_engine.avatars.times import code

BRIDGED = 0.4  # seconds without a face that are bridged
BRIEF = 0.3  # seconds of anything else that are passed over
SMALLEST = 48.0  # pixels of a face's width
SMALLISH = 110.0  # below this it works, but looks soft
DARK = 28.0  # mean grey of a face, 0..255
DARKISH = 55.0
TURNED = 0.8  # how far the nose is off the middle of the eyes, in half distances of the eyes: about 40 degrees
CUT_PICTURE = 8.0  # mean change of the small pictures' grey, 0..255
CUT_FACE = 0.35  # of the face's width by which it moves from one frame to the next
UNLIKE = 5.0  # times what is usual around it
AROUND = 12  # frames

Flags = NDArray[np.bool_]


class Trouble(NamedTuple):
    """One thing that is wrong from frame `first` to frame `last`; a cut lies before `first`."""

    first: int
    last: int
    what: str


def find_troubles(looked: Looked, fps: int, start: float = 0.0) -> list[Trouble]:
    """Everything that is wrong, in order; `start` is the time of frame 0 in the video."""
    found = list(_troubles(looked, fps))
    return [trouble._replace(what=_timed(trouble, fps, start)) for trouble in sorted(found)]


def longest(looked: Looked, troubles: list[Trouble]) -> tuple[int, int]:
    """The longest stretch without trouble: its first frame and the one after its last, alike where none is."""
    n = len(looked.boxes)
    bad = np.zeros(n, bool)
    cuts = {trouble.first for trouble in troubles if trouble.last < trouble.first}
    for trouble in troubles:
        bad[trouble.first : trouble.last + 1] = True
    best, begun = (0, 0), 0
    for frame in range(n + 1):
        if frame in cuts or frame == n or bad[frame]:
            if frame - begun > best[1] - best[0]:
                best = (begun, frame)
            begun = frame if frame in cuts and frame < n and not bad[frame] else frame + 1
    return best


def advice(looked: Looked) -> Iterator[str]:
    """What is no trouble, but could be better, in sentences."""
    wide = float(np.nanmedian(looked.boxes[:, 2] - looked.boxes[:, 0]))
    if wide < SMALLISH:
        yield f"the face is only {wide:.0f} pixels wide, so that the lips will look soft: come closer, or record larger"
    if (light := float(np.nanmedian(looked.light))) < DARKISH:
        yield f"the face is dark ({light:.0f} of 255): more light from the front makes better lips"


def bridged(places: Floats) -> Floats:
    """Places (n, ...) with straight lines over the gaps (nan), and the first and last held to the ends."""
    flat = places.reshape(len(places), -1)
    there = np.flatnonzero(~np.isnan(flat).any(1))
    frames = np.arange(len(flat))
    columns = [np.interp(frames, there, column[there]) for column in flat.T]
    return np.stack(columns, 1).reshape(places.shape).astype(np.float32)


def runs(flags: Flags, least: int = 1, gap: int = 0) -> list[tuple[int, int]]:
    """First and last index of each run of True that is at least `least` long, over gaps of at most `gap`."""
    on = np.flatnonzero(flags)
    if not len(on):
        return []
    breaks = np.flatnonzero(np.diff(on) > gap + 1)
    firsts, lasts = np.r_[on[0], on[breaks + 1]], np.r_[on[breaks], on[-1]]
    return [(int(a), int(b)) for a, b in zip(firsts, lasts, strict=True) if b - a + 1 >= least]


def _troubles(looked: Looked, fps: int) -> Iterator[Trouble]:
    brief, gap = max(1, round(BRIEF * fps)), round(0.5 * fps)
    missing = np.isnan(looked.boxes[:, 0])
    for first, last in runs(missing, round(BRIDGED * fps) + 1):
        yield Trouble(first, last, "no face is found")
    for first, last in runs(looked.others, brief, gap):
        yield Trouble(first, last, "two faces are in the picture; only the presenter's may be")
    wide = looked.boxes[:, 2] - looked.boxes[:, 0]
    flags = np.nan_to_num(wide, nan=np.inf) < SMALLEST
    for first, last in runs(flags, brief, gap):
        least = np.nanmin(wide[first : last + 1])
        yield Trouble(
            first, last, f"the face is too small ({least:.0f} pixels wide; at least {SMALLEST:.0f} are needed)"
        )
    for first, last in runs(np.nan_to_num(looked.light, nan=np.inf) < DARK, brief, gap):
        light = np.nanmean(looked.light[first : last + 1])
        yield Trouble(first, last, f"the face is too dark ({light:.0f} of 255; at least {DARK:.0f} are needed)")
    for first, last in runs(np.nan_to_num(np.abs(_turn(looked.points))) > TURNED, brief, gap):
        yield Trouble(first, last, "the face is turned away; look at the camera, half a profile is too much")
    for frame in _cuts(looked, wide, round(BRIDGED * fps)):
        yield Trouble(frame, frame - 1, "the picture is cut here; an avatar is made of one take")


def _turn(points: Floats) -> Floats:
    """How far the nose is off the eyes' middle, in half their distance: at 1 it lies below one of them."""
    eyes, mouth = points[:, :2].mean(1), points[:, 3:].mean(1)
    down = mouth - eyes
    tall = np.maximum(np.hypot(*down.T), 1e-3)
    nose = points[:, 2] - eyes
    off = (nose[:, 0] * down[:, 1] - nose[:, 1] * down[:, 0]) / tall
    apart = np.hypot(*(points[:, 1] - points[:, 0]).T)
    return np.asarray(off / np.maximum(apart / 2, 1e-3), np.float32)


def _cuts(looked: Looked, wide: Floats, brief: int) -> list[int]:
    """The frames before which the picture, or the face in it, jumps by much more than it moves around there."""
    if len(looked.small) < 3:
        return []
    small = looked.small.astype(np.float32)
    jumps = np.abs(np.diff(small, axis=0)).mean((1, 2))
    seen = ~np.isnan(wide)
    if not seen.any():
        return []
    middle = bridged(looked.points).mean(1)
    moved = np.hypot(*np.diff(middle, axis=0).T) / max(float(np.median(wide[seen])), 1.0)
    moved[~(seen[1:] & seen[:-1])] = 0
    for first, last in runs(~seen, brief + 1):  # that a face is missing is told already
        jumps[max(0, first - 1) : last + 1] = 0
    found = _sudden(jumps, CUT_PICTURE) | _sudden(moved, CUT_FACE)
    return [first + 1 for first, _ in runs(found)]


def _sudden(change: Floats, least: float) -> Flags:
    """Which changes are at least so large, and much larger than those around them."""
    usual = np.array([_usual(change, at) for at in range(len(change))])
    return np.asarray((change >= least) & (change > UNLIKE * usual), bool)


def _usual(change: Floats, at: int) -> float:
    near = np.r_[change[max(0, at - AROUND) : at], change[at + 1 : at + 1 + AROUND]]
    return float(np.median(near)) if len(near) else 0.0


def _timed(trouble: Trouble, fps: int, start: float) -> str:
    begins = start + trouble.first / fps
    if trouble.last < trouble.first:
        return f"{code(begins)}: {trouble.what}"
    lasts = (trouble.last - trouble.first + 1) / fps
    return f"{code(begins)} to {code(begins + lasts)} ({lasts:.1f} s): {trouble.what}"
