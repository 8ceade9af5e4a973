"""A thousand times a target is dead, refuses, hangs up, or takes the stream and never reads it: how soon each is back.

A target that is well all the time and a recording must not notice, and the channel must not end.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.faulty import KINDS, Servers
from benchmarks.kept import Figures, keep, spread
from benchmarks.onair import OnAir, live, recording
from benchmarks.servers import servers
from benchmarks.soak import missing

DROPS, SHORT = 1000, 40
EACH, SHORT_EACH = 3, 1  # servers of each kind: no platform is one of fifteen, but an hour would be long
STUCK = 60.0  # seconds without a drop after which it is in vain
WARM = 20.0  # seconds until scenes and first lines are made


def run(drops: int, each: int) -> None:
    with tempfile.TemporaryDirectory() as name, servers(Path(name), "well") as (well,), Servers(each) as faulty:
        folder = Path(name)
        outputs = [well.output, recording(folder / "recordings"), *(server.output for server in faulty.all)]
        wanted = {"seconds": drops * 6 + 300, "pictures": True}
        with OnAir(folder, outputs, wanted, encoding={"preset": "superfast", "kbps": 1500}) as channel:
            channel.wait(lambda: live(channel, "well", "archive"), 30)
            time.sleep(WARM)
            began, jumps = time.monotonic(), channel.status()["clock"]["jumps"]
            _wait(channel, faulty, drops)
            ended, status = time.monotonic(), channel.status()
        late = [value for at, value in channel.notes["late"] if began <= at <= ended]
        figures = missing(folder / "recordings", channel.notes["pictures"])
    unhurt = next(each for each in status["outputs"] if each["name"] == "well")
    backs = {kind: faulty.backs(kind) for kind in KINDS}
    everything = [back for some in backs.values() for back in some]
    figures |= {f"{kind.replace('-', '_')}_back_s_max": max(some) for kind, some in backs.items() if some}
    figures |= _sums(everything, late) | {
        "drops": faulty.drops,
        "well_reconnects": unhurt["reconnects"],
        "restarts": sum(job["restarts"] for job in status["jobs"] if job["name"] in ("air", "http", "viewers")),
        "jumps": status["clock"]["jumps"] - jumps,
    }
    keep("target_drops", figures, drops_wanted=drops)


def _sums(backs: list[float], late: list[float]) -> Figures:
    slow = sum(back > 5 for back in backs)
    return (
        spread(backs, "back_s")
        | {"back_s_max": float(np.max(backs)), "slower_than_5_s": slow}
        | spread(late, "late_ms")
    )


def _wait(channel: OnAir, faulty: Servers, drops: int) -> None:
    """Until there were so many drops. Raises RuntimeError when the channel ends, or nothing happens any more."""
    before, since = 0, time.monotonic()
    while faulty.drops < drops:
        time.sleep(1)
        if not channel.alive:
            raise RuntimeError(f"the channel ended by itself after {faulty.drops} drops:\n{channel.log()}")
        if faulty.drops > before:
            before, since = faulty.drops, time.monotonic()
        if time.monotonic() - since > STUCK:
            raise RuntimeError(f"no target came back for {STUCK:g} s:\n{channel.log()}")
        if before % 50 == 0:
            print(f"{before} drops", flush=True)


if __name__ == "__main__":
    if "--short" in sys.argv:
        run(SHORT, SHORT_EACH)
    else:
        run(DROPS, EACH)
