"""The small network as a `Net`: ready on a device, with the weights that ship unless others are named."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from host_engine.media import Picture, Samples
from host_engine.neural import weights
from host_engine.neural.net import Crop, Half
from host_engine.neural.small.geometry import crop_of
from host_engine.neural.small.mel import BANDS, STEPS, windows
from host_engine.neural.small.network import CODE, SHAPE, SIDE, Lips

SHIPPED = Path(__file__).parent / "weights" / "small.safetensors"


class SmallNet:
    """`Net` of a folded `Lips`. What it keeps of a face is the face itself, so that studying costs nothing."""

    name = "small"
    side = SIDE
    window: tuple[int, ...] = (STEPS, BANDS)
    kept: tuple[int, ...] = (3, SIDE, SIDE)

    def __init__(self, lips: Lips, device: torch.device, dtype: torch.dtype) -> None:
        """`lips` has been folded (it holds no norms); it is taken over."""
        self.device, self.dtype = device, dtype
        lips = lips.eval().requires_grad_(False).to(device, dtype)
        self._lips: Lips = lips.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def crop(self, box: NDArray[np.float32], points: NDArray[np.float32]) -> Crop:
        """As in `Net`; follows the points alone."""
        return crop_of(points)

    def hear(self, samples: Samples, fps: int) -> Half:
        """As in `Net`: (frames, STEPS, BANDS), from 80 ms before to 160 ms after the middle of each frame."""
        return windows(samples, fps)

    def study(self, faces: Picture) -> NDArray[np.uint8]:
        """As in `Net`: (n, 3, side, side), the pictures plane by plane."""
        return np.ascontiguousarray(faces.transpose(0, 3, 1, 2))

    @torch.inference_mode()
    def move(self, kept: Tensor, windows: Tensor) -> Tensor:
        """As in `Net`; float32."""
        faces = kept.float() * (1 / 255)
        painted: Tensor = self._lips(faces, windows.to(self.dtype))
        return painted

    @torch.inference_mode()
    def paint(self, kept: Tensor, shapes: Tensor) -> Tensor:
        """Faces as from `move`, with mouths (b, 6) that are told, as in `media.MouthShape`, instead of heard."""
        faces = kept.float() * (1 / 255)
        code = functional.pad(shapes.to(self.dtype), (0, CODE - SHAPE))
        painted: Tensor = self._lips.painter(faces, faces, code)
        return painted


def load(path: Path | None = None, device: torch.device | str = "cpu", dtype: torch.dtype | None = None) -> SmallNet:
    """The network with the weights of a file that `host-engine train-mouth` wrote; without one, with those that ship.

    `dtype`: bfloat16 where the device computes in it, else float16 on a GPU and float32 on a processor. Raises
    NetError, a sentence, for a file that is none of its own.
    """
    path, where = path or SHIPPED, torch.device(device)
    lips = Lips()
    weights.fit(lips, weights.read(path), path, "the small network")
    return SmallNet(lips, where, dtype or quick(where))


def load_blank(device: torch.device | str = "cpu", dtype: torch.dtype | None = None, *, seed: int = 0) -> SmallNet:
    """The network with weights drawn by chance: as fast as a trained one, for benchmarks and tests."""
    where = torch.device(device)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return SmallNet(Lips(), where, dtype or quick(where))


def quick(device: torch.device) -> torch.dtype:
    """The type in which a device is quickest."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.get_device_capability(device) >= (9, 0) else torch.float16
    return torch.bfloat16 if torch.cpu._is_avx512_bf16_supported() else torch.float32
