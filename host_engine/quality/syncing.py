"""What SyncNet says of a take, where its file is given: the frames gathered for it, and its readings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from host_engine.media import Picture, Samples
from host_engine.neural.hearing import at_16k
from host_engine.quality.face_square import Square, shown
from host_engine.quality.reading import Reading

if TYPE_CHECKING:
    from host_engine.quality.lse import Sync

FPS = 25  # SyncNet knows no other
MOST = 1500  # frames: a minute, 226 MB
NAMES = ("LSE-D, SyncNet's distance", "LSE-C, its confidence", "sound late by SyncNet")


class Faces:
    """The faces that SyncNet is shown, 25 a second, of frames that come at any rate."""

    def __init__(self, fps: float) -> None:
        self._fps = fps
        self._number = 0
        self._faces: list[Picture] = []

    def add(self, frame: Picture, square: Square) -> None:
        """The next frame (h, w, 3), and where its face is."""
        face: Picture | None = None
        while len(self._faces) < MOST and round(len(self._faces) * self._fps / FPS) == self._number:
            face = shown(frame, square) if face is None else face
            self._faces.append(face)
        self._number += 1

    @property
    def pictures(self) -> Picture:
        """(n, 224, 224, 3)."""
        return np.stack(self._faces)


def syncing(file: Path | None, faces: Faces | None, samples: Samples) -> list[Reading]:
    """What SyncNet says of faces and mono samples at 48 kHz. Raises NetError where its file cannot be used."""
    if file is None or faces is None:
        return [Reading("LSE-D and LSE-C", None, why="no file of SyncNet v2 was given (--syncnet)")]
    from host_engine.quality.lse import lse
    from host_engine.quality.syncnet import load_syncnet

    return readings(lse(load_syncnet(file), faces.pictures, at_16k(samples)))


def readings(found: Sync) -> list[Reading]:
    """LSE-D and LSE-C are told, since good figures differ from recording to recording; the offset is judged."""
    told = "real clips have 6 to 8"
    return [
        Reading(NAMES[0], found.distance, digits=2, why=f"{told}; less is better"),
        Reading(NAMES[1], found.confidence, digits=2, why=f"{told}; more is better"),
        Reading(NAMES[2], float(found.frames), "frames", low=-1, high=1),
    ]
