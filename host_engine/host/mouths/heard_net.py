"""The network that turns sound into mouths: causal dilated convolutions, in numpy, a few steps at a time.

After the plan of temporal convolutional networks (Bai, Kolter, Koltun 2018): 40 bands -> 80 channels over 5 steps, then
8 residual blocks of 3 steps, 1, 2, 4, 8, 1, 2, 4, 8 apart: 0.65 s of memory in 225 000 parameters. It is trained by
`host-engine train-visemes`, in torch; here nothing but numpy is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load

from host_engine.host.mouths.heard_bands import BANDS, Floats
from host_engine.host.mouths.viseme import SHAPES

VISEMES = tuple(SHAPES)  # 15, in the order in which the network tells them
SHAPE = 6  # numbers of a mouth's shape
CHANNELS, FIRST, TAPS = 80, 5, 3
APART = (1, 2, 4, 8, 1, 2, 4, 8)
LOOK = 5  # steps that it listens ahead: what it tells of a step comes with the fifth after it
OUT = len(VISEMES) + SHAPE
SHIPPED = Path(__file__).parent / "weights" / "heard.safetensors"


class HeardNetError(Exception):
    """Why the weights cannot be used, in a sentence."""


class Layer(NamedTuple):
    """A convolution over time as one product: `weight` (taps * channels in, channels out), oldest tap first."""

    weight: Floats
    bias: Floats


def wanted() -> dict[str, tuple[int, ...]]:
    """The names and shapes of its weights, as convolutions have them: (out, in, taps)."""
    found: dict[str, tuple[int, ...]] = {"first.weight": (CHANNELS, BANDS, FIRST), "first.bias": (CHANNELS,)}
    for k in range(len(APART)):
        found[f"blocks.{k}.near.weight"] = (CHANNELS, CHANNELS, TAPS)
        found[f"blocks.{k}.mix.weight"] = (CHANNELS, CHANNELS, 1)
        found[f"blocks.{k}.near.bias"] = found[f"blocks.{k}.mix.bias"] = (CHANNELS,)
    return found | {"head.weight": (OUT, CHANNELS, 1), "head.bias": (OUT,)}


class HeardNet:
    """The weights, shared by all who listen; each keeps a `Memory` of its own."""

    def __init__(self, tensors: Mapping[str, Floats]) -> None:
        """Raises HeardNetError unless names and shapes are exactly `wanted()` and every value is a number."""
        for name, shape in wanted().items():
            if name not in tensors or tensors[name].shape != shape:
                raise HeardNetError(f"the weights do not fit the network of visemes: {name} must be {shape}")
            if not np.isfinite(tensors[name]).all():
                raise HeardNetError(f"the weights of the network of visemes are damaged: {name} is no number")

        def layer(name: str) -> Layer:
            weight = np.asarray(tensors[f"{name}.weight"], np.float32)
            flat = np.ascontiguousarray(weight.transpose(2, 1, 0).reshape(-1, weight.shape[0]))
            return Layer(flat, np.asarray(tensors[f"{name}.bias"], np.float32))

        self.first, self.head = layer("first"), layer("head")
        self.blocks = [(layer(f"blocks.{k}.near"), layer(f"blocks.{k}.mix")) for k in range(len(APART))]

    @classmethod
    def shipped(cls, path: Path = SHIPPED) -> HeardNet:
        """The network that comes with the engine. Raises HeardNetError where its file is missing or damaged."""
        try:
            return cls(load(path.read_bytes()))
        except (OSError, SafetensorError, ValueError) as error:
            raise HeardNetError(f"{path}: the weights of the network of visemes cannot be read: {error}") from error


class Memory:
    """What one listener has heard, as far as the network still needs it. Not for two threads at once."""

    def __init__(self, net: HeardNet) -> None:
        self._net = net
        self._first = np.full((FIRST - 1, BANDS), -1.0, np.float32)
        self._near = [np.zeros(((TAPS - 1) * apart, CHANNELS), np.float32) for apart in APART]

    def hear(self, bands: Floats) -> Floats:
        """Bands (steps, BANDS) -> (steps, OUT): the visemes' logits and the mouth's shape of `LOOK` steps before."""
        net = self._net
        if not len(bands):
            return np.zeros((0, OUT), np.float32)
        self._first, seen = _along(self._first, bands, net.first, FIRST, 1)
        now: Floats = np.maximum(seen, np.float32(0))
        for k, (near, mix) in enumerate(net.blocks):
            self._near[k], seen = _along(self._near[k], now, near, TAPS, APART[k])
            now += np.maximum(seen, np.float32(0)) @ mix.weight + mix.bias
        out: Floats = now @ net.head.weight + net.head.bias
        return out


def _along(before: Floats, now: Floats, layer: Layer, taps: int, apart: int) -> tuple[Floats, Floats]:
    """The convolution at each step of `now`, and what the next piece needs to have `before` it."""
    held = np.concatenate([before, now])
    steps = len(now)
    taken = np.concatenate([held[k * apart : k * apart + steps] for k in range(taps)], axis=1)
    return held[len(held) - len(before) :], taken @ layer.weight + layer.bias
