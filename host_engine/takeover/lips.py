"""The host's lips for a live voice: what was heard of it, and the face that belongs to a frame of its sound."""

from __future__ import annotations

import numpy as np

from host_engine.host.mouth import LEAD
from host_engine.host.mouths.heard import COLUMNS, LEVEL, STEP, energy, mouth
from host_engine.host.mouths.heard_bands import Floats
from host_engine.host.mouths.heard_net import LOOK
from host_engine.media import REST, Face, MouthShape

RATE = 48_000
KEPT = 300  # steps of 10 ms
TALKING = 60  # steps after the last sound for which the host still counts as speaking
AUDIBLE = -42.0  # dB


class Lips:
    """On the event loop. The lips lead the sound by `LEAD`, less where its network has not heard that far yet."""

    def __init__(self, fps: int) -> None:
        self._fps = fps
        self._heard = np.zeros((0, COLUMNS), np.float32)
        self._first = -LOOK  # the step that the first row tells of
        self._mouth: MouthShape = REST

    @property
    def level(self) -> float:
        """dB below full scale of what was heard last; -100 before anything was."""
        return float(self._heard[-10:, LEVEL].max()) if len(self._heard) else -100.0

    def push(self, heard: Floats) -> None:
        """More was heard: (steps, COLUMNS), as `host.mouths.heard.Ear` tells it."""
        whole = np.concatenate([self._heard, heard])
        gone = max(0, len(whole) - KEPT)
        self._heard, self._first = whole[gone:], self._first + gone

    def face(self, position: int) -> Face:
        """The face of the frame whose sound begins with sample `position` of the voice at 48 kHz."""
        heard, half = self._heard, 0.5 / self._fps
        begins = position / RATE
        middle = (begins + half + LEAD) / STEP - self._first
        newest = len(heard) - half / STEP
        at = min(middle, newest)
        self._mouth = mouth(heard, at, self._mouth, self._fps) if at > 0 else REST
        now = (begins + half) / STEP - self._first
        lately = heard[max(0, round(now) - TALKING) : max(1, round(now) + 1), LEVEL]
        speaking = bool(len(lately) and lately.max() > AUDIBLE)
        return Face(self._mouth, energy(heard, now), speaking)
