"""The frames at which a line has ended: there a session may end without cutting anybody short."""

from __future__ import annotations

from collections import deque

KEPT = 1000  # ends of lines: more than are said in the longest delay there is


class Borders:
    """Told of each line that has gone off the air; asked by whoever waits for such a moment in a stream."""

    def __init__(self) -> None:
        self._ends: deque[int] = deque(maxlen=KEPT)

    def ended(self, n: int) -> None:
        """A line has ended: frame `n` is the first that is no part of it."""
        self._ends.append(n)

    def between(self, n: int, last: int) -> bool:
        """Whether a line has ended behind frame `n` and not later than with frame `last`."""
        return any(n < end <= last + 1 for end in reversed(self._ends))
