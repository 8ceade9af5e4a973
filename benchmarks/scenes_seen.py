"""`python -m benchmarks.scenes_seen URL FILE`: plays what OBS sends, and writes down which of its scenes was seen when.

A line a picture: time.monotonic() when it was decoded, its number, or - without one, and 1 where the mark is on it
that one scene of OBS has. A stream that ends is opened again. In a process of its own, as FFmpeg may hold it up.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.codes_seen import number, pictures
from benchmarks.loopback import end_with_parent

MARK = (0.0, 0.75, 0.125, 0.25)  # left, top, width, height: parts of the picture that are white where the mark is
WHITE = 200  # of brightness, in the middle of it


class Seen(NamedTuple):
    """A picture: when it was seen, its number, None without one, and whether it has the mark."""

    at: float
    code: int | None
    marked: bool


def read(file: Path) -> list[Seen]:
    """What was written down so far; a line that is being written is left out."""
    text = file.read_text() if file.exists() else ""
    lines = [line.split() for line in text[: text.rfind("\n") + 1].splitlines()]
    return [Seen(float(at), None if code == "-" else int(code), mark == "1") for at, code, mark in lines]


def marked(picture: np.ndarray[Any, Any]) -> bool:
    """Whether the mark is on a picture, (height, width) of brightness."""
    height, width = picture.shape
    left, top = int((MARK[0] + MARK[2] / 4) * width), int((MARK[1] + MARK[3] / 4) * height)
    middle = picture[top : top + int(height * MARK[3] / 2), left : left + int(width * MARK[2] / 2)]
    return bool(middle.min() > WHITE)


if __name__ == "__main__":
    end_with_parent()
    with Path(sys.argv[2]).open("a", buffering=1) as seen:
        for at, picture in pictures(sys.argv[1]):
            seen.write(f"{at:.6f} {number(picture)} {int(marked(picture))}\n")
