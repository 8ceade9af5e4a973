"""A video as it was brought: whatever its rate, rotation and colours, read as upright RGB frames at one rate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np

from host_engine.avatars.times import code
from host_engine.media import Picture

HDR = {16: "PQ", 18: "HLG"}  # transfer characteristics in the numbers of ITU-T H.273
SLOW = 0.9  # of the wanted rate: a slower video moves in jerks
EXACT = 0.001  # seconds to which times are told
LARGEST = 1920  # pixels of the longer side, unless another size is asked for


class FootageError(ValueError):
    """Why a video makes no avatar: sentences for the person who recorded it, one a line."""


@dataclass(frozen=True)
class Video:
    """A video file; sizes are those of the upright picture with square pixels."""

    path: Path
    width: int
    height: int
    rate: float  # frames a second on average
    seconds: float  # 0 where the file does not say
    turned: int  # quarter turns against the clock that make it upright
    notes: tuple[str, ...] = ()  # what its maker should know

    def sized(self, scale: float) -> tuple[int, int]:
        """Width and height at a scale, both even."""
        return max(2, round(self.width * scale / 2) * 2), max(2, round(self.height * scale / 2) * 2)


def look(path: Path) -> Video:
    """What a video is, from its first frame. Raises FootageError with a sentence."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise FootageError(f"{path}: there is no picture in this file")
            stream = container.streams.video[0]
            frame = next((frame for frame in _frames(container, stream)), None)
            if frame is None:
                raise FootageError(f"{path}: no picture of it can be decoded")
            return _seen(path, container, stream, frame)
    except FileNotFoundError:
        raise FootageError(f"{path}: there is no such file") from None
    except (av.FFmpegError, OSError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FootageError(f"{path}: this is no video that can be read ({reason})") from None


def pictures(
    video: Video, fps: int, size: tuple[int, int], start: float = 0.0, end: float = float("inf")
) -> Iterator[Picture]:
    """The frames from `start` to `end` (seconds) at `fps`, each (h, w, 3) RGB of `size` (width, height), upright.

    Each is the frame of the video that is nearest in time: of 60 a second some are left out, of a changing rate some
    are shown twice. Raises FootageError where the file cannot be opened any more.
    """
    n, shown, shown_at = 0, None, 0.0
    try:
        with av.open(str(video.path)) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            for at, frame in _timed(container, stream):
                while shown is not None and start + n / fps <= (shown_at + at) / 2 and start + n / fps < end:
                    yield _picture(shown, size, video.turned)
                    n += 1
                shown, shown_at = frame, at
                if at > end + 1:
                    break
    except (av.FFmpegError, OSError) as error:
        raise FootageError(f"{video.path}: cannot be read ({error})") from None
    last = min(end, shown_at + 1 / video.rate - EXACT)
    while shown is not None and start + n / fps < last:
        yield _picture(shown, size, video.turned)
        n += 1


def _frames(container: Any, stream: Any) -> Iterator[Any]:
    """All frames that can be decoded; damaged packets are passed over."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except av.FFmpegError:  # the rest of the file is gone
            return
        if packet is None:
            return
        try:
            yield from packet.decode()
        except av.FFmpegError:
            continue


def _timed(container: Any, stream: Any) -> Iterator[tuple[float, Any]]:
    """Each frame with its seconds since the first; a file that tells no times is read at its rate."""
    first, rate = None, float(stream.average_rate or 25)
    for n, frame in enumerate(_frames(container, stream)):
        at = n / rate if frame.time is None else float(frame.time)
        first = at if first is None else first
        yield at - first, frame


def _picture(frame: Any, size: tuple[int, int], turned: int) -> Picture:
    width, height = size if turned % 2 == 0 else size[::-1]
    rgb = frame.to_ndarray(format="rgb24", width=width, height=height, interpolation="BICUBIC")
    return np.ascontiguousarray(np.rot90(rgb, turned), np.uint8)


def _seen(path: Path, container: Any, stream: Any, frame: Any) -> Video:
    shape = stream.sample_aspect_ratio
    wide = frame.width * (float(shape) if shape else 1.0)
    turned = round(frame.rotation / 90) % 4
    upright = (round(wide), frame.height) if turned % 2 == 0 else (frame.height, round(wide))
    seconds = stream.duration * float(stream.time_base) if stream.duration else (container.duration or 0) / av.time_base
    rate = float(stream.average_rate or stream.guessed_rate or 25)
    return Video(path, *upright, rate, float(seconds), turned, tuple(_notes(frame, rate, turned, stream)))


def _notes(frame: Any, rate: float, turned: int, stream: Any) -> Iterator[str]:
    if turned:
        yield f"it was recorded turned by {turned * 90} degrees, and is shown upright"
    if frame.color_trc in HDR:
        yield (
            f"it is HDR ({HDR[frame.color_trc]}) and will look pale: record in SDR, or convert it before, such as with"
            " HandBrake or ffmpeg's tonemap filter"
        )
    if stream.format is not None and any(part.bits > 8 for part in stream.format.components):
        yield "it has more than 8 bits a colour; 8 are kept"
    if frame.interlaced_frame:
        yield "it is interlaced, so that combs show where something moves: deinterlace it before (ffmpeg -vf yadif)"


def rate_note(video: Video, fps: int) -> str | None:
    """What to say where the video is slower than the avatar."""
    if video.rate >= SLOW * fps:
        return None
    return f"it has {video.rate:.1f} frames a second, the avatar {fps}: it will move in jerks; use --fps or record anew"


def within(video: Video, start: float, end: float | None) -> tuple[float, float]:
    """The part of the video that is asked for, in seconds. Raises FootageError for one that is not there."""
    if video.seconds and start >= video.seconds:
        raise FootageError(f"--from {code(start)} lies after the end of the video, at {code(video.seconds)}")
    if end is not None and end <= start:
        raise FootageError(f"--to {code(end)} does not lie after --from {code(start)}")
    return start, float("inf") if end is None else end
