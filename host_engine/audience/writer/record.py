"""How a language model does: what was asked of it, and what became of it."""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import Any


class Record:
    """Counts calls and how they ended: `answered`, `late`, `failed`, or `left` by whoever asked. One loop's only."""

    def __init__(self) -> None:
        self.calls = self.answered = self.late = self.failed = self.left = 0
        self.refused = 0  # not even called: it rests, or is busy
        self.last_error = ""
        self._first: deque[float] = deque(maxlen=200)  # seconds to the first sentence

    def spoke(self, seconds: float) -> None:
        """Its first sentence came."""
        self._first.append(seconds)

    def status(self) -> dict[str, Any]:
        return {
            "calls": self.calls,
            "answered": self.answered,
            "late": self.late,
            "failed": self.failed,
            "left": self.left,
            "refused": self.refused,
            "first_sentence_ms": round(median(self._first) * 1000, 1) if self._first else None,
            "last_error": self.last_error,
        }
