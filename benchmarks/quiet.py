"""Whether anything else used the processor while something was measured; a row says so where it did."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

TICK = os.sysconf("SC_CLK_TCK")
BUSY = 0.1  # of the machine: from there on wall clocks mean little


class Quiet:
    """Around a measurement; afterwards `about` is what its row has to say."""

    def __enter__(self) -> Quiet:
        self._begin = _used()
        return self

    def __exit__(self, *_: object) -> None:
        wall, all_, own = (now - then for now, then in zip(_used(), self._begin, strict=True))
        cores = len(os.sched_getaffinity(0))
        self.others = min(1.0, max(0.0, all_ - own) / max(1e-9, wall * cores))

    @property
    def about(self) -> dict[str, Any]:
        """The setting that keeps rows of a busy machine from being compared with those of a quiet one."""
        return {"state": "busy machine", "busy": round(float(self.others), 3)} if self.others > BUSY else {}


def _used() -> tuple[float, float, float]:
    """Seconds: of the clock, of the processor by everybody, of it by this process and its children."""
    own = sum(os.times()[:4])
    try:
        fields = [int(each) for each in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    except (OSError, ValueError):
        return time.monotonic(), own, own
    idle = fields[3] + fields[4]  # waiting for a disk is idling too
    return time.monotonic(), (sum(fields) - idle) / TICK, own
