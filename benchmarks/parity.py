"""Whether pictures stay the same: in 16 bits as in 32, in a batch as alone, on the GPU as on the processor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

from benchmarks.nets import DTYPES, make
from benchmarks.sitters import Sitter, sitter
from host_engine.host.avatar import DrawnAvatar
from host_engine.host.drawing import HOSTS, draw_host
from host_engine.host.perform import Pose
from host_engine.host.plates import PixelPlates, Plates
from host_engine.host.torch_plates import TorchPlates
from host_engine.media import Face, MouthShape, Picture
from host_engine.neural.net import Net

POSES = (Pose(), Pose(0.3, -0.15, 0.07, sway=0.1, lean=0.7, breath=0.6), Pose(-0.2, arm="wave", arm_amount=0.47))
TALKING = Face(MouthShape(0.6, 0.3, 0.1, 0.9, 0.4, 0.5), 0.7, True)


def networks(name: str, device: torch.device, dtype: str, batch: int) -> dict[str, float]:
    """Mean differences in levels of 255: of `dtype` against float32, and of frames made together against alone."""
    net = make(name, device, torch.float32)
    someone = sitter(net, frames=min(4, batch))
    with _exact():
        true = faces(net, someone, batch, batch)
    del net
    net = make(name, device, DTYPES[dtype])
    together, alone = faces(net, someone, batch, batch), faces(net, someone, batch, 1)
    rounded = "bf16_levels" if dtype == "bfloat16" else "fp16_levels"
    return {rounded: _apart(together, true), "batch_levels": _apart(together, alone)}


def drawn(device: torch.device) -> dict[str, float]:
    """Differences in levels of 255 of our drawn host painted on the device against painted by OpenCV."""
    artwork = draw_host("mira", HOSTS["mira"][0], 480)
    apart = []
    for pose in POSES:
        one, other = (_host(artwork, pose, plates) for plates in (TorchPlates(device), PixelPlates()))
        apart.append(np.abs(one.astype(int) - other))
    return {"drawn_levels": float(np.mean(apart)), "drawn_levels_max": float(np.max(apart))}


def faces(net: Net, someone: Sitter, count: int, together: int) -> np.ndarray:
    """(count, 3, side, side) in 0..255 of the someone's first frames, so many made at a time."""
    made = []
    for start in range(0, count, together):
        frames = [k % len(someone.resident.kept) for k in range(start, start + together)]
        kept = torch.from_numpy(someone.resident.kept[frames]).to(net.device)
        windows = torch.from_numpy(someone.windows[start : start + together]).to(net.device, net.dtype)
        with torch.inference_mode():
            made.append(net.move(kept, windows).float().clamp(0, 1).cpu().numpy() * 255)
    return np.concatenate(made)


def _apart(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).mean())


def _host(artwork: object, pose: Pose, plates: Plates) -> Picture:
    avatar = DrawnAvatar(artwork, plates=plates)
    width, height = avatar.size
    avatar.stand_before(np.full((height, width, 3), (90, 160, 200), np.uint8))
    out = np.empty((height, width, 3), np.uint8)
    avatar.draw(TALKING, pose, out)
    return out


@contextmanager
def _exact() -> Iterator[None]:
    """Float32 as such: a GPU would round the inputs of convolutions to 19 bits."""
    before = torch.backends.cudnn.allow_tf32
    torch.backends.cudnn.allow_tf32 = False
    try:
        yield
    finally:
        torch.backends.cudnn.allow_tf32 = before
