"""The networks that are measured, by name: of full size, with weights drawn by chance unless they ship with us."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from host_engine.neural.net import Net

NETS = ("musetalk+sd-vae", "musetalk+taesd", "wav2lip-256", "wav2lip-96", "small")
DTYPES = {"bfloat16": torch.bfloat16, "float16": torch.float16, "float32": torch.float32}
Move = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def make(name: str, device: torch.device, dtype: torch.dtype) -> Net:
    """The network, the same weights each time. Its modules are imported here: each is large."""
    if name.startswith("musetalk"):
        from host_engine.neural import musetalk

        return musetalk.load_blank("taesd" if name.endswith("taesd") else "sd-vae", device, dtype)
    if name.startswith("wav2lip"):
        from host_engine.neural.wav2lip.load import load_blank

        return load_blank(int(name.removeprefix("wav2lip-")), device, dtype)
    from host_engine.neural.small.net import load, load_blank

    return load(None, device, dtype) if weights(name) == "own" else load_blank(device, dtype)


def weights(name: str) -> str:
    """Whose weights `make` gives: "random", or "own": those that ship."""
    from host_engine.neural.small.net import SHIPPED

    return "own" if name == "small" and SHIPPED.exists() else "random"


def device() -> torch.device:
    """The GPU, where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def quick(of: torch.device) -> str:
    """The type in which the device is quickest, by name: bf16 from Hopper on, fp16 on GPUs before."""
    if of.type == "cuda":
        return "bfloat16" if torch.cuda.get_device_capability(of) >= (9, 0) else "float16"
    return "bfloat16" if torch.cpu._is_avx512_bf16_supported() else "float32"


def plainly(net: Net) -> Move:
    """`move` without what makes it quick on a GPU: tensors lie as torch lays them unless told otherwise."""
    for part in modules(net).values():
        part.to(memory_format=torch.contiguous_format)
    if not net.name.startswith("musetalk"):
        return net.move
    lips, painter = (modules(net)[name] for name in ("lips", "painter"))
    kind = next(painter.parameters()).dtype

    def move(kept: torch.Tensor, windows: torch.Tensor) -> torch.Tensor:
        made: Any = painter(lips(kept.to(net.dtype).contiguous(), windows).to(kind))
        faces: torch.Tensor = made
        return faces

    return move


def modules(net: Net) -> dict[str, torch.nn.Module]:
    """The parts of a network by name."""
    found: dict[str, torch.nn.Module] = getattr(net, "modules", {})
    return found
