"""How MuseTalk sees a face: latents of the picture, and of the picture without its lower half."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from host_engine.media import Picture

SIDE = 256  # pixels of the face that it takes and makes


class Eyes(nn.Module):
    """The encoder half of a Stable Diffusion VAE; in float32, since an avatar is studied once and kept."""

    def __init__(self, vae: Any) -> None:
        super().__init__()
        self._encoder = vae.encoder
        self._quant_conv = vae.quant_conv
        self._scale = float(vae.config.scaling_factor)

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        """Latents (b, 4, 32, 32) of pictures (b, 3, 256, 256) in -1..1: the middle of what the encoder gives, where
        MuseTalk draws by chance, so that the same footage makes the same avatar."""
        moments: torch.Tensor = self._quant_conv(self._encoder(pictures))
        return moments.chunk(2, dim=1)[0] * self._scale


def study(eyes: Eyes, faces: Picture, device: torch.device) -> NDArray[np.float16]:
    """(n, 8, 32, 32) for faces (n, 256, 256, 3) RGB: four channels without the lower half, four with it.

    The lower half is black, not grey: it is covered before the pixels are spread over -1..1.
    """
    found = [np.zeros((0, 8, SIDE // 8, SIDE // 8), np.float16)]
    batch = 1 if device.type == "cpu" else 8
    with torch.inference_mode():
        for start in range(0, len(faces), batch):
            seen = torch.from_numpy(np.ascontiguousarray(faces[start : start + batch])).to(device)
            whole = seen.permute(0, 3, 1, 2).float() / 127.5 - 1
            covered = whole.clone()
            covered[:, :, SIDE // 2 :] = -1
            made = torch.cat([eyes(covered), eyes(whole)], dim=1)
            found.append(made.cpu().numpy().astype(np.float16))
    return np.concatenate(found)
