"""Endless speech: some utterances kept at hand, to which others come until the oldest give way."""

from __future__ import annotations

from collections import deque
from random import Random

import numpy as np
import torch
from torch import Tensor

from host_engine.media import MouthShape
from host_engine.training.talk import talk, voices

FIRST = 24


class Talks:
    """Everything follows from the seed, and the voices that the machine has."""

    def __init__(self, seed: int, count: int) -> None:
        """`count` are kept; training begins with fewer."""
        self._random, self._chance = Random(seed), np.random.default_rng(seed)
        self._voices = voices()
        first = (talk(self._voices, self._random) for _ in range(min(count, FIRST)))
        self._talks = deque(first, maxlen=count)

    def renew(self) -> None:
        """Someone else says something else."""
        self._talks.append(talk(self._voices, self._random))

    def frames(self, count: int) -> tuple[Tensor, Tensor]:
        """Windows (count, STEPS, BANDS) and mouths (count, 6), each frame of all talks as likely as any other."""
        ends = np.cumsum([len(each.shapes) for each in self._talks])
        chosen = self._chance.integers(0, ends[-1], count)
        owners = np.searchsorted(ends, chosen, "right")
        places = [(self._talks[k], n - int(ends[k])) for k, n in zip(owners, chosen, strict=True)]  # from their ends
        windows = np.stack([each.windows[n] for each, n in places]).astype(np.float32)
        return torch.from_numpy(windows), torch.from_numpy(np.stack([each.shapes[n] for each, n in places]))

    def mouth(self) -> MouthShape:
        """The mouth of any frame."""
        shapes = self._random.choice(self._talks).shapes
        return MouthShape(*map(float, shapes[self._random.randrange(len(shapes))]))
