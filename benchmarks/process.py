"""CPU of the whole process on air, as `host-engine run` starts it, against x264 alone for the same number of frames."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks.kept import keep
from benchmarks.lines import ROOT

SECONDS = 60
TICK = os.sysconf("SC_CLK_TCK")


def run() -> None:
    command = [sys.executable, "-m", "host_engine", "run", "channel.yaml", "--port", "8199"]
    engine = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        _wait_until_on_air()
        time.sleep(5)
        cpu, wall, frame = _cpu(engine.pid), time.monotonic(), _status()["clock"]["frame"]
        time.sleep(SECONDS)
        cpu, wall = _cpu(engine.pid) - cpu, time.monotonic() - wall
        status = _status()
        frames = status["clock"]["frame"] - frame
        rss = int(Path(f"/proc/{engine.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    finally:
        engine.send_signal(signal.SIGINT)
        engine.wait(10)
    figures = {
        "cores": cpu / wall,
        "cpu_ms_per_frame": cpu / frames * 1000,
        "late_ms_p99": status["stages_ms"]["late"]["p99"],
        "jumps": status["clock"]["jumps"],
        "rss_mb": rss,
    }
    keep("process", figures, seconds=SECONDS)


def _wait_until_on_air() -> None:
    for _ in range(120):
        try:
            if _status()["on_air"]["line"]:
                return
        except (urllib.error.URLError, ConnectionError):
            pass
        time.sleep(0.5)
    raise RuntimeError("the channel did not come on air within a minute")


def _status() -> dict:
    with urllib.request.urlopen("http://127.0.0.1:8199/status", timeout=5) as answer:
        return json.load(answer)


def _cpu(pid: int) -> float:
    """User and system seconds of the process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


if __name__ == "__main__":
    run()
