"""What the marks cost: the words in each key frame of a drawn show, and the signature of a minute of recording."""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks.kept import keep, spread
from benchmarks.lines import first_beats, studio
from host_engine.media import Format, Unit
from host_engine.outputs.encoder import Encoder
from host_engine.outputs.file_writer import FileWriter
from host_engine.outputs.marks import stamped
from host_engine.provenance.apart import sign_apart
from host_engine.provenance.certificate import identity, self_made

SECONDS, SHORT = 60, 10
TIMES = 20  # that each key frame is marked


def run(seconds: int) -> None:
    made = studio()
    format, stamp = made.preparation.format, made.stamp
    plain, bare = Encoder(format, preset="superfast"), list[Unit]()
    try:
        for n, beat in enumerate(first_beats(made, seconds * format.fps)):
            bare += plain.encode(made.program.draw(n, beat))
    finally:
        made.close()
    taken, added, marked = [], 0, []
    for unit in bare:
        if unit.key:
            for _ in range(TIMES):
                began = time.perf_counter()
                packet = stamped(unit.video, stamp(unit.n))
                taken.append((time.perf_counter() - began) * 1000)
            added, unit = added + packet.size - unit.video.size, unit._replace(video=packet)
        marked.append(unit)
    figures = spread(taken, "key_frame_ms") | {
        "frame_ms": float(np.sum(taken)) / TIMES / len(bare),
        "added_kbps": added * 8 / 1000 / seconds,
    }
    keep("marks", figures | _signed(marked, format), seconds=seconds)


def _signed(units: list[Unit], format: Format) -> dict[str, float]:
    """What it takes to sign them as a segment of a recording."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "segment.mp4"
        with FileWriter(path, format, live=True) as file:
            for unit in units:
                file.write(unit)
        now = datetime.now(UTC)
        who = identity(*self_made("benchmark", now), now)
        began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        error = sign_apart(path, who, None)
        assert error is None, error
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return {
            "sign_s": time.monotonic() - began,
            "sign_cpu_s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
            "file_mb": path.stat().st_size / 1e6,
        }


if __name__ == "__main__":
    run(SHORT if "--short" in sys.argv else SECONDS)
