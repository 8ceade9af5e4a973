"""Wav2Lip as a `Net`: mel in, the face with its lower half hidden in, the whole face out."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from host_engine.media import Picture, Samples
from host_engine.neural.hearing import frame_count
from host_engine.neural.net import Crop, Half
from host_engine.neural.wav2lip.mel import BANDS, STEPS, mel, windows
from host_engine.neural.wav2lip.network import Wav2Lip
from host_engine.neural.wav2lip.plan import Variant

AT_ONCE = 16  # faces studied together


class Pads(NamedTuple):
    """Pixels of the footage that the crop reaches past the face box, as Wav2Lip's option of that name."""

    top: int = 0
    bottom: int = 10  # so that the chin is in it
    left: int = 0
    right: int = 0


UPSTREAM = Pads()


class Wav2LipNet:
    """One Wav2Lip, folded and in RGB, on one device.

    It keeps of each frame the face itself (27 KB at 96 pixels, 197 KB at 256), or, where `cached`, what the encoder
    sees in it (0.6 MB, 4.1 MB), which saves an eighth of the work: for a short avatar on a machine with much memory.
    """

    window = (BANDS, STEPS)

    def __init__(
        self,
        network: Wav2Lip,
        variant: Variant,
        device: torch.device,
        dtype: torch.dtype,
        *,
        mel_offset_frames: float = 0.0,
        pads: Pads = UPSTREAM,
        cached: bool = False,
    ) -> None:
        self.name = variant.name
        self.side = side = variant.side
        self.device = device
        self.dtype = dtype
        self._network = network.to(device, dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._offset = mel_offset_frames
        self._pads = pads
        self._cached = cached
        self._shapes = _shapes(variant)
        self._shown = torch.ones(side, 1, device=device, dtype=dtype)
        self._shown[side // 2 :] = 0
        self.kept: tuple[int, ...] = (sum(map(math.prod, self._shapes)),) if cached else (3, side, side)

    @property
    def modules(self) -> dict[str, torch.nn.Module]:
        """The parts by name, for those who count or measure them."""
        return {"network": self._network}

    def crop(self, box: NDArray[np.float32], points: NDArray[np.float32]) -> Crop:
        """The face box, padded; its lower edge may lie below the frame, its left and upper ones may not."""
        x0, y0, x1, y1 = (int(edge) for edge in box)
        top, bottom, left, right = self._pads
        return max(0, x0 - left), max(0, y0 - top), x1 + right, y1 + bottom

    def hear(self, samples: Samples, fps: int) -> Half:
        """(frames, 80, 16): 200 ms of mel from the start of each frame on, for mono samples (n,) at 16 kHz."""
        frames = frame_count(samples, fps)
        return windows(mel(samples), frames, fps, self._offset).astype(np.float16)

    def study(self, faces: Picture) -> NDArray[np.float16] | NDArray[np.uint8]:
        """(n, *kept) for faces (n, side, side, 3) RGB."""
        upright = np.ascontiguousarray(np.moveaxis(faces, -1, 1))
        if not self._cached:
            return upright
        seen = [self._seen(torch.from_numpy(upright[k : k + AT_ONCE])) for k in range(0, len(faces), AT_ONCE)]
        return np.concatenate([*seen, np.empty((0, *self.kept), np.float16)])

    @torch.inference_mode()
    def move(self, kept: torch.Tensor, windows: torch.Tensor) -> torch.Tensor:
        """Faces (b, 3, side, side) RGB in 0..1, of kept (b, *kept) and windows (b, 80, 16) on the device."""
        seen = self._split(kept) if self._cached else self._look(kept)
        faces: torch.Tensor = self._network.speak(windows[:, None].to(self.dtype), seen)
        return faces

    def _look(self, faces: torch.Tensor) -> list[torch.Tensor]:
        whole = faces.to(self.dtype) / 255
        seen: list[torch.Tensor] = self._network.look(torch.cat((whole * self._shown, whole), 1))
        return seen

    @torch.inference_mode()
    def _seen(self, faces: torch.Tensor) -> Half:
        """What the encoder sees, one row a face, the channels of a pixel side by side."""
        seen = self._look(faces.to(self.device))
        rows = [each.permute(0, 2, 3, 1).reshape(len(faces), -1) for each in seen]
        return torch.cat(rows, 1).to("cpu", torch.float16).numpy()

    def _split(self, rows: torch.Tensor) -> list[torch.Tensor]:
        parts = torch.split(rows.to(self.dtype), [math.prod(shape) for shape in self._shapes], 1)
        return [
            part.reshape(len(rows), height, width, channels).permute(0, 3, 1, 2)
            for part, (height, width, channels) in zip(parts, self._shapes, strict=True)
        ]


def _shapes(variant: Variant) -> list[tuple[int, int, int]]:
    """Height, width and channels of what the encoder sees after each of its blocks."""
    sizes, side = [], variant.side
    for block in variant.encoder:
        first = block[0]
        assert isinstance(first.stride, int)
        side = (side + 2 * first.padding - first.kernel) // first.stride + 1
        sizes.append((side, side, block[-1].made))
    return sizes
