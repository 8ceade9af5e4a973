"""What one step of training is given: faces to paint anew, and speech to hear."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Bytes = NDArray[np.uint8]


class Lesson(NamedTuple):
    """Faces (b, 3, side, side) in 0..1 and what is said in them; and speech on its own, of which the mouth is known.

    Where the mouths of the faces are known, `shapes` (b, 6) are theirs; else `said` (b, STEPS, BANDS) is heard then.
    """

    reference: Tensor
    current: Tensor
    target: Tensor
    shapes: Tensor | None
    said: Tensor | None
    windows: Tensor | None  # (n, STEPS, BANDS)
    mouths: Tensor | None  # (n, 6)


class Lessons(Protocol):
    """An endless source of lessons."""

    def lesson(self) -> Lesson:
        """The next one."""
        ...


def faces(pictures: Bytes) -> Tensor:
    """Pictures (b, side, side, 3) as the network sees them."""
    planes = torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2)
    return planes.float() * (1 / 255)


def recoloured(pictures: list[Tensor], chance: np.random.Generator) -> list[Tensor]:
    """The same faces (each b, 3, h, w) under other lights, some of them mirrored; alike in all lists."""
    count = len(pictures[0])
    gain = torch.from_numpy(chance.uniform(0.75, 1.2, (count, 1, 1, 1)) * chance.uniform(0.88, 1.12, (count, 3, 1, 1)))
    lift = torch.from_numpy(chance.uniform(-0.06, 0.06, (count, 3, 1, 1)))
    mirrored = torch.from_numpy(chance.random((count, 1, 1, 1)) < 0.5)
    lit = [(picture * gain.float() + lift.float()).clamp(0, 1) for picture in pictures]
    return [torch.where(mirrored, picture.flip(3), picture) for picture in lit]
