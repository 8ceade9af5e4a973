"""The network of `host.mouths.heard_net` while it learns, in torch, and as it is shipped."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.fusion import fuse_conv_bn_eval

from host_engine.host.mouths.heard_bands import BANDS, SILENCE, Floats
from host_engine.host.mouths.heard_net import APART, CHANNELS, FIRST, OUT, TAPS, VISEMES
from host_engine.training.visemes_lessons import Lesson

FASTEST, SLOWEST = 2e-3, 2e-5  # rates of learning
WARM = 60  # steps
UNHEARD = 65  # steps at the beginning of a piece in which the network has not heard enough yet
DOUBT = 0.05  # of the labels
SHAPES = 6.0  # times as much as the visemes that the shapes' error weighs
WEIGHTS_OF_SHAPE = (4.0, 1.0, 2.0, 0.5, 0.5, 0.5)  # the opening is what is seen most
WEIGHTS_OF_VISEMES = {"PP": 2.0, "FF": 1.5, "sil": 0.8}  # closures are short, and missed most


class Block(nn.Module):
    """A dilated convolution that hears nothing ahead, and what it adds."""

    def __init__(self, apart: int) -> None:
        super().__init__()
        self.apart = apart
        self.near = nn.Conv2d(CHANNELS, CHANNELS, (1, TAPS), dilation=(1, apart))
        self.norm: nn.Module = nn.BatchNorm2d(CHANNELS)
        self.mix = nn.Conv2d(CHANNELS, CHANNELS, 1)

    def forward(self, heard: Tensor) -> Tensor:
        near = self.near(functional.pad(heard, ((TAPS - 1) * self.apart, 0)))
        added: Tensor = self.mix(functional.relu(self.norm(near)))
        return heard + added


class VisemePupil(nn.Module):
    """Bands (b, BANDS, steps) -> (b, OUT, steps): logits of visemes and the mouth's shape of `LOOK` steps before."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.first = nn.Conv2d(BANDS, CHANNELS, (1, FIRST))  # over a height of 1: torch is quicker so than in Conv1d
        self.blocks = nn.ModuleList(Block(apart) for apart in APART)
        self.head = nn.Conv2d(CHANNELS, OUT, 1)
        weights = torch.tensor([WEIGHTS_OF_VISEMES.get(name, 1.0) for name in VISEMES])
        self.register_buffer("_of_visemes", weights, persistent=False)
        self.register_buffer("_of_shape", torch.tensor(WEIGHTS_OF_SHAPE)[:, None], persistent=False)
        self.optimiser = torch.optim.AdamW(self.parameters(), FASTEST, weight_decay=0.01)
        self.steps = 0

    def forward(self, bands: Tensor) -> Tensor:
        heard = functional.relu(self.first(functional.pad(bands[:, :, None], (FIRST - 1, 0), value=SILENCE)))
        for block in self.blocks:
            heard = block(heard)
        told: Tensor = self.head(heard)
        return told[:, :, 0]

    def learn(self, lesson: Lesson, done: float) -> tuple[float, float]:
        """One step; `done` is the share of the training that is over. The errors of the visemes and of the shapes."""
        rate = SLOWEST + (FASTEST - SLOWEST) * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
        for group in self.optimiser.param_groups:
            group["lr"] = rate * min(1.0, (self.steps + 1) / WARM)
        self.train()
        told = self(lesson.bands)[:, :, UNHEARD:]
        of_visemes: Any = self._of_visemes
        visemes = functional.cross_entropy(
            told[:, : len(VISEMES)], lesson.visemes[:, UNHEARD:], weight=of_visemes, label_smoothing=DOUBT
        )
        away = told[:, len(VISEMES) :] - lesson.shapes[:, :, UNHEARD:]
        shapes = (away.square() * self._of_shape).mean()
        self.optimiser.zero_grad(set_to_none=True)
        (visemes + SHAPES * shapes).backward()
        nn.utils.clip_grad_norm_(self.parameters(), 2.0)
        self.optimiser.step()
        self.steps += 1
        return float(visemes.detach()), float(shapes.detach())

    @torch.no_grad()
    def tensors(self) -> dict[str, Floats]:
        """The weights as `heard_net.wanted()` names them, the norms folded into the convolutions."""
        self.eval()
        found: dict[str, nn.Conv2d] = {"first": self.first, "head": self.head}
        for k, block in enumerate(self.blocks):
            assert isinstance(block, Block)
            assert isinstance(block.norm, nn.BatchNorm2d)
            found[f"blocks.{k}.near"] = fuse_conv_bn_eval(block.near, block.norm)
            found[f"blocks.{k}.mix"] = block.mix
        flat: dict[str, Floats] = {}
        for name, layer in found.items():
            assert layer.bias is not None
            flat[f"{name}.weight"] = layer.weight[:, :, 0].numpy().astype(np.float32)
            flat[f"{name}.bias"] = layer.bias.numpy().astype(np.float32)
        return flat


def ship(pupil: VisemePupil, path: Path) -> None:
    """Write the weights as they go on air, in float16; the file is there as a whole or not at all."""
    halves = {name: np.ascontiguousarray(value.astype(np.float16)) for name, value in pupil.tensors().items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(save(halves, {"network": "host_engine heard"}))
    os.replace(fresh, path)
