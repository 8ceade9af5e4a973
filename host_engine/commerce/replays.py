"""Which messages were taken already: none is taken twice."""

from __future__ import annotations

from collections import OrderedDict

MOST = 50_000  # messages in memory


class Replays:
    """Remembers the id of each message as long as its time would let it in once more.

    Where they come faster than they can be remembered, what is older than the oldest one in memory is not let in: a
    replay never is, an honest one may have to be sent again.
    """

    def __init__(self, window: float, most: int = MOST) -> None:
        """`window`: seconds that the time of a message may be off, either way."""
        self.window, self._most = window, most
        self._taken: OrderedDict[str, float] = OrderedDict()  # id -> its time, in the order they came
        self._floor = float("-inf")  # nothing of this time or before it is let in

    def __len__(self) -> int:
        return len(self._taken)

    def trouble(self, id: str, at: float, now: float) -> str:
        """What is wrong with taking a message of that time, in UNIX seconds, now; "" for nothing."""
        if abs(now - at) > self.window:
            way = "ago" if at < now else "in the future"
            return f"It was signed {abs(now - at):.0f} seconds {way}; at most {self.window:g} are let in."
        if self._taken.get(id, float("-inf")) >= now - self.window:
            return "It was taken already: the same id is taken once."
        if at <= self._floor:
            return "More came than can be told apart; sign it anew and send it again."
        return ""

    def take(self, id: str, at: float, now: float) -> list[str]:
        """Remember a message; the ids that are forgotten, as they are too old to be let in again, or too many."""
        self._taken[id] = at
        forgotten = []
        while self._taken:
            oldest, its_time = next(iter(self._taken.items()))
            if its_time >= now - self.window and len(self._taken) <= self._most:
                break
            if its_time >= now - self.window:
                self._floor = max(self._floor, its_time)
            del self._taken[oldest]
            forgotten.append(oldest)
        return forgotten

    def forget(self, id: str) -> None:
        """It was not taken after all: it may be sent again."""
        self._taken.pop(id, None)
