"""`python -m benchmarks.codes_seen URL FILE`: plays a stream and writes down which frame's picture was seen when.

A line a picture: time.monotonic() when it was decoded, and its number, or - for a picture without one. A stream that
ends is opened again. In a process of its own: FFmpeg may hold it up as long as it likes.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np

from benchmarks.loopback import end_with_parent
from host_engine import frame_code

# Without them FFmpeg guesses the frame rate from pictures that it keeps back.
OPTIONS = {"fpsprobesize": "0", "rw_timeout": "5000000"}


class Seen(NamedTuple):
    """A picture: when it was seen, and its number, None without one."""

    at: float
    code: int | None


def read(file: Path) -> list[Seen]:
    """What was written down so far; a line that is being written is left out."""
    text = file.read_text() if file.exists() else ""
    lines = [line.split() for line in text[: text.rfind("\n") + 1].splitlines()]
    return [Seen(float(at), None if code == "-" else int(code)) for at, code in lines]


def pictures(url: str) -> Iterator[tuple[float, np.ndarray[Any, Any]]]:
    """When each picture of a stream was decoded, and its brightness, (height, width); it is opened again at its end."""
    while True:
        try:
            with av.open(url, options=OPTIONS) as stream:
                video = stream.streams.video[0]
                video.thread_count = 1
                for packet in stream.demux(video):
                    for frame in packet.decode():
                        yield time.monotonic(), frame.to_ndarray(format="gray")
        except av.FFmpegError:
            time.sleep(0.1)


def number(picture: np.ndarray[Any, Any]) -> str:
    """The number in a picture as it is written down."""
    code = frame_code.read(picture)
    return "-" if code is None else str(code)


if __name__ == "__main__":
    end_with_parent()
    with Path(sys.argv[2]).open("a", buffering=1) as seen:
        for at, picture in pictures(sys.argv[1]):
            seen.write(f"{at:.6f} {number(picture)}\n")
