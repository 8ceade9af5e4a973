"""A sheet of pictures to look at: for several sounds, what should be seen above what the network paints."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.host.mouth import LEAD
from host_engine.host.mouths.viseme import SHAPES, closure, sounds
from host_engine.media import Picture, Speech
from host_engine.neural.small.network import SIDE
from host_engine.training.sitting import FPS

SHOWN = ("PP", "FF", "aa", "E", "I", "O", "U", "SS")  # visemes, in this order
TIMES = 2  # as large as the network paints
GAP = 6


def write_rows(path: Path, rows: list[Picture]) -> None:
    """A PNG of rows of faces (n, SIDE, SIDE, 3). Raises OSError."""
    lines = [_row(pictures) for pictures in rows]
    width = max(line.shape[1] for line in lines)
    wide = [np.pad(line, ((0, GAP), (0, width - line.shape[1]), (0, 0)), constant_values=255) for line in lines]
    done, data = cv2.imencode(".png", cv2.cvtColor(np.concatenate(wide), cv2.COLOR_RGB2BGR))
    if not done:
        raise OSError(f"{path}: the sheet could not be made a PNG")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.tobytes())


def moments(speech: Speech, shapes: NDArray[np.float32]) -> list[int]:
    """Of mouths (n, 6) the frame in which each viseme of `SHOWN` is seen best, where it is said at all."""
    found = []
    for viseme in SHOWN:
        said = [sound for sound in sounds(speech.phonemes) if sound.viseme == viseme]
        middles = [closure(sound) if viseme == "PP" else (sound.start + sound.end) / 2 for sound in said]
        frames = [min(len(shapes) - 1, max(0, int((at - LEAD) * FPS))) for at in middles]
        if frames:
            wanted = np.array(SHAPES[viseme])
            away = [float(np.abs(shapes[n] - wanted).sum()) for n in frames]
            found.append(frames[int(np.argmin(away))])
    return found


def _row(pictures: Picture) -> NDArray[np.uint8]:
    size = (TIMES * SIDE, TIMES * SIDE)
    large = [np.asarray(cv2.resize(each, size, interpolation=cv2.INTER_CUBIC), np.uint8) for each in pictures]
    return np.concatenate([np.pad(each, ((0, 0), (0, GAP), (0, 0)), constant_values=255) for each in large], 1)
