"""What training leaves on the disk: the weights that go on air, what there is to say of them, and where to go on."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save

from host_engine.neural.net import NetError
from host_engine.neural.small.network import Lips
from host_engine.neural.weights import Tensors, fit, read
from host_engine.training.pupil import Pupil

WEIGHTS, REPORT, SHEET = "small.safetensors", "small.json", "small.png"
RESUME, PROGRESS = "resume.safetensors", "resume.json"
ABOUT = {"format": "pt", "network": "host_engine small"}


def ship(folder: Path, lips: Lips) -> Path:
    """Writes a folded network as it goes on air, in float16; returns where."""
    path = folder / WEIGHTS
    _write(path, {name: value.half().contiguous() for name, value in lips.state_dict().items()})
    return path


def tell(folder: Path, report: dict[str, Any]) -> None:
    """Writes what there is to say of the weights beside them."""
    _replace(folder / REPORT, (json.dumps(report, indent=1, ensure_ascii=False) + "\n").encode())


def keep(folder: Path, pupil: Pupil, progress: dict[str, Any]) -> None:
    """Writes all that is needed to go on with the training."""
    tensors = {f"lips.{name}": value for name, value in pupil.lips.state_dict().items()}
    tensors |= {f"smoothed.{name}": value for name, value in pupil.smoothed.state_dict().items()}
    for number, state in pupil.optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{number}.{name}": value for name, value in state.items()}
    _write(folder / RESUME, {name: value.contiguous() for name, value in tensors.items()})
    _replace(folder / PROGRESS, (json.dumps(progress, indent=1) + "\n").encode())


def resume(folder: Path, pupil: Pupil) -> dict[str, Any]:
    """Brings a pupil to where the training in the folder was left; returns what was said of it.

    Raises NetError for files that do not belong together or are none.
    """
    path = folder / RESUME
    tensors = read(path)
    fit(pupil.lips, _under(tensors, "lips."), path, "the network that learns")
    fit(pupil.smoothed, _under(tensors, "smoothed."), path, "the network that learns")
    _remember(pupil, _under(tensors, "optimiser."))
    try:
        progress: dict[str, Any] = json.loads((folder / PROGRESS).read_text())
        pupil.steps = int(progress["steps"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NetError(
            f"{folder / PROGRESS}: does not say how far the training was; begin anew in another folder"
        ) from error
    return progress


def _remember(pupil: Pupil, tensors: Tensors) -> None:
    """Gives the optimiser back what it had noted of each parameter, in the parameter's own order of memory."""
    parameters = list(pupil.lips.parameters())
    state: dict[int, dict[str, torch.Tensor]] = {}
    for name, value in tensors.items():
        number, _, what = name.partition(".")
        like = parameters[int(number)]
        held = torch.empty_like(like, requires_grad=False).copy_(value) if value.shape == like.shape else value
        state.setdefault(int(number), {})[what] = held
    pupil.optimiser.load_state_dict({**pupil.optimiser.state_dict(), "state": state})


def _under(tensors: Tensors, prefix: str) -> Tensors:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def _write(path: Path, tensors: Tensors) -> None:
    _replace(path, save(tensors, ABOUT))


def _replace(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(data)
    os.replace(fresh, path)
