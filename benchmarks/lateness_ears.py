"""How late frames begin while Whisper of the size of "small" transcribes without pause: the demo channel, one viewer.

The weights are invented, as there is no network; the work is that of real ones, and words are detected in any language.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks import scripted_whisper
from benchmarks.crowd import Crowd
from benchmarks.kept import keep, spread
from benchmarks.onair import OnAir
from benchmarks.quiet import Quiet

SECONDS, SHORT = 120, 20
WARM = 10.0
WORDS = "hello can you tell me how much the teapot costs and how long shipping takes please"


def run(seconds: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = scripted_whisper.build(folder / "whisper", WORDS, scripted_whisper.SMALL)
        wanted = {"seconds": seconds + 180, "transcribe": str(model)}
        with Quiet() as quiet, OnAir(folder, [], wanted) as channel, Crowd(channel.address, 1):
            channel.wait(lambda: (folder / "heard").exists() and (folder / "heard").stat().st_size > 0, 120)
            time.sleep(WARM)
            before, heard = channel.status()["clock"]["jumps"], (folder / "heard").stat().st_size
            began = time.monotonic()
            time.sleep(seconds)
            ended = time.monotonic()
            jumps = channel.status()["clock"]["jumps"] - before
            heard = (folder / "heard").stat().st_size - heard
        late = [value for at, value in channel.notes["late"] if began <= at <= ended]
    figures = spread(late, "late_ms") | {
        "late_ms_max": float(np.max(late)),
        "jumps": float(jumps),
        "utterances": float(heard),
        "frames": float(len(late)),
    }
    keep("lateness_ears", figures, seconds=seconds, **quiet.about)


if __name__ == "__main__":
    run(SHORT if "--short" in sys.argv else SECONDS)
