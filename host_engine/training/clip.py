"""A video of someone talking, as training sees it: one face and one window of sound for each frame."""

from __future__ import annotations

import logging
from datetime import date
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from numpy.typing import NDArray

from host_engine.avatars.by_hand import ByHand, read_boxes
from host_engine.avatars.consent import read_consent
from host_engine.avatars.finders import Finder, YuNet
from host_engine.avatars.look_through import look_through
from host_engine.avatars.smoothing import smoothed
from host_engine.avatars.source import LARGEST, FootageError, Video, look, pictures
from host_engine.avatars.troubles import bridged, find_troubles, longest
from host_engine.document import Problem, Problems
from host_engine.media import Picture, Samples
from host_engine.neural.net import RATE, Half
from host_engine.neural.small.geometry import crop_of
from host_engine.neural.small.mel import windows
from host_engine.training.sitting import FPS, scaled

log = logging.getLogger(__name__)

LEAST = 2.0  # seconds of talking without a trouble
ENOUGH = 60.0  # seconds from which on lips become good


class Clip(NamedTuple):
    """Faces (n, SIDE, SIDE, 3) and what is heard in each, (n, STEPS, BANDS)."""

    faces: Picture
    said: Half


def read_clip(video: Path, consent: Path, faces: Path) -> Clip:
    """The longest stretch of a video that training can use. `faces` is YuNet's ONNX file, or boxes by hand (see
    `avatars.by_hand`).

    Raises Problems where the person's consent does not allow it, and FootageError for what the video lacks.
    """
    agreed = read_consent(consent)
    if refused := agreed.refused(date.today(), use="training"):
        raise Problems([Problem(str(consent), None, "", refused)])
    source = look(video)
    scale = min(1.0, LARGEST / max(source.width, source.height))
    size = source.sized(scale)
    sound = read_sound(source)
    points, first, end = _faces(source, size, _finder(faces, source, size))
    if (end - first) / FPS < LEAST:
        raise FootageError(f"{video}: no {LEAST:.0f} seconds of it can be used; 'avatar make' says what is wrong in it")
    if (end - first) / FPS < ENOUGH:
        log.warning("%s: %.0f s can be learnt from; a minute or more is better", video, (end - first) / FPS)
    seen = pictures(source, FPS, size)
    crops = [scaled(each, crop_of(points[n])) for n, each in enumerate(seen) if first <= n < end]
    said = windows(sound, FPS)[first:end]
    frames = min(len(crops), len(said))
    return Clip(np.stack(crops[:frames]), said[:frames])


def read_sound(source: Video) -> Samples:
    """The sound of a video as mono samples at 16 kHz, from the time of its first picture. Raises FootageError."""
    pieces: list[NDArray[np.float32]] = []
    try:
        with av.open(str(source.path)) as container:
            if not container.streams.audio:
                raise FootageError(f"{source.path}: there is no sound in this video")
            begins = _begin(container.streams.video[0])
            track = container.streams.audio[0]
            resampler = av.AudioResampler("flt", "mono", RATE)
            late = _begin(track) - begins
            for frame in container.decode(track):
                pieces += [each.to_ndarray()[0] for each in resampler.resample(frame)]
            pieces += [each.to_ndarray()[0] for each in resampler.resample(None)]
    except (av.FFmpegError, OSError) as error:
        raise FootageError(f"{source.path}: its sound cannot be read ({error})") from None
    sound = np.concatenate([np.zeros(max(0, round(late * RATE)), np.float32), *pieces])
    return sound[max(0, -round(late * RATE)) :]


def _begin(stream: av.stream.Stream) -> float:
    return float(stream.start_time * stream.time_base) if stream.start_time and stream.time_base else 0.0


def _finder(faces: Path, source: Video, size: tuple[int, int]) -> Finder:
    if faces.suffix.lower() == ".onnx":
        return YuNet(faces)
    scale = (size[0] / source.width, size[1] / source.height)
    return ByHand(read_boxes(faces), FPS, scale=scale)


def _faces(source: Video, size: tuple[int, int], finder: Finder) -> tuple[NDArray[np.float32], int, int]:
    """The points (n, 5, 2) of all frames, and the first and end of the longest good stretch of them."""
    looked = look_through(pictures(source, FPS, size), finder)
    troubles = find_troubles(looked, FPS)
    first, end = longest(looked, troubles)
    if end <= first:
        said = "; ".join(trouble.what for trouble in troubles[:3]) or "it has no frames"
        raise FootageError(f"{source.path}: nothing in it can be used: {said}")
    return smoothed(bridged(looked.boxes), bridged(looked.points)).points, first, end
