"""Whether p, b and m shut the lips."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from host_engine.host.mouths.viseme import closure, sounds
from host_engine.media import Phoneme
from host_engine.quality.offset import Curve

SHUT = 0.12  # an openness below this is shut
WITHIN = 0.04  # s around the instant
_ROUNDING = 1e-9


class Closures(NamedTuple):
    """How many p, b and m the mouth was seen shut for, and of how many."""

    shut: int
    of: int

    @property
    def share(self) -> float:
        return self.shut / self.of if self.of else 1.0


def closures(opening: Curve, fps: float, phonemes: Sequence[Phoneme], lead: float) -> Closures:
    """Of the opening of each frame, for a mouth that is meant to be `lead` seconds ahead of the sound."""
    times = (np.arange(len(opening)) + 0.5) / fps
    last = float(times[-1]) if len(times) else 0.0
    instants = [closure(sound) - lead for sound in sounds(phonemes) if sound.viseme == "PP"]
    near = [opening[np.abs(times - instant) <= WITHIN + _ROUNDING] for instant in instants if 0 < instant < last]
    return Closures(sum(bool(values.size) and bool(values.min() < SHUT) for values in near), len(near))
