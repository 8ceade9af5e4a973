"""Reads from pixels how far a drawn host's mouth is open: learnt from her own pictures, with any mouth and any pose."""

from __future__ import annotations

from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.media import REST, MouthShape, Picture
from host_engine.neural.small.geometry import crop_of
from host_engine.neural.small.network import SIDE
from host_engine.training.loss import BOX
from host_engine.training.sitting import Sitting

GRID = 24  # pixels of the mouth's box, each way, that are looked at
PICTURES = 360
STIFF = 1e-3  # of the fit: kernel ridge regression (Saunders, Gammerman and Vovk, 1998)


class OpennessReader:
    """Of one sitting. Knows nothing of sound, so that what it reads may be held against it."""

    def __init__(self, sitting: Sitting, seed: int = 7, pictures: int = PICTURES) -> None:
        random, seen, told = Random(seed), [], []
        for k in range(pictures):
            if k % 6 == 0:
                pose = sitting.pose(random.randint(5, 60), random.random())
                crop = crop_of(sitting.points(pose))
                sitting.settle(pose)
            mouth = REST if k % 12 == 0 else _any_mouth(random)
            seen.append(sitting.picture(pose, mouth, crop))
            told.append(mouth.open)
        self._seen = _looked_at(np.stack(seen))
        away = _distances(self._seen, self._seen)
        self._width = float(np.median(away))
        kernel = np.exp(-away / self._width)
        self._weights = np.linalg.solve(kernel + STIFF * np.eye(len(kernel)), np.array(told) - 0.3)

    def read(self, pictures: Picture) -> NDArray[np.float64]:
        """(n,): how far open, as in `MouthShape.open`, for faces (n, SIDE, SIDE, 3)."""
        kernel = np.exp(-_distances(_looked_at(pictures), self._seen) / self._width)
        opened: NDArray[np.float64] = np.clip(kernel @ self._weights + 0.3, 0, 1)
        return opened


def mouth_box(pictures: Picture) -> Picture:
    """Of faces (n, SIDE, SIDE, 3), where the mouth may be."""
    top, bottom, left, right = (int(edge * SIDE) for edge in BOX)
    return pictures[:, top:bottom, left:right]


def _any_mouth(random: Random) -> MouthShape:
    opened = max(0.0, random.uniform(-0.2, 1)) ** 1.5
    return MouthShape(
        opened, random.uniform(-0.5, 0.9), random.random() ** 2, random.random(), random.random(), random.random()
    )


def _looked_at(pictures: Picture) -> NDArray[np.float64]:
    small = [cv2.resize(box, (GRID, GRID), interpolation=cv2.INTER_AREA) for box in mouth_box(pictures)]
    return np.stack(small).reshape(len(small), -1) / 255


def _distances(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Squared distances of rows (n, k) and (m, k): (n, m)."""
    away: NDArray[np.float64] = np.square(a).sum(1)[:, None] + np.square(b).sum(1) - 2 * a @ b.T
    return np.maximum(away, 0)
