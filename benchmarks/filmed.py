"""Someone filmed for a channel of benchmarks: our drawn host as footage, and a network of full size for her lips."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import torch

from benchmarks.nets import make
from host_engine.avatars.parts import Goes, write
from host_engine.channel.hosts import crew
from host_engine.commands.drawn_footage import drawn_footage
from host_engine.neural.worker import nets

SIZE, FPS = (720, 1280), 25
SECONDS = {"cpu": 2.0, "cuda": 6.0}  # of footage: a network must study each frame


def filmed(folder: Path, name: str) -> dict[str, Any]:
    """What a channel file says under avatar, for footage made in `folder` and the network of that name.

    The engine of this process then opens the benchmarks' network, where it would open a file of weights.
    """
    consent = folder / "consent.yaml"
    consent.write_text(json.dumps(_agreed()))
    seconds = SECONDS["cuda" if torch.cuda.is_available() else "cpu"]
    write(drawn_footage("mira", SIZE, FPS, seconds), Goes(folder / "presenter", consent, FPS))

    def loader(wanted: nets.Wanted) -> Any:
        return lambda device, dtype: make(name, device, dtype)

    nets.loader = loader
    crew.mark = lambda wanted: f"benchmark {name}"
    weights = folder / "weights"
    weights.mkdir()
    kind = name.partition("+")[0].partition("-")[0]
    settings = {"footage": str(folder / "presenter"), "net": kind}
    return settings if kind == "small" else settings | {"weights": str(weights), "license_acknowledged": True}


def _agreed() -> dict[str, Any]:
    everything = dict.fromkeys(("channels", "brands", "languages", "uses"), "any")
    today = date.today()
    return {
        "kind": "own-artwork",
        "person": "host_engine",
        "scope": everything,
        "given": str(today),
        "expires": str(today + timedelta(days=2)),
        "contact": "nobody: a benchmark",
    }
