"""The mouth that moves with the loudness of the sound alone: next to nothing to compute, and no phonemes needed."""

from __future__ import annotations

import numpy as np

from host_engine.host.mouth import LEAD, Curve, energies, frames_of, joined, levels, relative, smooth
from host_engine.media import REST, Face, MouthShape, Samples, Speech

FINE = 5  # loudness is looked at this many times a frame
REACH = 24.0  # dB below the loud frames at which the lips meet
OPEN = MouthShape(0.72, 0.1, 0.15, 0.9, 0.6, 0.4)  # the mouth of the loudest frames


class LoudMouth:
    """A mouth that opens with each syllable."""

    name = "loudness"

    def faces(self, speech: Speech, fps: int) -> list[Face]:
        """One face for each frame: at rest in the first and the last, `LEAD` ahead of the sound between them."""
        if not frames_of(speech, fps):
            return []
        shapes = joined(opened(speech.samples, fps), fps)
        energy = energies(speech.samples, fps)
        return [Face(MouthShape(*map(float, shape)), float(e), True) for shape, e in zip(shapes, energy, strict=True)]


def opened(samples: Samples, fps: int) -> Curve:
    """Mouth shapes (frames, 6) between rest and `OPEN`, as loud as the samples are `LEAD` later."""
    frames = -(-len(samples) * fps // 48_000)
    loud = np.clip(1 + relative(smooth(levels(samples, fps * FINE), 2 * FINE - 1)) / REACH, 0, 1)
    at = ((np.arange(frames) + 0.5) / fps + LEAD) * fps * FINE
    share = np.interp(at, np.arange(len(loud)) + 0.5, loud, right=0.0)[:, None]
    shapes: Curve = (1 - share) * np.array(REST) + share * np.array(OPEN)
    return shapes
