"""`host-engine` and `python -m host_engine`: tidy the heap, hear signals, then import what takes long, then obey."""

from __future__ import annotations

import gc
import sys

from host_engine.process import heap
from host_engine.process.ending import PROCESS


def main() -> None:
    """Entry point of the `host-engine` command."""
    heap.tidy()
    PROCESS.listen(status=0 if sys.argv[1:2] == ["run"] else None)
    gc.disable()  # nothing of what is imported goes away: looking through it costs a tenth of the time
    from host_engine.cli import main as obey

    gc.enable()
    obey()


if __name__ == "__main__":
    main()
