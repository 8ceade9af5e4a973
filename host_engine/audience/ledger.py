"""What the desk counts and keeps: how many asked, were answered and refused, and how long they waited."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from typing import Any, Protocol

WAITS = 500  # of the last answers
FACTS = 5.0  # rows a second in the as-run log; what is more is summed up


class Fact(Protocol):
    """Keeps a fact of a kind, with a sentence and details. Never waits."""

    def __call__(self, kind: str, text: str, **details: Any) -> None: ...


class Ledger:
    """Counts by reason; nothing that was asked is lost silently. Facts beyond a few a second are kept as one sum."""

    def __init__(self, fact: Fact, clock: Callable[[], float]) -> None:
        self.counts: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()  # by reason
        self._waits: deque[float] = deque(maxlen=WAITS)
        self._fact, self._clock = fact, clock
        self._allowance, self._since = FACTS, 0.0
        self._unwritten: Counter[str] = Counter()

    def waited(self, seconds: float) -> None:
        """An answer has come on air, so long after its question."""
        self._waits.append(seconds)

    def fact(self, kind: str, text: str, **details: Any) -> None:
        """Keep a fact, or add it to the sum."""
        self._refill()
        if self._allowance < 1:
            self._unwritten[kind] += 1
            return
        self._allowance -= 1
        self._fact(kind, text, **details)

    def sum_up(self) -> None:
        """Keep one fact for all that were too many. Called about once a second."""
        self._refill()
        if self._unwritten and self._allowance >= 1:
            said = ", ".join(f"{count} more of '{kind}'" for kind, count in sorted(self._unwritten.items()))
            sums = dict(self._unwritten)
            self._unwritten.clear()
            self._allowance -= 1
            self._fact("audience", f"Too many to keep each: {said}.", **sums)

    def status(self) -> dict[str, Any]:
        """For /status."""
        waits = sorted(self._waits)
        spread = (
            {f"p{q}": round(waits[min(len(waits) - 1, len(waits) * q // 100)], 2) for q in (50, 95)} if waits else None
        )
        return {**self.counts, "refused": dict(self.refused), "time_to_answer_s": spread}

    def _refill(self) -> None:
        now = self._clock()
        self._allowance = min(FACTS, self._allowance + FACTS * (now - self._since))
        self._since = now
