"""From a scene's change in the channel's own picture to OBS's output, decoded, showing its scene for it.

OBS is told at once, and not when the picture that is on its way has come: so this is quicker than the feed itself,
whose own delay stands beside it. OBS runs under Xvfb without a GPU, so its picture is of 640x360.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks import scenes_seen
from benchmarks.action import Operator
from benchmarks.actions_seen import Shown
from benchmarks.kept import keep, spread
from benchmarks.lines import ROOT
from benchmarks.obs_on_air import FLASH, Around, obs_on_air

CHANGES, SHORT = 60, 8
WARM = 10.0  # seconds
REST = 2.0  # seconds between two changes, at another moment of the frame each time
LONGEST = 3.0  # seconds after which a change was not seen


def run(changes: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, notes = Path(name), Path(name) / "shown.json"
        seconds = changes * (REST + 0.2) + 120
        with obs_on_air(folder, {"seconds": seconds, "actions": str(notes)}, stream=True) as around:
            ordered = _change(around, folder / "seen", changes)
            clock = around.channel.status()["clock"]
        units: list[Shown] = [tuple(json.loads(line)) for line in notes.read_text().splitlines()]
        seen = scenes_seen.read(folder / "seen")
        late = around.channel.notes["late"]
    drawn = {each[1]: each[0] for each in units}
    took = [each for order in ordered if (each := _took(order, units, seen)) is not None]
    feed = [(each.at - drawn[each.code]) * 1000 for each in seen if each.code in drawn and each.at > ordered[0][0]]
    figures = spread(took, "scene_ms") | {
        "scene_ms_max": max(took),
        "unseen": len(ordered) - len(took),
        "feed_ms_p50": float(np.median(feed)),
        "late_ms_p99": float(np.quantile([each[1] for each in late if each[0] > ordered[0][0]], 0.99)),
        "jumps": clock["jumps"],
    }
    keep("obs_scene", figures, changes=changes)


def _change(around: Around, file: Path, changes: int) -> list[tuple[float, bool]]:
    """Change the scene so often; when each was ordered, and whether to the one with the mark."""
    command = [sys.executable, "-m", "benchmarks.scenes_seen", f"{around.broker.url}/benchmark", str(file)]
    player = subprocess.Popen(command, cwd=ROOT)
    try:
        around.channel.wait(lambda: any(each.code is not None for each in scenes_seen.read(file)), 60)
        time.sleep(WARM)
        operator, ordered = Operator(around.channel), []
        for k in range(changes):
            flash = k % 2 == 0
            at, _ = operator.ask("POST", "/api/scene", name=FLASH if flash else "studio")
            ordered.append((at, flash))
            time.sleep(REST + k % 10 * 0.0137)
        return ordered
    finally:
        player.kill()
        player.wait()


def _took(order: tuple[float, bool], units: list[Shown], seen: list[scenes_seen.Seen]) -> float | None:
    """Milliseconds from the first unit with the scene to OBS's first picture with it; None where that was not seen."""
    at, flash = order
    left = next(each[0] for each in units if each[0] >= at and (FLASH in each[3]) == flash)
    shown = next((each.at for each in seen if each.at >= at and each.marked == flash), None)
    return (shown - left) * 1000 if shown is not None and shown - at < LONGEST else None


if __name__ == "__main__":
    run(SHORT if "--short" in sys.argv else CHANGES)
