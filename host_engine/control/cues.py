"""How the making of cues goes: the figures of those that were made, and the last of them for the trace."""

from __future__ import annotations

from collections import deque

from host_engine.playout.prepared import Prepared
from host_engine.timing import Tally

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds
FACTORS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5, 3.0)  # seconds of work for a second of speech
KEPT = 64  # more than the minute that a trace tells of


class Cues:
    """Told of each line that was made ready for air, or could not be."""

    def __init__(self) -> None:
        self.last: deque[Prepared] = deque(maxlen=KEPT)
        self.failed = 0
        self.voice, self.mouth, self.ready = Tally(BOUNDS), Tally(BOUNDS), Tally(BOUNDS)  # seconds
        self.factor = Tally(FACTORS)

    def made(self, prepared: Prepared) -> None:
        """Count one."""
        self.last.append(prepared)
        if prepared.error:
            self.failed += 1
            return
        whole = (prepared.done - prepared.asked) / 1e9
        self.voice.add(prepared.took("voice"))
        self.mouth.add(prepared.took("mouth"))
        self.ready.add(whole)
        if prepared.seconds:
            self.factor.add((prepared.took("voice") + prepared.took("mouth")) / prepared.seconds)
