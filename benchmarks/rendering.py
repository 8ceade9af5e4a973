"""How fast the show is rendered into a file, against real time."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

from benchmarks.kept import keep
from benchmarks.lines import studio
from host_engine.commands.render import render

SECONDS = 60


def run() -> None:
    made = studio(encoder_threads=2)
    fps = made.preparation.format.fps
    try:
        with tempfile.TemporaryDirectory() as folder:
            cpu, wall = time.process_time(), time.perf_counter()
            asyncio.run(render(made, Path(folder) / "show.mp4", SECONDS * fps))
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    finally:
        made.close()
    keep("render", {"times_real_time": SECONDS / wall, "cpu_s_per_show_s": cpu / SECONDS}, seconds=SECONDS)


if __name__ == "__main__":
    run()
