"""From latents to pixels: the decoder of a Stable Diffusion VAE, or a small one with a twentieth of its work."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn


class SdPainter(nn.Module):
    """The decoder half of a Stable Diffusion VAE: faces (b, 3, 256, 256) in 0..1 of scaled latents (b, 4, 32, 32)."""

    def __init__(self, vae: Any) -> None:
        super().__init__()
        self._post_quant_conv = vae.post_quant_conv
        self._decoder = vae.decoder
        self._scale = float(vae.config.scaling_factor)

    def forward(self, latents: torch.Tensor) -> torch.Tensor:
        return _as_picture(self._decoder(self._post_quant_conv(latents / self._scale)))


class TinyPainter(nn.Module):
    """TAESD's decoder, for the same latents. It was made for scaled ones: they are *not* divided by the scale."""

    def __init__(self, decoder: nn.Module) -> None:
        super().__init__()
        self._decoder = decoder

    def forward(self, latents: torch.Tensor) -> torch.Tensor:
        return _as_picture(self._decoder(latents))


def _as_picture(made: torch.Tensor) -> torch.Tensor:
    # In float32: half a step of bfloat16 near 1 is a quarter of a grey level, and it need not be paid twice.
    return (made.float() / 2 + 0.5).clamp(0, 1)
