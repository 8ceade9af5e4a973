"""Results are kept as one JSON line a run: figures with the machine, the commit and the date they belong to."""

from __future__ import annotations

import json
import math
import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.compared import show

RESULTS = Path(__file__).parent / "results"
Figures = dict[str, float]
Row = dict[str, Any]


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


def software() -> dict[str, str]:
    """What runs the networks: the version of torch, and of the driver of the GPU ("none" where there is none)."""
    import torch

    return {"torch": torch.__version__, "driver": _driver() if _gpu() else "none"}


def _driver() -> str:
    """As the kernel module says it, or nvidia-smi."""
    try:
        found = re.search(r"Module +([\d.]+)", Path("/proc/driver/nvidia/version").read_text())
        if found:
            return found[1]
    except OSError:
        pass
    command = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20).stdout.split()
    except (OSError, subprocess.TimeoutExpired):
        said = []
    return said[0] if said else "unknown"


def commit() -> str:
    """The short commit of the tree, with + where files differ from it."""
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty=+"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def keep(name: str, figures: Figures, **about: Any) -> None:
    """Append the figures of benchmark `name` to its results and print them beside the last ones like them.

    `about` are the settings they were measured under, which are no floats: only rows of the same are compared.
    """
    say(name, put(name, figures, **about))


def put(name: str, figures: Figures, **about: Any) -> Row:
    """As `keep`, without a word; the row. What is no number is not kept."""
    row = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": machine(),
        **software(),
        **about,
        **{key: round(float(value), 4) for key, value in figures.items() if math.isfinite(value)},
    }
    rows(name)  # looks through what is there
    append(name, row)
    return row


def say(name: str, row: Row) -> None:
    """Print a row that was kept beside the last one like it."""
    show(name, row, [each for each in rows(name) if each != row])


def rows(name: str) -> list[Row]:
    """The kept rows of a benchmark, oldest first.

    Lines that are no rows are told of; the file as it was is then set aside, and its good rows are kept.
    """
    path = RESULTS / f"{name}.jsonl"
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return []
    read = [(number, _row(line)) for number, line in enumerate(lines, 1) if line.strip()]
    good = [row for _, row in read if row is not None]
    bad = [number for number, row in read if row is None]
    if bad:
        _set_aside(path, good, bad)
    return good


def append(name: str, row: Row) -> None:
    """Add a row to the results of a benchmark; `rows` has looked through them before."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.jsonl"
    cut = path.exists() and not path.read_bytes().endswith(b"\n") and path.stat().st_size
    with path.open("a", encoding="utf-8") as file:
        file.write(("\n" if cut else "") + json.dumps(row) + "\n")


def _row(line: bytes) -> Row | None:
    """The row in a line, or None: a row is an object that has a machine and a date."""
    try:
        found = json.loads(line)
    except ValueError:  # broken UTF-8 among them
        return None
    whole = isinstance(found, dict) and isinstance(found.get("machine"), str) and isinstance(found.get("date"), str)
    return found if whole else None


def _set_aside(path: Path, good: list[Row], bad: list[int]) -> None:
    aside = next(name for n in count(1) if not (name := path.with_name(f"{path.name}.damaged-{n}")).exists())
    whole = path.with_name(f"{path.name}.part")
    whole.write_text("".join(json.dumps(row) + "\n" for row in good), encoding="utf-8")
    os.link(path, aside)  # so that there is no moment at which a row is in neither file
    whole.replace(path)
    which = f"line {bad[0]} is" if len(bad) == 1 else f"{len(bad)} lines, the first of them line {bad[0]}, are"
    kept = f"its {len(good)} good rows are" if len(good) != 1 else "its one good row is"
    print(f"{path}: {which} not a row of results; the file is set aside as {aside.name}, {kept} kept.", file=sys.stderr)


def spread(values: list[float], prefix: str) -> Figures:
    """Median, p95 and p99 of a list of measurements."""
    return {f"{prefix}_p{q}": float(np.percentile(values, q)) for q in (50, 95, 99)}
