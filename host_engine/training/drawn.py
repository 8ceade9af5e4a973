"""Lessons from the drawn hosts: the same pose with two mouths, one to see and one to paint; and endless speech."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

import numpy as np
import torch

from host_engine.media import REST, MouthShape
from host_engine.neural.small.network import SIDE
from host_engine.training.lesson import Lesson, faces, recoloured
from host_engine.training.sitting import Sitting, jittered, sitting
from host_engine.training.talks import Talks

MOUTHS = 5  # of each pose: the first at rest, as most footage is
FIRST = 96  # poses with which training begins; others come until the oldest give way
NEW_POSE, NEW_TALK = 4, 2  # after so many lessons there is a new one: to make them takes as long as to learn from them
FREE = 0.2  # of all mouths are any mouth, not one that speech makes


class Amount(NamedTuple):
    """Faces and windows of one lesson; sittings and talks that are kept at hand; poses of a sitting."""

    faces: int = 4
    windows: int = 192
    sittings: int = 16
    talks: int = 160
    poses: int = 24


USUAL = Amount()


class DrawnLessons:
    """Everything follows from the seed. No two lessons are alike."""

    def __init__(self, hosts: list[str], seed: int, amount: Amount = USUAL) -> None:
        self._amount, self._hosts = amount, hosts
        self._random, self._chance = Random(seed), np.random.default_rng(seed)
        self._talks = Talks(seed, amount.talks)
        poses = amount.sittings * amount.poses
        self._pictures = np.zeros((poses, MOUTHS, SIDE, SIDE, 3), np.uint8)
        self._shapes = np.zeros((poses, MOUTHS, 6), np.float32)
        self._lessons, self._made, self._left = 0, 0, 0
        self._sitting: Sitting | None = None
        for _ in range(min(poses, FIRST)):
            self._pose()

    def lesson(self) -> Lesson:
        """As in `Lessons`."""
        self._lessons += 1
        if self._lessons % NEW_TALK == 0:
            self._talks.renew()
        if self._lessons % NEW_POSE == 0:
            self._pose()
        count = self._amount.faces
        which = self._chance.integers(0, min(self._made, len(self._pictures)), count)
        shown = self._chance.integers(0, MOUTHS, count) * (self._chance.random(count) < 0.5)
        wanted = (shown + self._chance.integers(1, MOUTHS, count)) % MOUTHS
        pictures = [faces(self._pictures[which, mouth]) for mouth in (shown, wanted)]
        reference, target = recoloured(pictures, self._chance)
        shapes = torch.from_numpy(self._shapes[which, wanted])
        return Lesson(reference, reference, target, shapes, None, *self._talks.frames(self._amount.windows))

    def _pose(self) -> None:
        """One more pose in place of the oldest; after some of them another sitting begins."""
        if self._sitting is None or not self._left:
            self._sitting, self._left = sitting(self._random, self._hosts), self._amount.poses
        here = self._sitting
        self._left -= 1
        pose = here.pose(self._random.randint(2, 60), self._random.random(), self._random.random() < 0.8)
        crop = jittered(here.points(pose), self._random)
        here.settle(pose)
        mouths = [REST, *(self._mouth() for _ in range(MOUTHS - 1))]
        for k, mouth in enumerate(mouths):
            self._pictures[self._made % len(self._pictures), k] = here.picture(pose, mouth, crop)
            self._shapes[self._made % len(self._pictures), k] = mouth
        self._made += 1

    def _mouth(self) -> MouthShape:
        if self._random.random() >= FREE:
            return self._talks.mouth()
        opened, wide, *others = (self._random.random() for _ in range(6))
        return MouthShape(opened**2, 2 * wide - 1, *others)
