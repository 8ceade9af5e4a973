"""How late a chat is heard, told from when its messages were sent, whatever the platform's clock says."""

from __future__ import annotations

from collections import deque
from math import isfinite
from statistics import median

LAST = 5  # messages whose median counts: two of them may be wrong, or sent by a joker
MINUTES = 60  # of messages that the least delay is taken from
FAR = 86_400.0  # seconds; a difference beyond that is no delay but nonsense
FRESH = 120.0  # seconds after the last message in which the lag is still known


class Lag:
    """Seconds by which messages come later than they once came.

    The difference between the platform's clock and ours is unknown, so the least delay of the last `MINUTES` minutes in
    which there were messages counts as none. A lag that was there from the start can therefore not be seen.
    """

    def __init__(self) -> None:
        self._last: deque[float] = deque(maxlen=LAST)
        self._least: deque[tuple[int, float]] = deque(maxlen=MINUTES)  # minute -> the least delay in it
        self._seconds = 0.0
        self._at = float("-inf")

    def hear(self, sent: float, at: float) -> None:
        """A message sent at `sent` by the platform's clock was heard at `at` by ours; both in seconds."""
        delay = at - sent
        if not isfinite(delay) or abs(delay) > FAR:
            return
        self._last.append(delay)
        if len(self._last) < LAST:
            return
        usual, minute = median(self._last), int(at // 60)
        if not self._least or self._least[-1][0] != minute:
            self._least.append((minute, usual))
        elif usual < self._least[-1][1]:
            self._least[-1] = minute, usual
        self._seconds, self._at = usual - min(each for _, each in self._least), at

    def seconds(self, at: float) -> float | None:
        """The lag, or None where nothing was heard for so long, or so little, that it is not known."""
        return self._seconds if at - self._at <= FRESH else None

    def anew(self) -> None:
        """The connection is a new one: what came through the old one says nothing of it."""
        self._last.clear()
        self._at = float("-inf")
