"""Who finds the faces in a picture: the YuNet network from a file that is given, through OpenCV."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.avatars.source import FootageError
from host_engine.media import Picture

SIDE = 512  # pixels of the longer side in which faces are looked for; a presenter's face is large
SURE = 0.6  # least score of a face
OVERLAP = 0.3  # boxes that share more are one face
MOST = 20  # faces

Floats = NDArray[np.float32]

# Where eyes, nose and corners of the mouth lie in the box that YuNet draws around a face seen from the front.
TYPICAL = np.array([(0.26, 0.38), (0.74, 0.38), (0.5, 0.585), (0.285, 0.727), (0.715, 0.727)], np.float32)


class Found(NamedTuple):
    """A face: box (4,) x0 y0 x1 y1, points (5, 2) in YuNet's order, both in pixels, and how sure it is, 0..1."""

    box: Floats
    points: Floats
    score: float = 1.0


class Finder(Protocol):
    def find(self, number: int, picture: Picture) -> list[Found]:
        """The faces in frame `number` of the avatar, (h, w, 3) RGB."""
        ...


class YuNet:
    """Faces by OpenCV's FaceDetectorYN; its order of points is that of the avatar's folder."""

    def __init__(self, model: Path) -> None:
        """`model` is YuNet's ONNX file (Apache-2.0, from OpenCV's model zoo). Raises FootageError."""
        if not model.is_file():
            raise FootageError(
                f"{model}: there is no such file; --detector takes YuNet's ONNX file, see docs/avatars.md"
            )
        level = cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)  # it warns of what nobody asked for
        try:
            self._net = cv2.FaceDetectorYN.create(str(model), "", (SIDE, SIDE), SURE, OVERLAP, MOST)
        except cv2.error as error:
            raise FootageError(f"{model}: OpenCV cannot load this as a face detector ({error.err})") from None
        finally:
            cv2.utils.logging.setLogLevel(level)

    def find(self, number: int, picture: Picture) -> list[Found]:
        """As in `Finder`."""
        height, width = picture.shape[:2]
        scale = min(1.0, SIDE / max(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA) if scale < 1 else picture
        self._net.setInputSize(size)
        _, rows = self._net.detect(cv2.cvtColor(small, cv2.COLOR_RGB2BGR))
        ratio = np.array([width / size[0], height / size[1]], np.float32)
        return [] if rows is None else [_found(row, ratio) for row in np.asarray(rows, np.float32)]


def typical_points(box: Floats) -> Floats:
    """Where the points (5, 2) of a face seen from the front lie, for its box."""
    corner, size = box[:2], box[2:] - box[:2]
    return np.asarray(corner + TYPICAL * size, np.float32)


def _found(row: Floats, ratio: Floats) -> Found:
    x, y, wide, high = row[:4]
    corners = np.array([[x, y], [x + wide, y + high]], np.float32) * ratio
    return Found(corners.reshape(4), row[4:14].reshape(5, 2) * ratio, float(row[14]))
