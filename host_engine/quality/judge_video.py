"""Judges the lips of somebody's video by all that a video without a script can tell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from host_engine.host.mouth import AUDIBLE, levels
from host_engine.media import Samples
from host_engine.quality.face_square import squares
from host_engine.quality.openness import mouth, openness
from host_engine.quality.reading import Reading
from host_engine.quality.syncing import Faces, syncing
from host_engine.quality.take import VIDEO, Take, lips
from host_engine.quality.watch import Finding, Watched, sound, watch

SHORTEST = 2.0  # seconds
Told = Callable[[str, int, int], None]  # what is done, frames done, frames in all (0: not known)


class Judgement(NamedTuple):
    """What was judged, and all that was read."""

    name: str
    readings: list[Reading]


def judge_video(
    path: Path,
    finding: Finding,
    seconds: float,
    syncnet: Path | None = None,
    told: Told = lambda what, done, count: None,
) -> Judgement:
    """The readings of the first `seconds` of a talking video. Raises FootageError, NetError with a sentence."""
    watched = watch(path, finding, seconds, lambda done: told("Looking for the face", done, 0))
    heard = sound(path, seconds)
    readings = [Reading("frames with a face", 100 * watched.found, "%", low=95)]
    if why := _mute(watched, heard):
        return Judgement(path.name, [*readings, Reading("lips", None, why=why)])
    where = squares(watched.seen)
    faces = Faces(watched.fps) if syncnet else None
    mouths = []
    for n, (frame, box, points) in enumerate(zip(watched.frames(), watched.boxes, watched.points, strict=False)):
        mouths.append(mouth(frame, box, points))
        if faces:
            faces.add(frame, where[n])
        told("Measuring the lips", n + 1, len(where))
    take = Take(watched.fps, openness(mouths), heard, boxes=watched.seen)
    return Judgement(path.name, [*readings, *lips(take, VIDEO), *syncing(syncnet, faces, heard)])


def _mute(watched: Watched, heard: Samples) -> str | None:
    """Why nothing can be told of its lips."""
    if len(watched.boxes) < SHORTEST * watched.fps:
        return f"it is shorter than {SHORTEST:.0f} s"
    if not len(heard):
        return "it has no sound"
    if not (levels(heard, watched.fps) > AUDIBLE).any():
        return "nothing is heard in it"
    return None
