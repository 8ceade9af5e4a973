"""Who was refused, in the audit log: one by one, and summed up where it is a flood."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable

from host_engine.access.who import Audit, Who

AT_ONCE, EVERY = 20, 6.0  # rows at once, and then one in so many seconds
PERIOD = 60.0  # seconds after which those that got no row of their own are summed up
KEPT, SHOWN = 100, 10  # different ones that are counted apart; that a row tells of
OTHERS = "others"


class Refusals:
    """Thousands of wrong tokens a second make a handful of rows a minute, and none goes uncounted."""

    def __init__(self, audit: Audit, clock: Callable[[], float] = time.monotonic) -> None:
        self._audit, self._clock = audit, clock
        self._rooms = {known: [float(AT_ONCE), clock()] for known in (True, False)}  # rows, when they were counted
        self._summed: Counter[tuple[str, str]] = Counter()  # address, sentence
        self.count = 0

    def refused(self, who: Who, action: str, sentence: str) -> None:
        """Somebody was refused. `who` has no name where that is not known."""
        self.count += 1
        if self._has_room(bool(who.name)):
            self._audit(who, action, sentence)
            return
        key = who.address, sentence
        self._summed[key if key in self._summed or len(self._summed) < KEPT else (OTHERS, OTHERS)] += 1

    def _has_room(self, known: bool) -> bool:
        """Whether there may be one more row. Those with a name have their own: no flood of strangers hides them."""
        room, now = self._rooms[known], self._clock()
        room[0], room[1] = min(float(AT_ONCE), room[0] + (now - room[1]) / EVERY), now
        room[0] -= (granted := room[0] >= 1)
        return granted

    def sum_up(self) -> None:
        """Write one row for those that got none."""
        if not self._summed:
            return
        counts, self._summed = self._summed, Counter()
        most = [f"{number} from {address}: {said}" for (address, said), number in counts.most_common(SHOWN)]
        addresses = {address for address, _ in counts}
        where = next(iter(addresses)) if len(addresses) == 1 else f"{len(addresses)} addresses"
        sentence = f"refused {counts.total()} more times"
        self._audit(Who("", "viewer", where), "requests", sentence, times=counts.total(), of=most)

    async def run(self) -> None:
        """Sum up once a minute, until cancelled, and at the end."""
        try:
            while True:
                await asyncio.sleep(PERIOD)
                self.sum_up()
        finally:
            self.sum_up()
