"""How long a server that refuses is left in peace before it is asked again."""

from __future__ import annotations

OFTEN, FOR = 3.0, 120.0  # so often at first, for so long: a server that was set right is back within five seconds
SELDOM = 30.0, 300.0  # then after so many seconds, twice as many each time, up to so many: no platform is pestered


class Pauses:
    """The seconds from one try to the next."""

    def __init__(self) -> None:
        self._waited, self._next = 0.0, SELDOM[0]

    def next(self) -> float:
        """The pause that comes now."""
        if self._waited < FOR:
            pause = OFTEN
        else:
            pause, self._next = self._next, min(SELDOM[1], 2 * self._next)
        self._waited += pause
        return pause
