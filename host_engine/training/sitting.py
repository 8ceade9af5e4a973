"""A sitting: one drawn host in one outfit, at one size, before one background, who takes any pose with any mouth."""

from __future__ import annotations

from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.host.avatar import DrawnAvatar
from host_engine.host.drawing import HOSTS, draw_host
from host_engine.host.perform import Performer, Pose
from host_engine.host.rig import STEP, Rig
from host_engine.media import REST, Beat, Face, MouthShape, Picture
from host_engine.neural.net import Crop
from host_engine.neural.small.geometry import crop_of
from host_engine.neural.small.network import SIDE

SHARE = 0.5  # of the drawing's height that is drawn: head and shoulders
JITTER = 0.035  # of the crop's side: points are never found exactly
HALF_MOUTH, NOSE = 42.0, 0.57  # half a mouth in units of its design; the nose, on the way from the eyes to the mouth
SOUNDLESS = np.zeros(0, np.float32)


class Sitting:
    """Everything follows from the arguments. One thread at a time may call it."""

    def __init__(self, host: str, outfit: str, height: int, background: Picture | None = None, seed: int = 1) -> None:
        """`height` of the whole drawing in pixels; `background` is as large as that, grey if not given."""
        artwork = draw_host(host, outfit, height)
        self._avatar = DrawnAvatar(artwork)
        self._rig = Rig(artwork, self._avatar.size)
        self._face = next(k for k, part in enumerate(self._rig.parts) if part.layer.name == "face")
        self._anchors, self._mouth_scale = artwork.anchors, artwork.mouth_scale
        width, height = self._avatar.size
        self._avatar.stand_before(np.full((height, width, 3), 200, np.uint8) if background is None else background)
        self._out = np.zeros((round(SHARE * height) // 2 * 2, width, 3), np.uint8)
        self._performer, self._n = Performer(FPS, seed), 0

    def pose(self, steps: int, energy: float, speaking: bool = True) -> Pose:
        """The pose the performer takes so many frames later; the smile is left to the mouth."""
        self._n += steps
        beat = Beat(SOUNDLESS, Face(REST, energy, speaking))
        return self._performer.pose(self._n, beat)._replace(smile=0.0)

    def points(self, pose: Pose) -> NDArray[np.float32]:
        """(5, 2), in pixels of the picture, as in `Net.crop`."""
        eyes = self._anchors["eye_l"], self._anchors["eye_r"]
        mouth, half = self._anchors["mouth"], HALF_MOUTH * self._mouth_scale
        middle = (eyes[0].x + eyes[1].x) / 2, (eyes[0].y + eyes[1].y) / 2
        nose = tuple(a + NOSE * (b - a) for a, b in zip(middle, mouth, strict=True))
        places = np.array([*eyes, nose, (mouth.x - half, mouth.y), (mouth.x + half, mouth.y)], np.float32)
        return places + self._moved(pose, places)

    def settle(self, pose: Pose) -> None:
        """Take the pose; parts that may lag behind come along."""
        self._avatar.draw(Face(REST), pose, self._out)
        self._avatar.draw(Face(REST), pose, self._out)

    def picture(self, pose: Pose, mouth: MouthShape, crop: Crop) -> Picture:
        """(SIDE, SIDE, 3): what the crop shows of the host in this pose with this mouth."""
        self._avatar.draw(Face(mouth), pose, self._out)
        return scaled(self._out, crop)

    @property
    def shown(self) -> Picture:
        """All that was drawn last: head and shoulders, (h, w, 3)."""
        return self._out

    def _moved(self, pose: Pose, places: NDArray[np.float32]) -> NDArray[np.float32]:
        """How far the rig moves places (n, 2) of the face."""
        part, mesh = self._rig.parts[self._face], self._rig.meshes(pose)[self._face]
        assert mesh is not None
        rows, columns = part.shape
        x = part.span[0] + STEP * np.arange(columns) - part.layer.x
        y = part.span[1] + STEP * np.arange(rows) - part.layer.y
        moved = np.stack(np.meshgrid(x, y), -1).astype(np.float32) - mesh.nodes
        at = ((places - np.array(part.span[:2], np.float32)) / STEP).astype(np.float32)
        found = cv2.remap(moved, at[None], None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]
        return np.asarray(found[0], np.float32)


FPS = 25


def scaled(picture: Picture, crop: Crop) -> Picture:
    """A crop as the network takes it, (SIDE, SIDE, 3); what lies outside the picture is its edge."""
    x0, y0, x1, y1 = crop
    height, width = picture.shape[:2]
    beyond = max(0, -x0, -y0, x1 - width, y1 - height)
    if beyond:
        picture = np.pad(picture, ((beyond, beyond), (beyond, beyond), (0, 0)), "edge")
    cut = picture[y0 + beyond : y1 + beyond, x0 + beyond : x1 + beyond]
    how = cv2.INTER_AREA if x1 - x0 > SIDE else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(cut, (SIDE, SIDE), interpolation=how), np.uint8)


def jittered(points: NDArray[np.float32], random: Random) -> Crop:
    """The crop for points that were found as inexactly as they are on air."""
    x0, y0, x1, _ = crop_of(points)
    side = x1 - x0
    size = round(side * (1 + random.uniform(-JITTER, JITTER)))
    x, y = (round(edge + (side - size) / 2 + side * random.uniform(-JITTER, JITTER)) for edge in (x0, y0))
    return x, y, x + size, y + size


def sitting(random: Random, hosts: list[str]) -> Sitting:
    """One of the hosts in any outfit, at any size, before any colours."""
    host = random.choice(hosts)
    height = random.randrange(560, 1001, 8)
    return Sitting(host, random.choice(HOSTS[host]), height, _background(random, height), random.getrandbits(16))


def _background(random: Random, height: int) -> Picture:
    """Three colours that flow into one another, as large as a drawing of that height."""
    patch = np.array([[random.randrange(30, 256) for _ in range(3)] for _ in range(9)], np.uint8).reshape(3, 3, 3)
    width = draw_width(height)
    return np.asarray(cv2.resize(patch, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def draw_width(height: int) -> int:
    """How wide a drawing of that height is."""
    return round(1024 * (height / 1280))
