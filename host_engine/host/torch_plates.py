"""The host painted, bent and laid with torch: on a GPU, and as the measure of what is faster on a processor."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from host_engine.host.medium import Medium, Paint
from host_engine.host.plates import Corner, Plate, spread, within
from host_engine.host.rig import STEP, Box, Floats, common
from host_engine.media import Picture


class Torch:
    """Tensors on a device, as a `Medium`."""

    def __init__(self, device: torch.device | str) -> None:
        self.device = torch.device(device)

    def array(self, values: NDArray[np.float32]) -> Paint:
        return torch.from_numpy(np.ascontiguousarray(values, np.float32)).to(self.device)

    def minimum(self, one: Paint, other: Paint) -> Paint:
        return torch.minimum(one, other)

    def sample(self, pictures: Paint, places: Paint) -> Paint:
        size = torch.tensor((pictures.shape[3], pictures.shape[2]), device=self.device)
        return F.grid_sample(pictures, places * (2 / size) - 1, align_corners=False)


class TorchPlates:
    """Plates of floats, (4, h, w) as the textures are; runs on every device."""

    def __init__(self, device: torch.device | str) -> None:
        torch.set_num_threads(1)  # small pictures: a second thread costs more than it brings
        self.medium: Medium = Torch(device)
        self._device = torch.device(device)
        self._behind = torch.zeros((3, 0, 0))

    def another(self) -> TorchPlates:
        """As in `Plates`."""
        return TorchPlates(self._device)

    def texture(self, painted: Paint) -> Plate:
        return painted

    def refresh(self, texture: Plate, painted: Paint, boxes: list[Box]) -> None:
        """Nothing to do: the texture is what was painted."""

    def scale(self, texture: Plate) -> tuple[NDArray[np.float32], float]:
        height, width = texture.shape[1:]
        return np.array((2 / width, 2 / height), np.float32), -1.0

    def sample(self, texture: Plate, nodes: Floats, box: Box, opacity: float) -> Plate:
        grown = torch.from_numpy(nodes).to(self._device).permute(2, 0, 1)[None]
        grown = F.interpolate(grown, scale_factor=STEP, mode="bilinear", align_corners=False)[0]
        grid = grown[:, *spread(box)].permute(1, 2, 0)
        plate = F.grid_sample(texture[None], grid[None], padding_mode="border", align_corners=False)[0]
        if opacity < 1:
            plate[:3] *= opacity
            plate[3] = 1 - opacity * (1 - plate[3])
        return plate

    def stand_before(self, background: Picture) -> None:
        planes = torch.from_numpy(np.ascontiguousarray(background)).to(self._device).permute(2, 0, 1)
        self._behind = planes.contiguous().float()

    def compose(self, box: Box, over: list[tuple[Plate, Corner]], out: Picture) -> None:
        x0, y0, x1, y1 = box
        plate = self._behind[:, y0:y1, x0:x1].clone(memory_format=torch.contiguous_format)
        for picture, (x, y) in over:
            place = common(box, (x, y, x + picture.shape[2], y + picture.shape[1]))
            below, above = plate[:, *within(place, (x0, y0))], picture[:, *within(place, (x, y))]
            torch.addcmul(above[:3], below, above[3:], out=below)
        out[:] = plate.round().to(torch.uint8).permute(1, 2, 0).cpu().numpy()
