"""Results are kept as one JSON line a run: figures with the machine, the commit and the date they belong to."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

RESULTS = Path(__file__).parent / "results"
Figures = dict[str, float]


def machine() -> str:
    """What the figures were measured on, in words."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return f"{len(os.sched_getaffinity(0))} x {model}, no GPU" if not _gpu() else f"{model}, {_gpu()}"


def _gpu() -> str:
    import torch

    return torch.cuda.get_device_name(0) if torch.cuda.is_available() else ""


def commit() -> str:
    """The short commit of the tree, with + where files differ from it."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty=+"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def keep(name: str, figures: Figures, **about: Any) -> None:
    """Print the figures of benchmark `name` and append them to its results."""
    row = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": machine(),
        **about,
        **{key: round(float(value), 4) for key, value in figures.items()},
    }
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / f"{name}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    print(f"{name}: " + "  ".join(f"{key} {value:.3g}" for key, value in figures.items()))


def spread(values: list[float], prefix: str) -> Figures:
    """Median, p95 and p99 of a list of measurements."""
    return {f"{prefix}_p{q}": float(np.percentile(values, q)) for q in (50, 95, 99)}
