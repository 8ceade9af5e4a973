"""The sound as networks hear it: 16 kHz, and how many frames an utterance has."""

from __future__ import annotations

import numpy as np
import soxr

from host_engine.media import Samples
from host_engine.neural.net import RATE

SPOKEN = 48_000  # samples a second of every `Speech`


def at_16k(samples: Samples) -> Samples:
    """Mono samples (n,) at 48 kHz as (ceil(n / 3),) at 16 kHz, in time with them to the sample."""
    wanted = -(-len(samples) * RATE // SPOKEN)
    if not wanted:
        return np.zeros(0, np.float32)
    heard = np.asarray(soxr.resample(np.ascontiguousarray(samples, np.float32), SPOKEN, RATE), np.float32)
    return np.pad(heard[:wanted], (0, max(0, wanted - len(heard))))


def frame_count(samples: Samples, fps: int) -> int:
    """The number of frames that samples at 16 kHz last, the last one counted whole."""
    return -(-len(samples) * fps // RATE)
