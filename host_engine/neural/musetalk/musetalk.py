"""MuseTalk 1.5 as a `Net`."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from host_engine.media import Picture, Samples
from host_engine.neural.musetalk.box import musetalk_box
from host_engine.neural.musetalk.ears import Ears
from host_engine.neural.musetalk.eyes import SIDE, Eyes, study
from host_engine.neural.musetalk.lips import Lips
from host_engine.neural.net import Crop, Half, NetError

LATENTS = SIDE // 8  # a latent stands for 8 x 8 pixels


class FaceMaker(nn.Module):
    """Lips, then painter, each in its own type."""

    def __init__(self, lips: Lips, painter: nn.Module) -> None:
        super().__init__()
        self.lips = lips
        self.painter = painter
        self._paint = next(painter.parameters()).dtype

    def forward(self, latents: torch.Tensor, heard: torch.Tensor) -> torch.Tensor:
        made: torch.Tensor = self.painter(self.lips(latents, heard).to(self._paint))
        return made


class MuseTalk:
    """The Net whose faces are those of the public weights of MuseTalk 1.5. `move` runs lips and painter in `dtype`,
    channels last; hearing and studying stay in float32. Nothing in it wants gradients. Without a face it hears and
    studies only, for who leaves moving to a worker elsewhere."""

    name = "musetalk"
    side = SIDE
    kept = (8, LATENTS, LATENTS)

    def __init__(self, ears: Ears, eyes: Eyes, face: FaceMaker | None, dtype: torch.dtype) -> None:
        self.device, self.dtype = next(eyes.parameters()).device, dtype
        self.window = ears.window
        self._ears = ears
        self._eyes = eyes.eval().requires_grad_(False)
        self._face = face and face.eval().requires_grad_(False)

    @property
    def modules(self) -> dict[str, nn.Module]:
        """The parts by name, for those who count or measure them."""
        parts: dict[str, nn.Module] = {"eyes": self._eyes}
        return parts | ({"lips": self._face.lips, "painter": self._face.painter} if self._face else {})

    def crop(self, box: NDArray[np.float32], points: NDArray[np.float32]) -> Crop:
        return musetalk_box(box, points)

    def hear(self, samples: Samples, fps: int) -> Half:
        return self._ears.hear(samples, fps)

    def study(self, faces: Picture) -> NDArray[np.float16]:
        return study(self._eyes, faces, self.device)

    def move(self, kept: torch.Tensor, windows: torch.Tensor) -> torch.Tensor:
        if self._face is None:
            raise NetError("this MuseTalk was loaded to hear and study, not to move lips")
        latents = kept.to(self.dtype, memory_format=torch.channels_last)
        made: torch.Tensor = self._face(latents, windows.to(self.dtype))
        return made
