"""A real OBS is killed and started again and again: how late frames begin meanwhile, and when OBS is put right again.

Somebody has changed its scene collection meanwhile: the scene on air is gone from it. OBS runs under Xvfb without a
GPU, so its picture is of 640x360.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.kept import keep
from benchmarks.obs_on_air import Around, obs_on_air

ROUNDS, SHORT = 15, 3
WARM, CALM = 10.0, 30.0  # seconds before the first kill; of them those that are measured for comparison
AWAY = 4.0  # seconds that OBS is away
REST = 3.0  # seconds between two rounds


class Round(NamedTuple):
    """When OBS was killed, started, first answered, and was as it should be; time.monotonic()."""

    killed: float
    started: float
    answered: float
    right: float


def run(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        with obs_on_air(Path(name), {"seconds": rounds * 30 + 120}, stream=False) as around:
            time.sleep(WARM)
            began = time.monotonic()
            time.sleep(CALM)
            done = [_round(around, k) for k in range(rounds)]
            clock = around.channel.status()["clock"]
        late = around.channel.notes["late"]
    with_obs = [value for at, value in late if began <= at <= began + CALM]
    without = [value for at, value in late if any(each.killed <= at < each.started for each in done)]
    starting = [value for at, value in late if any(each.started <= at < each.right for each in done)]
    right = [max(0.0, each.right - each.answered) for each in done]
    figures = {
        "right_s_p50": float(np.median(right)),
        "right_s_max": max(right),
        "calm_late_ms_p99": float(np.quantile(with_obs, 0.99)),
        "killed_late_ms_p99": float(np.quantile(without, 0.99)),
        "starting_late_ms_p99": float(np.quantile(starting, 0.99)),
        "jumps": clock["jumps"],
    }
    keep("obs_killed", figures, rounds=rounds)


def _round(around: Around, k: int) -> Round:
    """Kill OBS, take the scene on air out of its collection, start it, and wait until it is shown."""
    connections = around.status()["connections"]
    killed = time.monotonic()
    around.obs.kill()
    around.channel.wait(lambda: around.status()["state"] == "away", 30)
    _take_out(around.obs.home.collections, "studio")
    time.sleep(AWAY + k % 7 * 0.137)
    started = time.monotonic()
    around.obs.start()
    answered = time.monotonic()
    end = answered + 60
    while not around.steered("studio", connections + 1):
        assert time.monotonic() < end, f"never put right: {around.status()}"
        time.sleep(0.02)
    right = time.monotonic()
    shown = around.obs.ask("GetCurrentProgramScene")["currentProgramSceneName"]
    assert shown == "studio", f"OBS shows {shown}"
    time.sleep(REST)
    return Round(killed, started, answered, right)


def _take_out(folder: Path, scene: str) -> None:
    for path in folder.glob("*.json"):
        kept = json.loads(path.read_text())
        kept["sources"] = [each for each in kept["sources"] if each["name"] != scene]
        kept["scene_order"] = [each for each in kept["scene_order"] if each["name"] != scene]
        kept["current_scene"] = kept["current_program_scene"] = kept["scene_order"][0]["name"]
        path.write_text(json.dumps(kept))


if __name__ == "__main__":
    run(SHORT if "--short" in sys.argv else ROUNDS)
