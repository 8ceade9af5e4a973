"""How loud the sound is that was encoded: AAC, decoded and measured."""

from __future__ import annotations

import math
from typing import Any

import av
import numpy as np

from host_engine.outputs import flv

NOTHING = -120.0  # dBFS of digital silence


class SoundWatch:
    """Measures packet after packet of one sound. Belongs to one thread."""

    def __init__(self, rate: int) -> None:
        self._decoder = av.CodecContext.create("aac", "r")
        self._decoder.extradata = flv.audio_specific_config(rate)

    def level(self, packet: av.Packet[Any]) -> float | None:
        """The loudness of a packet (21 ms) in dBFS, RMS of both channels; None where nothing came out of it."""
        try:
            frames = self._decoder.decode(av.Packet(bytes(packet)))
        except av.FFmpegError:
            return None
        power = [float(np.square(frame.to_ndarray(), dtype=np.float64).mean()) for frame in frames]
        return max(NOTHING, 10 * math.log10(max(power) + 1e-12)) if power else None
