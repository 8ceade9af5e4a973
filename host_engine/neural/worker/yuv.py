"""RGB to I420 and NV12 on the device, bit for bit as OpenCV does it, which is what the encoder is told to expect.

BT.601 in limited range (`outputs.picture_encoder`), in fixed point with 20 bits; the colour of four pixels is that of
the upper left one. So a patch made here and a frame converted by OpenCV meet without a seam.
"""

from __future__ import annotations

import torch

SHIFT, HALF = 20, 1 << 19
LUMA = (269_484, 528_482, 102_760)
BLUE = (-155_188, -305_135, 460_324)
RED = (460_324, -385_875, -74_448)


def to_i420(pictures: torch.Tensor) -> torch.Tensor:
    """(b, h * 3 // 2, w) uint8 of (b, h, w, 3) RGB uint8; h and w even."""
    luma, blue, red = _planes(pictures)
    batch, height, width = luma.shape
    colours = torch.cat((blue.reshape(batch, -1), red.reshape(batch, -1)), 1)
    return torch.cat((luma, colours.reshape(batch, height // 2, width)), 1)


def to_nv12(pictures: torch.Tensor) -> torch.Tensor:
    """(b, h * 3 // 2, w) uint8 of (b, h, w, 3) RGB uint8: blue and red side by side, as NVENC wants it."""
    luma, blue, red = _planes(pictures)
    batch, height, width = luma.shape
    return torch.cat((luma, torch.stack((blue, red), 3).reshape(batch, height // 2, width)), 1)


def _planes(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    if pictures.shape[1] % 2 or pictures.shape[2] % 2:
        raise ValueError(f"{pictures.shape[2]}x{pictures.shape[1]}: width and height must be even")
    wide = pictures.to(torch.int32)
    corners = wide[:, ::2, ::2]
    return _weighed(wide, LUMA, 16), _weighed(corners, BLUE, 128), _weighed(corners, RED, 128)


def _weighed(pixels: torch.Tensor, weights: tuple[int, int, int], offset: int) -> torch.Tensor:
    red, green, blue = pixels.unbind(3)
    total = red * weights[0] + green * weights[1] + blue * weights[2]
    return ((total + (HALF + (offset << SHIFT))) >> SHIFT).clamp_(0, 255).to(torch.uint8)
