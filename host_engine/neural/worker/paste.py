"""The network's faces put back into the footage on the card: resized to the crop, laid by the mask, as bytes."""

from __future__ import annotations

import torch
import torch.nn.functional as F


def paste(faces: torch.Tensor, masks: torch.Tensor, unders: torch.Tensor, sizes: torch.Tensor) -> torch.Tensor:
    """(b, H, W, 3) uint8: crops of different sizes at once, each in the upper left corner of its canvas.

    faces (b, 3, side, side) RGB in 0..1, masks (b, side, side) uint8, unders (b, H, W, 3) uint8, sizes (b, 2) float32:
    height and width of each crop. Resized bilinearly without antialiasing, pixel centres at halves, as
    `F.interpolate(..., align_corners=False)` does. What lies outside a crop is of no meaning. Waits for nothing.
    """
    grid = _places(sizes, unders.shape[1], unders.shape[2])
    over = F.grid_sample(_over(faces, masks), grid, mode="bilinear", padding_mode="border", align_corners=False)
    return _laid(over, unders.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)


def _over(faces: torch.Tensor, masks: torch.Tensor) -> torch.Tensor:
    """(b, 4, side, side) float32: the faces in 0..255, and how much of them is seen in 0..1."""
    return torch.cat((faces.float().clamp(0, 1) * 255, masks[:, None].float() / 255), 1)


def _laid(over: torch.Tensor, ground: torch.Tensor) -> torch.Tensor:
    return torch.lerp(ground.float(), over[:, :3], over[:, 3:]).round_().to(torch.uint8)


def _places(sizes: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """(b, height, width, 2): where in the face each pixel of the canvas lies, -1..1."""
    rows = torch.arange(height, device=sizes.device, dtype=torch.float32) * 2 + 1
    columns = torch.arange(width, device=sizes.device, dtype=torch.float32) * 2 + 1
    y = (rows[None] / sizes[:, :1] - 1)[:, :, None].expand(-1, -1, width)
    x = (columns[None] / sizes[:, 1:] - 1)[:, None].expand(-1, height, -1)
    return torch.stack((x, y), 3)
