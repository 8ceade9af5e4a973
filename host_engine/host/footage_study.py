"""What a network knows of each frame of an avatar: worked out once, then kept in the avatar's folder."""

from __future__ import annotations

import logging
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.avatars.folder import Footage
from host_engine.avatars.frames import AHEAD, Frames
from host_engine.avatars.jaw import jaw_mask
from host_engine.host.footage_cut import cut
from host_engine.media import Picture
from host_engine.neural.net import Crop, Net

log = logging.getLogger(__name__)

AT_ONCE = 32  # faces
PATIENCE = 60.0  # seconds for one frame to be decoded
BROKEN = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)


class Studied(NamedTuple):
    """What the worker is given of an avatar, and where in each frame it belongs."""

    kept: NDArray[Any]  # (frames, *Net.kept)
    masks: NDArray[np.uint8]  # (frames, side, side)
    crops: tuple[Crop, ...]


def studied(footage: Footage, net: Net, weights: str) -> Studied:
    """What `net` keeps of the footage: read from its folder, or worked out and put there. Blocks, at worst for minutes.

    `weights` marks the weights of the network: what was made with others is made anew. Where the folder cannot be
    written, it is made anew at every start.
    """
    crops = tuple(net.crop(box, points) for box, points in zip(footage.boxes, footage.points, strict=True))
    pairs = zip(footage.points, crops, strict=True)
    masks = np.stack([jaw_mask(points, crop, net.side) for points, crop in pairs])
    path = footage.folder / f"studied-{net.name}.npz"
    mark = f"{weights} {_mark(footage)}"
    kept = _found(path, mark, (footage.about.frames, *net.kept))
    if kept is None:
        log.info("The network %s studies the %d frames of %s", net.name, footage.about.frames, footage.about.name)
        kept = np.concatenate([net.study(np.stack(faces)) for faces in _faces(footage, net, crops)])
        _keep(path, mark, kept)
    return Studied(kept, masks, crops)


def _faces(footage: Footage, net: Net, crops: tuple[Crop, ...]) -> Iterator[list[Picture]]:
    """The faces of all frames in order, (side, side, 3) each, some at once."""
    with Frames(footage, patience=PATIENCE) as frames:
        for start in range(0, len(crops), AT_ONCE):
            faces = []
            for k in range(start, min(start + AT_ONCE, len(crops))):
                frames.expect(range(k, k + AHEAD))
                faces.append(_fit(cut(frames.frame(k), crops[k]), net.side))
            yield faces


def _fit(face: Picture, side: int) -> Picture:
    how = cv2.INTER_AREA if face.shape[0] > side else cv2.INTER_LANCZOS4
    return np.asarray(cv2.resize(face, (side, side), interpolation=how), np.uint8)


def _mark(footage: Footage) -> str:
    """Changes when the frames do."""
    stat = footage.video.stat()
    return f"{stat.st_size} {footage.boxes.sum(dtype=np.float64):.3f} {footage.points.sum(dtype=np.float64):.3f}"


def _found(path: Path, mark: str, shape: tuple[int, ...]) -> NDArray[Any] | None:
    try:
        with np.load(path, allow_pickle=False) as file:
            if str(file["mark"]) != mark:
                return None
            kept: NDArray[Any] = file["kept"]
    except FileNotFoundError:
        return None
    except BROKEN as error:
        log.warning("%s is unreadable and is made anew: %s", path, error)
        return None
    return kept if kept.shape == shape else None


def _keep(path: Path, mark: str, kept: NDArray[Any]) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            np.savez(file, kept=kept, mark=np.array(mark))
        part.replace(path)
    except OSError as error:
        log.warning("%s could not be written, so it is made anew at the next start: %s", path, error)
        part.unlink(missing_ok=True)
