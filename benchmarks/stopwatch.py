"""Milliseconds of work that is done again and again: of the device alone by CUDA events, or as one waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise

import torch

LEAST, MOST = 3, 2000  # rounds
WARM = 2  # rounds that are not counted


def device_ms(work: Callable[[], object], device: torch.device, seconds: float) -> list[float]:
    """Of each round, what the device took; nothing waits between rounds. On a processor: as `wall_ms`."""
    if device.type != "cuda":
        return wall_ms(work, device, seconds)
    rounds = _rounds(_once(work, device), seconds)
    marks = [torch.cuda.Event(enable_timing=True) for _ in range(rounds + 1)]
    marks[0].record()
    for mark in marks[1:]:
        work()
        mark.record()
    torch.cuda.synchronize(device)
    return [before.elapsed_time(after) for before, after in pairwise(marks)]


def wall_ms(work: Callable[[], object], device: torch.device, seconds: float) -> list[float]:
    """Of each round, from its call until the device has finished it, as `seconds_of` counts."""
    taken = []
    for _ in range(_rounds(_once(work, device), seconds)):
        began = seconds_of(device)
        work()
        finish(device)
        taken.append((seconds_of(device) - began) * 1000)
    return taken


def seconds_of(device: torch.device) -> float:
    """A clock: the one on the wall where a GPU works; of a processor the time that this process had of it.

    So what others do on the machine meanwhile shows less; where nobody does anything, both are the same.
    """
    return time.perf_counter() if device.type == "cuda" else time.process_time()


def finish(device: torch.device) -> None:
    """Wait until the device has done all that it was given."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _once(work: Callable[[], object], device: torch.device) -> float:
    """Seconds of one round, after some that warm up; of what takes long, the first one counts."""
    took = 0.0
    for _ in range(WARM + 1):
        finish(device)
        began = time.perf_counter()
        work()
        finish(device)
        took = time.perf_counter() - began
        if took > 2:
            break
    return took


def _rounds(once: float, seconds: float) -> int:
    return int(min(MOST, max(LEAST, seconds / max(once, 1e-6))))
