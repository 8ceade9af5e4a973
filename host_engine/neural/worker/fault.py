"""What an error of a batch means: no room on the card, a card that is lost, or a fault of the network."""

from __future__ import annotations

from enum import Enum

import torch

LOST = ("CUDA error", "cuDNN error", "CUDNN_STATUS", "CUBLAS_STATUS", "CUDA driver error", "device-side assert")
FULL = ("out of memory", "CUBLAS_STATUS_ALLOC_FAILED", "can't allocate memory")


class Fault(Enum):
    ROOM = "no room"
    DEVICE = "the card is lost"
    NET = "the network fails"


def fault_of(error: BaseException) -> Fault:
    """An error of the card that is not one of memory sticks: nothing in this process can use the card any more."""
    text = str(error)
    if isinstance(error, torch.OutOfMemoryError | MemoryError) or any(each in text for each in FULL):
        return Fault.ROOM
    accelerator = getattr(torch, "AcceleratorError", None)  # since torch 2.8; before, a RuntimeError
    if (accelerator and isinstance(error, accelerator)) or (
        isinstance(error, RuntimeError) and any(each in text for each in LOST)
    ):
        return Fault.DEVICE
    return Fault.NET


def sentence(error: BaseException) -> str:
    """The first line of what an error says."""
    return str(error).strip().split("\n")[0][:300] or type(error).__name__
