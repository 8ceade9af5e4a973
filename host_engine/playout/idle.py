"""The idle host: silent, friendly, looking at the viewer, and always ready."""

from __future__ import annotations

import numpy as np

from host_engine.media import Beat, Face, Format


class Idle:
    """Cannot fail: one constant beat. The performer gives it breath, blinks and glances."""

    def __init__(self, format: Format) -> None:
        self._beat = Beat(np.zeros(format.samples, np.float32), Face())

    def pull(self) -> Beat:
        return self._beat
