"""What became of messages, counted, and how long viewers waited for their answers."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from typing import Literal

End = Literal["answered", "joined", "refused", "expired"]

MOST_REASONS = 40
KEPT = 1000  # waiting times


class Tally:
    """Each message is counted once when it comes and once when it ends, in exactly one way."""

    def __init__(self) -> None:
        self.heard = 0
        self.ended: Counter[End] = Counter()
        self.refused: Counter[str] = Counter()
        self._waits: deque[float] = deque(maxlen=KEPT)

    def end(self, how: End, reason: str = "", waited: float | None = None) -> None:
        self.ended[how] += 1
        if how == "refused":
            known = reason in self.refused or len(self.refused) < MOST_REASONS
            self.refused[reason if known else "other"] += 1
        if waited is not None:
            self._waits.append(waited)

    def waits(self) -> dict[str, float]:
        """Seconds from a message to its answer, of the last ones: how many, median, p95, longest."""
        return {"count": len(self._waits), **{f"p{part}": _quantile(self._waits, part / 100) for part in (50, 95, 100)}}


def _quantile(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))], 3) if ordered else 0.0
