"""Lessons from a video of one person: paint the mouth of this moment, having seen the face at another."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from host_engine.neural.small.network import HIDDEN, SIDE
from host_engine.training.clip import Clip
from host_engine.training.lesson import Lesson, faces, recoloured
from host_engine.training.sitting import FPS
from host_engine.training.talks import Talks

HELD_OUT = 0.12  # of the video, its end, is not learnt from
APART = FPS  # frames that lie between a moment and the one it is seen at
CHOICE = 8  # moments of which the one in the most alike pose is taken
SMALL = 8  # each how many pixels poses are compared


class FootageLessons:
    """Everything follows from the clip and the seed. The speech of many voices goes on beside it, so that the ear does
    not forget them over one voice."""

    def __init__(self, clip: Clip, seed: int, faces: int = 12, windows: int = 64, talks: int = 120) -> None:
        end = held_out(clip)
        self._faces, self._said = clip.faces[:end], clip.said[:end]
        self._upper = upper(self._faces)
        self._count, self._windows = faces, windows
        self._chance, self._talks = np.random.default_rng(seed), Talks(seed, talks)

    def lesson(self) -> Lesson:
        """As in `Lessons`."""
        self._talks.renew()
        which = self._chance.integers(0, len(self._faces), self._count)
        others = [self._other(int(n)) for n in which]
        reference, target = recoloured([faces(self._faces[others]), faces(self._faces[which])], self._chance)
        said = torch.from_numpy(self._said[which].astype(np.float32))
        return Lesson(reference, target, target, None, said, *self._talks.frames(self._windows))

    def _other(self, frame: int) -> int:
        """A frame some time away in which the head is held much alike."""
        count = len(self._faces)
        apart = min(APART, max(1, count // 4))
        choice = (frame + self._chance.integers(apart, max(apart + 1, count - apart), CHOICE)) % count
        return int(choice[alike(self._upper[frame], self._upper[choice])])


def held_out(clip: Clip) -> int:
    """The first frame that is not learnt from."""
    return len(clip.faces) - max(1, round(HELD_OUT * len(clip.faces)))


def upper(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Of faces (n, SIDE, SIDE, 3) the upper part, small: (n, values), to compare poses by."""
    rows = int(HIDDEN * SIDE) // SMALL * SMALL
    part = pictures[:, :rows].reshape(len(pictures), rows // SMALL, SMALL, SIDE // SMALL, SMALL, 3)
    return np.asarray(part.astype(np.float32).mean((2, 4)).reshape(len(pictures), -1), np.float32)


def alike(one: NDArray[np.float32], others: NDArray[np.float32]) -> int:
    """Which of the others (n, values) is most like the one (values)."""
    return int(np.abs(others - one).mean(1).argmin())
