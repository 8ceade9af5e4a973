"""The drawn host as footage: a recording of her whose face is known to the pixel, for avatars that need no camera."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from host_engine.avatars.finders import Floats
from host_engine.avatars.parts import Parts
from host_engine.host.avatar import DrawnAvatar
from host_engine.host.drawing import HOSTS, draw_host
from host_engine.host.drawing.build import HEIGHT, WIDTH, Build
from host_engine.host.drawing.figure import FIGURES
from host_engine.host.perform import Performer, Pose
from host_engine.host.rig import STEP, Mesh, Part, Rig
from host_engine.host.studio import studio
from host_engine.media import Beat, Face, Picture

STANDS = 0.875  # the host's height as a share of the picture's
TALK = 0.65  # share of the footage in which she moves as one who talks
SETTLES = 1.2  # seconds from talk to rest
SYLLABLES = 4.5  # a second
FOREHEAD, JAW = 108.0, 6.0  # design units from the eyes up, and from the chin down, to the edges of the face's box
CORNER = 49.0  # half the width of a mouth at rest, in units of the mouth
ROUNDS = 5  # of the search for where a point of the drawing is seen


class Recorded(NamedTuple):
    """A performance: the face and the pose of each frame."""

    faces: tuple[Face, ...]
    poses: tuple[Pose, ...]
    talk: int  # frames of talk, the rest is silence


def drawn_footage(host: str, size: tuple[int, int], fps: int, seconds: float, outfit: str | None = None) -> Parts:
    """The parts of an avatar of a drawn host in a studio, `size` = (width, height), her mouth at rest throughout.

    Raises ValueError for a host or an outfit that is not there.
    """
    if host not in HOSTS:
        raise ValueError(f"there is no drawn host '{host}'; there are {', '.join(HOSTS)}")
    recorded = perform(round(seconds * fps), fps)
    artwork = draw_host(host, outfit or HOSTS[host][0], round(size[1] * STANDS))
    face = DrawnFace(Rig(artwork, size), FIGURES[host].build, artwork.height, size)
    seen = [face.seen(pose) for pose in recorded.poses]
    last, rest = len(seen) - 1, min(len(seen) - 1, recorded.talk + round(SETTLES * fps))
    boxes, points = (np.stack(column) for column in zip(*seen, strict=True))
    shown = _pictures(DrawnAvatar(artwork, size), recorded, size)
    return Parts(shown, boxes, points, (0, max(0, recorded.talk - 1)), ((rest, last),), "drawn")


def perform(frames: int, fps: int, seed: int = 11) -> Recorded:
    """How she holds herself, talking at first and silent then; the same for the same seed."""
    performer, chance = Performer(fps, seed, card=(0.0, 0.0)), random.Random(seed)
    talk = round(TALK * frames)
    syllables = [0.35 + 0.65 * chance.random() for _ in range(math.ceil(frames / fps * SYLLABLES) + 1)]
    faces, poses = [], []
    silent = np.zeros(0, np.float32)
    for n in range(frames):
        at = n / fps * SYLLABLES
        loud = syllables[int(at)] * math.sin(math.pi * (at % 1)) ** 2 if n < talk else 0.0
        face = Face(energy=loud, speaking=n < talk)
        faces.append(face)
        poses.append(performer.pose(n, Beat(silent, face))._replace(smile=0.0))  # the network for lips paints her smile
    return Recorded(tuple(faces), tuple(poses), talk)


def _pictures(avatar: DrawnAvatar, recorded: Recorded, size: tuple[int, int]) -> Iterator[Picture]:
    """Each is valid until the next."""
    width, height = size
    avatar.stand_before(studio(width, height, "warm", width / 2, None))
    out = np.zeros((height, width, 3), np.uint8)
    for face, pose in zip(recorded.faces, recorded.poses, strict=True):
        avatar.draw(face, pose, out)
        yield out


class DrawnFace:
    """Where a drawn host's face is seen in a pose, from her drawing and the rig that moves it."""

    def __init__(self, rig: Rig, build: Build, height: int, size: tuple[int, int]) -> None:
        """`height` is that of the artwork in pixels; it stands in the middle of `size`, on the lower edge."""
        self._rig = rig
        self._index = next(k for k, part in enumerate(rig.parts) if part.layer.name == "face")
        self._part: Part = rig.parts[self._index]
        scale = height / HEIGHT
        middle = round(WIDTH * scale) / 2
        self._shift = np.array([(size[0] - round(WIDTH * scale)) // 2, size[1] - height], np.float32)
        places = np.array(_places(build), np.float32) * scale + (middle, 0)
        self._places = places.astype(np.float32)  # in the artwork

    def seen(self, pose: Pose) -> tuple[Floats, Floats]:
        """The box (4,) and the points (5, 2) in the picture."""
        mesh = self._rig.meshes(pose)[self._index]
        assert mesh is not None
        seen = self._find(mesh)
        edges = seen[5:]
        box = np.array([edges[:, 0].min(), edges[:, 1].min(), edges[:, 0].max(), edges[:, 1].max()], np.float32)
        return box, seen[:5]

    def _find(self, mesh: Mesh) -> NDArray[np.float32]:
        """Where the places of the artwork are seen: the mesh tells of each pixel what it shows, so this is a search."""
        left, top = self._part.span[:2]
        goal = self._places - (self._part.layer.x, self._part.layer.y)
        at = self._places + self._shift
        for _ in range(ROUNDS):
            node = ((at - (left, top)) / STEP).astype(np.float32)
            shows = cv2.remap(
                mesh.nodes, node[None, :, 0], node[None, :, 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )[0]
            at = at + goal - shows
        return np.asarray(at, np.float32)


def _places(build: Build) -> list[tuple[float, float]]:
    """In design units: the five points in the avatar's order, then the edges of the face."""
    (ex, ey), (nx, ny), (mx, my) = build.eye_at, build.nose, build.mouth
    half = CORNER * build.mouth_scale
    wide = max(x for x, y in build.outline if y > ey - FOREHEAD)
    points = [(-ex, ey), (ex, ey), (nx, ny), (mx - half, my), (mx + half, my)]
    return [*points, (-wide, ey), (wide, ey), (0, ey - FOREHEAD), (0, build.chin + JAW)]
