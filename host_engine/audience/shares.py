"""Who fills the inbox: how many questions wait from each chat and each address."""

from __future__ import annotations

from collections import Counter

Origin = tuple[str, str]  # source, address


class Shares:
    """Nobody keeps others out: when all places are taken, room is made where the most come from."""

    def __init__(self) -> None:
        self._of: Counter[Origin] = Counter()

    def add(self, origin: Origin) -> None:
        """One more waits."""
        self._of[origin] += 1

    def leave(self, origin: Origin) -> None:
        """One does not wait any more."""
        self._of[origin] -= 1
        if self._of[origin] <= 0:
            del self._of[origin]

    def crowd(self, origin: Origin) -> Origin | None:
        """Where more wait from than from `origin`, even if one of its own came in their place; None if nowhere."""
        if not self._of:
            return None
        fullest, most = max(self._of.items(), key=lambda each: each[1])
        return fullest if most > self._of[origin] + 1 else None
