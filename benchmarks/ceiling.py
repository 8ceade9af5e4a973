"""What this machine can do at most: a large matrix product and a large copy, measured in the same run as the rest."""

from __future__ import annotations

from typing import NamedTuple

import torch

from benchmarks.stopwatch import device_ms

SIDES = {"cuda": 8192, "cpu": 1536}  # of the matrices
COPIED = {"cuda": 2**30, "cpu": 2**27}  # bytes: several times what the caches hold


class Ceiling(NamedTuple):
    """10^12 multiplications and additions a second, and 10^9 bytes a second read and written."""

    tflops: float
    gb_s: float

    def at(self, intensity: float) -> float:
        """TFLOP/s that can be reached with so many operations for each byte: the roofline."""
        return min(self.tflops, intensity * self.gb_s / 1000)


def measure(device: torch.device, dtype: torch.dtype, seconds: float = 1.0) -> Ceiling:
    """The best of all tries, on random numbers: on zeros a GPU is faster than it is on real data."""
    side = SIDES[device.type]
    one, other = (torch.randn(side, side, device=device).to(dtype) for _ in range(2))
    product = torch.empty_like(one)
    best = min(device_ms(lambda: torch.mm(one, other, out=product), device, seconds))
    source = torch.randint(255, (COPIED[device.type],), dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    copied = min(device_ms(lambda: target.copy_(source), device, seconds))
    return Ceiling(2 * side**3 / best / 1e9, 2 * source.numel() / copied / 1e6)
