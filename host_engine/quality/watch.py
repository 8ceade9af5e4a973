"""Watches a talking video: where its face is in each frame, and what is heard with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from host_engine.avatars.finders import Finder, Floats
from host_engine.avatars.look_through import look_through
from host_engine.avatars.smoothing import smoothed
from host_engine.avatars.source import FootageError, Video, look, pictures
from host_engine.avatars.troubles import bridged
from host_engine.media import Picture, Samples

RATE = 48_000
SLOWEST, QUICKEST = 10, 60  # frames a second
LONGEST_SIDE = 1280  # pixels: a larger picture shows lips no better

Finding = Callable[[tuple[float, float], int], Finder]  # for the scale from the video to the pictures, and their rate


@dataclass(frozen=True)
class Watched:
    """A video's face: in pixels of pictures of `size` (width, height), `fps` a second."""

    video: Video
    fps: int
    size: tuple[int, int]
    seconds: float  # at most so many are looked at
    seen: Floats  # (frames, 4): boxes as they were found, and bridged where none was
    boxes: Floats  # (frames, 4), smoothed
    points: Floats  # (frames, 5, 2), smoothed
    found: float  # share of the frames in which a face was found

    def frames(self) -> Iterator[Picture]:
        """The pictures once more, each decoded anew."""
        return pictures(self.video, self.fps, self.size, 0.0, self.seconds)


def watch(path: Path, finding: Finding, seconds: float, told: Callable[[int], None] = lambda done: None) -> Watched:
    """The face of a video's first `seconds`. Raises FootageError with a sentence where there is none."""
    video = look(path)
    fps = int(np.clip(round(video.rate), SLOWEST, QUICKEST))
    size = video.sized(min(1.0, LONGEST_SIDE / max(video.width, video.height)))
    finder = finding((size[0] / video.width, size[1] / video.height), fps)
    looked = look_through(pictures(video, fps, size, 0.0, seconds), finder, told)
    there = np.isfinite(looked.boxes).all(1)
    if not there.any():
        raise FootageError(f"{path}: no face was found in it; tell where it is with --boxes, as for 'avatar make'")
    boxes, points = bridged(looked.boxes), bridged(looked.points)
    steady = smoothed(boxes, points)
    return Watched(video, fps, size, seconds, boxes, steady.boxes, steady.points, float(there.mean()))


def sound(path: Path, seconds: float) -> Samples:
    """(n,) mono at 48 kHz from the instant of the first picture on; empty where there is none. Raises FootageError."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                return np.zeros(0, np.float32)
            begins = _first_picture(container)
            container.seek(0)
            return _decoded(container, begins)[: int(seconds * RATE)]
    except (av.FFmpegError, OSError) as error:
        raise FootageError(f"{path}: its sound cannot be read ({error})") from None


def _first_picture(container: av.container.InputContainer) -> float:
    """Seconds of the container at which its first picture is shown."""
    frame = next(iter(container.decode(video=0)), None)
    return float(frame.time or 0.0) if frame is not None else 0.0


def _decoded(container: av.container.InputContainer, begins: float) -> Samples:
    resampler = av.AudioResampler("flt", "mono", RATE)
    parts: list[Samples] = []
    starts: float | None = None
    for frame in container.decode(audio=0):
        starts = float(frame.time or 0.0) if starts is None else starts
        frame.pts = None  # the resampler numbers what it gives out itself
        parts += [np.asarray(made.to_ndarray().ravel(), np.float32) for made in resampler.resample(frame)]
    parts += [np.asarray(made.to_ndarray().ravel(), np.float32) for made in resampler.resample(None)]
    whole = np.concatenate([np.zeros(0, np.float32), *parts])
    late = round(((starts or 0.0) - begins) * RATE)
    return np.pad(whole, (late, 0)) if late > 0 else whole[-late:]
