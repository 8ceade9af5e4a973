"""The network's faces put back into the footage, on the device: resized to the crop, laid by the mask, as bytes."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from host_engine.media import Picture

Size = tuple[int, int]  # height, width of a crop
Rows = tuple[int, int]  # of a mask: the first that shows something, the first after them that does not


def paste(faces: torch.Tensor, masks: torch.Tensor, unders: torch.Tensor, sizes: torch.Tensor) -> torch.Tensor:
    """(b, H, W, 3) uint8: crops of different sizes at once, each in the upper left corner of its canvas.

    faces (b, 3, side, side) RGB in 0..1, masks (b, side, side) uint8, unders (b, H, W, 3) uint8, sizes (b, 2) float32:
    height and width of each crop. Resized bilinearly without antialiasing, pixel centres at halves, as
    `F.interpolate(..., align_corners=False)` does. What lies outside a crop is of no meaning. Waits for nothing.
    """
    grid = _places(sizes, unders.shape[1], unders.shape[2])
    over = F.grid_sample(_over(faces, masks), grid, mode="bilinear", padding_mode="border", align_corners=False)
    return _laid(over, unders.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)


def paste_each(
    faces: torch.Tensor, masks: torch.Tensor, unders: torch.Tensor, sizes: Sequence[Size], rows: Sequence[Rows]
) -> None:
    """The same in place, crop by crop, with OpenCV on bytes: four times as quick on a processor, within 2/255.

    `rows`: between which rows each mask has something to show; the others stay as they are.
    """
    side = masks.shape[1]
    pictures, values = unders.numpy(), faces.float().clamp(0, 1).numpy()
    for picture, face, mask, (height, width), (top, bottom) in zip(
        pictures, values, masks.numpy(), sizes, rows, strict=True
    ):
        first = max(0, (top - 1) * height // side)  # a row of the mask reaches one row further where it is resized
        last = min(height, (bottom + 1) * height // side + 1)
        if top == bottom:
            continue
        whole = cv2.resize(_interleaved(face), (width, height), interpolation=cv2.INTER_LINEAR)[first:last]
        seen = cv2.resize(mask, (width, height), interpolation=cv2.INTER_LINEAR)[first:last]
        ground = picture[first:last, :width]
        shown = np.asarray(cv2.convertScaleAbs(whole, alpha=255), np.uint8)
        _lay(shown, np.asarray(cv2.cvtColor(seen, cv2.COLOR_GRAY2RGB), np.uint8), ground)


def _lay(face: Picture, seen: Picture, ground: Picture) -> None:
    """Change the ground to the face, as far as it is seen."""
    shown = cv2.multiply(face, seen, scale=1 / 255)
    kept = cv2.multiply(ground, cv2.bitwise_not(seen), scale=1 / 255)
    cv2.add(shown, kept, dst=ground)


def _interleaved(face: NDArray[np.float32]) -> NDArray[np.float32]:
    """(h, w, 3) of (3, h, w), which may be so already, seen the other way."""
    if face.flags.c_contiguous:
        return np.asarray(cv2.merge(list(face)), np.float32)
    return np.ascontiguousarray(face.transpose(1, 2, 0))


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
