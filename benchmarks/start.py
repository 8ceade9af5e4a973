"""How soon a channel is back: from the start of the command, after a SIGKILL, to the first answer that frames leave."""

from __future__ import annotations

import argparse
import compileall
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.kept import keep
from benchmarks.lines import ROOT, demo_on_air

TURNS, SHORT = 9, 4
PAUSE = 0.2  # seconds that systemd waits before it starts the channel anew, as deploy/host-engine.service says
TICK = os.sysconf("SC_CLK_TCK")


class Start(NamedTuple):
    """One start: seconds until /healthz said 200, and of the processor until then; the memory of the process then."""

    wall: float
    cpu: float
    rss_mb: float


def run(turns: int) -> None:
    compileall.compile_dir(ROOT / "host_engine", quiet=2)  # as pip does; this tree may never have been run
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), _free_port()
        path = demo_on_air(folder, "start", http={"port": port})
        first, *others = [_start(path, port) for _ in range(turns + 1)]
    walls, cpus = [each.wall for each in others], [each.cpu for each in others]
    figures = {
        "wall_s_p50": float(np.median(walls)),
        "wall_s_max": max(walls),
        "cpu_s_p50": float(np.median(cpus)),
        "back_s_max": max(walls) + PAUSE,
        "rss_mb": max(each.rss_mb for each in others),
        "first_wall_s": first.wall,
    }
    keep("start", figures, turns=turns)


def _start(channel: Path, port: int) -> Start:
    """Start the channel, wait until it is on air, kill it."""
    began = time.monotonic()
    command = [sys.executable, "-m", "host_engine", "run", str(channel)]
    with (channel.parent / "log").open("w") as log:
        engine = subprocess.Popen(command, cwd=channel.parent, stderr=log, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        while not _healthy(port):
            if engine.poll() is not None or time.monotonic() - began > 120:
                raise RuntimeError((channel.parent / "log").read_text())
            time.sleep(0.01)
        return Start(time.monotonic() - began, *_use(engine.pid))
    finally:
        engine.kill()
        engine.wait()


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _use(pid: int) -> tuple[float, float]:
    """Seconds of the processor and MB of memory that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return (int(fields[11]) + int(fields[12])) / TICK, pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _free_port() -> int:
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return int(any_port.getsockname()[1])


if __name__ == "__main__":
    parser = argparse.ArgumentParser("python -m benchmarks.start", description=__doc__)
    parser.add_argument("--short", action="store_true", help=f"{SHORT} starts instead of {TURNS}")
    run(SHORT if parser.parse_args().short else TURNS)
