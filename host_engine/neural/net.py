"""What a network that moves lips is: it hears a line once, studies a face once, then makes mouths frame by frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from host_engine.media import Picture, Samples

if TYPE_CHECKING:
    import torch

RATE = 16_000  # samples a second that every network hears

Half = NDArray[np.float16]
Crop = tuple[int, int, int, int]  # x0, y0, x1, y1 in the pixels of the footage


class NetError(Exception):
    """Why a network cannot be used, in a sentence for the person who chose its files."""


class Net(Protocol):
    """One network on one device. `hear` and `study` may take long; `move` waits for nothing and copies nothing."""

    name: str  # "musetalk", "wav2lip-96", "wav2lip-256", "small"
    side: int  # width and height, in pixels, of the face that it takes and makes
    window: tuple[int, ...]  # the shape of what it hears for one frame
    kept: tuple[int, ...]  # the shape of what it knows of one frame's face
    device: torch.device
    dtype: torch.dtype

    def crop(self, box: NDArray[np.float32], points: NDArray[np.float32]) -> Crop:
        """The part of a frame that the network makes anew, for a face box (4,) and its five points (5, 2)."""
        ...

    def hear(self, samples: Samples, fps: int) -> Half:
        """(frames, *window) for mono samples (n,) at `RATE`: what it is given for each frame of the utterance."""
        ...

    def study(self, faces: Picture) -> NDArray[np.float16] | NDArray[np.uint8]:
        """(n, *kept) for faces (n, side, side, 3) RGB: worked out once for an avatar, and kept in its folder."""
        ...

    def move(self, kept: torch.Tensor, windows: torch.Tensor) -> torch.Tensor:
        """Faces (b, 3, side, side) RGB in 0..1, of kept (b, *kept) and windows (b, *window) on the device.

        Has no state and no step that depends on values, so that it can be captured as a CUDA graph.
        """
        ...
