"""`host-engine` and `python -m host_engine`: tidy the heap, hear signals, then import what takes long, then obey."""

from __future__ import annotations

import gc
import os
import sys

from host_engine.process import heap
from host_engine.process.ending import PROCESS

HAND_OVER = 0.0005  # seconds that a thread may wait for one that computes in Python: by itself 5 ms, many times a frame


def main() -> None:
    """Entry point of the `host-engine` command."""
    heap.tidy()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's own threads would spin on the core of the tick
    sys.setswitchinterval(HAND_OVER)
    PROCESS.listen(status=0 if sys.argv[1:2] == ["run"] else None)
    gc.disable()  # nothing of what is imported goes away: looking through it costs a tenth of the time
    from host_engine.commands.cli import main as obey

    gc.enable()
    obey()


if __name__ == "__main__":
    main()
