"""What another WebRTC viewer costs the engine: processor, and no encode, at 720x1280 and 2 Mbit/s."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.crowd import Crowd
from benchmarks.kept import keep
from benchmarks.onair import OnAir

STEPS, SECONDS = (0, 5, 10, 15), 40
SHORT_STEPS, SHORT_SECONDS = (0, 4, 8), 12
START, SHORT_START = 60.0, 20.0  # seconds after the start, in which scenes are drawn and caches filled
WARM = 4.0  # seconds after the viewers have come


def run(steps: tuple[int, ...], seconds: int, start: float) -> None:
    cores = []
    with tempfile.TemporaryDirectory() as name:
        encoding = {"preset": "superfast", "kbps": 2000}
        with OnAir(Path(name), [], {"encodes": True}, encoding=encoding, ladder=False) as channel:
            time.sleep(start)
            for viewers in steps:
                with Crowd(channel.address, viewers):
                    time.sleep(WARM)
                    began, cpu = time.monotonic(), channel.cpu()
                    time.sleep(seconds)
                    cores.append((channel.cpu() - cpu) / (time.monotonic() - began))
                    there = channel.status()["viewers"]
                    assert there == viewers, f"{there} of {viewers} viewers are left"
                print(f"{viewers} viewers: {cores[-1]:.3f} cores")
        counts = channel.notes["counts"]
    each = float(np.polyfit(steps, cores, 1)[0])
    if each <= 0:
        raise RuntimeError("more viewers cost less: this machine does other things, and nothing can be said")
    figures = {
        "cores_per_viewer": each,
        "viewers_on_one_core": 1 / each,
        "cores_without": cores[0],
        "encodes_per_frame": round(counts["encodes"] / counts["frames"], 2),  # the first and the last are not whole
        "viewer_encodes": counts["viewer_encodes"],
    }
    keep("viewers", figures, seconds=seconds, most=max(steps))


if __name__ == "__main__":
    if "--short" in sys.argv:
        run(SHORT_STEPS, SHORT_SECONDS, SHORT_START)
    else:
        run(STEPS, SECONDS, START)
