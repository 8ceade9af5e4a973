"""How late frames begin and when they are out, with three viewers, two RTMP servers and a recording; and the cost."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.crowd import Crowd
from benchmarks.kept import keep, spread
from benchmarks.onair import OnAir, live, recording
from benchmarks.servers import servers

SECONDS, SHORT = 600, 60
WARM = 10.0  # seconds after everything is there
VIEWERS = 3


def run(seconds: int) -> None:
    with tempfile.TemporaryDirectory() as name, servers(Path(name), "first", "second") as (first, second):
        folder = Path(name)
        outputs = [first.output, second.output, recording(folder / "recordings")]
        with OnAir(folder, outputs, {"seconds": seconds + 120}) as channel, Crowd(channel.address, VIEWERS) as crowd:
            channel.wait(lambda: live(channel, "first", "second", "archive"), 30)
            time.sleep(WARM)
            began, cpu, jumps = time.monotonic(), channel.cpu(), channel.status()["clock"]["jumps"]
            time.sleep(seconds)
            ended, cpu, status = time.monotonic(), channel.cpu() - cpu, channel.status()
            assert status["viewers"] == VIEWERS, f"{status['viewers']} of {VIEWERS} viewers are left"
            assert live(channel, "first", "second", "archive"), channel.states()
            rss = channel.rss()
        assert not crowd.counts["left"]
        late, out = ([value for at, value in channel.notes[name] if began <= at <= ended] for name in ("late", "out"))
    figures = spread(late, "late_ms") | {
        **spread(out, "out_ms"),
        "late_ms_max": float(np.max(late)),
        "jumps": status["clock"]["jumps"] - jumps,
        "ladder_rung": status["ladder"]["rung"],
        "frames": len(late),
        "cores": cpu / (ended - began),
        "rss_mb": rss,
    }
    keep("lateness", figures, seconds=seconds)


if __name__ == "__main__":
    run(SHORT if "--short" in sys.argv else SECONDS)
