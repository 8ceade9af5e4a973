"""Whether lips tremble and the face's crop shakes, where both should move as a person does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from host_engine.avatars.smoothing import trembling
from host_engine.quality.offset import Curve

FLUTTER = 0.15  # of opening, within one frame: a step that can be seen

Boxes = NDArray[np.float32]


def roughness(opening: Curve) -> float:
    """How much the opening trembles: its rms third difference, scaled so that noise of 1 in each frame gives 1."""
    return trembling(np.asarray(opening, np.float32))


def fastest(opening: Curve, fps: float) -> float:
    """The largest change of the opening, in openings a second."""
    return float(np.abs(np.diff(opening)).max() * fps) if len(opening) > 1 else 0.0


def flutters(opening: Curve) -> int:
    """How often the lips go to and fro for no reason: three steps in a row, each large, each against the one before.

    Two such steps are what every quick p or b looks like; speech does not need a third.
    """
    steps = np.diff(opening)
    large = np.abs(steps) > FLUTTER
    turned = large[1:] & large[:-1] & (steps[1:] * steps[:-1] < 0)
    return int((turned[1:] & turned[:-1]).sum())


def shake(boxes: Boxes) -> float:
    """How much the path of the face boxes (n, 4) trembles, scaled as `roughness`, in per cent of the face's width."""
    if not len(boxes):
        return 0.0
    width = max(float(np.median(boxes[:, 2] - boxes[:, 0])), 1.0)
    return 100 * trembling(np.asarray(boxes, np.float32)) / width
