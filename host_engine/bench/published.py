"""What others have published of the same networks, and what two cards could do at most: to compare with, not ours."""

from __future__ import annotations

from typing import NamedTuple

GFLOP = {
    "musetalk+sd-vae": 177.82 + 622.19,
    "musetalk+taesd": 177.82 + 35.34,
    "wav2lip-256": 55.58,
    "wav2lip-96": 7.93,
}
"""Net -> 10^9 operations a frame, counted on the published architectures: a multiplication with its addition is 2."""

WEIGHTS_GB = {"musetalk+sd-vae": 1.80, "musetalk+taesd": 1.70, "wav2lip-256": 0.107, "wav2lip-96": 0.073}
"""Net -> 10^9 bytes of weights at 16 bits."""

TITLES = {
    "musetalk+sd-vae": "MuseTalk, full decoder (SD-VAE)",
    "musetalk+taesd": "MuseTalk, tiny decoder (TAESD)",
    "wav2lip-256": "Wav2Lip, 256 pixels",
    "wav2lip-96": "Wav2Lip, 96 pixels",
    "small": "our own small mouth",
}


class Published(NamedTuple):
    """Frames a second of one network as its authors tell them; measured by them, under settings of theirs."""

    net: str
    who: str
    card: str
    fps: float
    batch: int  # 16 where they do not say


class Card(NamedTuple):
    """What a card can do: dense 16 bit arithmetic in TFLOP/s, memory in GB/s."""

    name: str
    tflops: float
    gb_s: float

    def floor(self, net: str) -> float:
        """Frames a second of `net` at which the card's arithmetic is never idle: nothing runs faster there."""
        return self.tflops * 1000 / GFLOP[net]


CARDS = (Card("H200", 790.0, 4300.0), Card("RTX 4090", 165.0, 1000.0))

PUBLISHED = (
    Published("musetalk+sd-vae", "MuseTalk's authors", "V100", 30, 16),
    Published("musetalk+sd-vae", "LiveTalking", "RTX 3080 Ti", 42, 16),
    Published("musetalk+sd-vae", "LiveTalking", "RTX 3090", 45, 16),
    Published("musetalk+sd-vae", "LiveTalking", "RTX 4090", 72, 16),
    Published("musetalk+taesd", "a fork on TensorRT", "RTX 4070 SUPER", 350, 16),
    Published("musetalk+taesd", "a fork on TensorRT, 8 bit", "RTX 4070 SUPER", 400, 16),
    Published("wav2lip-256", "LiveTalking", "RTX 3060", 60, 16),
    Published("wav2lip-256", "LiveTalking", "RTX 3080 Ti", 120, 16),
)
