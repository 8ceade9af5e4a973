"""From a video of a presenter to an avatar: look at every frame, say what is wrong, take what is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from host_engine.avatars.calm import idle_clips, talk_of
from host_engine.avatars.consent import Consent, digest
from host_engine.avatars.finders import Finder, Floats
from host_engine.avatars.folder import Footage, Source
from host_engine.avatars.look_through import Looked, look_through
from host_engine.avatars.parts import Goes, Parts, Told, agreed, free, write
from host_engine.avatars.route import Stretch
from host_engine.avatars.smoothing import smoothed
from host_engine.avatars.source import LARGEST, FootageError, Video, look, pictures, rate_note, within
from host_engine.avatars.times import code
from host_engine.avatars.troubles import advice, bridged, find_troubles, longest
from host_engine.media import Picture

SHORTEST = 1.0  # seconds that footage must last
SHORT = 10.0  # seconds below which one sees it repeat

Finding = Callable[[tuple[float, float]], Finder]  # for the scale from the video's pixels to those of the pictures


class Wanted(NamedTuple):
    """What of a video is taken, and how."""

    size: tuple[int, int] | None = None  # width and height; the video's own where None, at most 1920 long
    start: float = 0.0  # seconds of the video
    end: float | None = None
    longest: bool = False  # take the longest stretch without trouble
    idle: tuple[tuple[float, float], ...] = ()  # seconds of the video in which nothing is said


class Fit(NamedTuple):
    """How the video's picture becomes the avatar's: scaled to `scaled` (w, h), then cut to `size` from (left, top)."""

    scaled: tuple[int, int]
    left: int
    top: int
    size: tuple[int, int]


class Taken(NamedTuple):
    """The stretch of the video that is taken: when it begins (seconds) and what was seen in it."""

    begin: float
    looked: Looked


@dataclass(frozen=True)
class Made:
    """What was made, and what its maker should know."""

    footage: Footage
    notes: tuple[str, ...]
    trembling: tuple[float, float]  # pixels, of the points before and after smoothing


def make_from_video(path: Path, finding: Finding, goes: Goes, wanted: Wanted, told: Told) -> Made:
    """Make an avatar of a video. Raises Problems, or FootageError with a line for each thing that is wrong."""
    consent = agreed(goes.consent)
    free(goes)
    video = look(path)
    scaled = _scaled(video, wanted.size)
    finder = finding((scaled[0] / video.width, scaled[1] / video.height))
    taken = _take(video, scaled, finder, goes.fps, wanted, told)
    looked, count = taken.looked, len(taken.looked.boxes)
    steady = smoothed(bridged(looked.boxes), bridged(looked.points))
    idle, rests = _idle(taken, goes.fps, wanted)
    fit = _fit(scaled, wanted.size, steady.boxes)
    moved = np.array([fit.left, fit.top], np.float32)
    again = pictures(video, goes.fps, scaled, taken.begin, taken.begin + (count + 0.5) / goes.fps)
    parts = Parts(
        (_cut(picture, fit) for picture in again),
        (steady.boxes.reshape(-1, 2, 2) - moved).reshape(-1, 4),
        steady.points - moved,
        talk_of(idle, count),
        idle,
        "footage",
        Source(name=path.name, sha256=digest(path), start=round(taken.begin, 3)),
    )
    notes = tuple(_notes(video, taken, goes.fps, rests, consent))
    return Made(write(parts, goes, told), notes, (steady.before, steady.after))


def _take(video: Video, scaled: tuple[int, int], finder: Finder, fps: int, wanted: Wanted, told: Told) -> Taken:
    """Look at what was asked for, and take of it what is right. Raises FootageError with all that is wrong."""
    start, end = within(video, wanted.start, wanted.end)
    until = min(end, video.seconds or end)
    count = round((until - start) * fps) if np.isfinite(until) else 1
    every = pictures(video, fps, scaled, start, end)
    looked = look_through(every, finder, lambda done: told("Looking for the face", done, max(done, count)))
    if not len(looked.boxes):
        raise FootageError(f"{video.path}: there is no picture from {code(start)} on")
    first, stop = _stretch(looked, video.path, fps, start, wanted.longest)
    return Taken(start + first / fps, looked.part(first, stop))


def _stretch(looked: Looked, path: Path, fps: int, start: float, take_longest: bool) -> tuple[int, int]:
    """The frames to take, first and the one after the last."""
    least = round(SHORTEST * fps)
    troubles = find_troubles(looked, fps, start)
    first, stop = longest(looked, troubles)
    begins, ends = code(start + first / fps), code(start + stop / fps)
    if troubles and not (take_longest and stop - first >= least):
        said = [f"{path}: {trouble.what}" for trouble in troubles]
        if stop - first >= least:
            said.append(
                f"The longest stretch without any of this is {begins} to {ends}; take it with --longest, or with"
                f" --from {begins} --to {ends}."
            )
        else:
            said.append(f"No stretch of {SHORTEST:.0f} s is without any of this; record anew.")
        raise FootageError("\n".join(said))
    if stop - first < least:
        raise FootageError(f"{path}: {(stop - first) / fps:.1f} s are too short; at least {SHORTEST:.0f} s are needed")
    return first, stop


def _idle(taken: Taken, fps: int, wanted: Wanted) -> tuple[tuple[Stretch, ...], bool]:
    """The idle clips: those that were named, else those that are found; and whether the lips rest in them."""
    n, begin = len(taken.looked.boxes), taken.begin
    if not wanted.idle:
        return idle_clips(taken.looked.lips, fps)
    clips = []
    for start, end in wanted.idle:
        first, last = round((start - begin) * fps), round((end - begin) * fps) - 1
        if not 0 <= first < last < n:
            what = f"what is taken, {code(begin)} to {code(begin + n / fps)}"
            raise FootageError(f"--idle {code(start)}-{code(end)} is not within {what}")
        clips.append((first, last))
    return tuple(clips), True


def _notes(video: Video, taken: Taken, fps: int, rests: bool, consent: Consent) -> Iterator[str]:
    """What is good to know, in sentences."""
    yield from video.notes
    if said := rate_note(video, fps):
        yield said
    yield from advice(taken.looked)
    if not rests:
        yield "the lips never rest: in silence the calmest second is shown; record some silent seconds"
    seconds = len(taken.looked.boxes) / fps
    if seconds < SHORT:
        yield f"it repeats after {seconds:.1f} s; record 10 s or more, best a minute or two"
    if consent.kind != "person":
        yield "the consent says that this is artwork: no living person's face may be seen in it"


def _scaled(video: Video, size: tuple[int, int] | None) -> tuple[int, int]:
    """The size at which the video is read: the least that covers what is wanted."""
    if size is None:
        return video.sized(min(1.0, LARGEST / max(video.width, video.height)))
    width, height = video.sized(max(size[0] / video.width, size[1] / video.height))
    return max(width, size[0]), max(height, size[1])


def _fit(scaled: tuple[int, int], size: tuple[int, int] | None, boxes: Floats) -> Fit:
    """Cut so that the face is in the middle, a third from the top, as far as the picture reaches."""
    size = size or scaled
    x, y = (np.median(boxes[:, :2] + boxes[:, 2:], axis=0) / 2).tolist()
    left = min(max(0, round(x - size[0] / 2)), scaled[0] - size[0]) // 2 * 2
    top = min(max(0, round(y - size[1] / 3)), scaled[1] - size[1]) // 2 * 2
    return Fit(scaled, left, top, size)


def _cut(picture: Picture, fit: Fit) -> Picture:
    return np.ascontiguousarray(picture[fit.top : fit.top + fit.size[1], fit.left : fit.left + fit.size[0]])
