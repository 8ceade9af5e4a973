"""What became of entries that were not said in their turn: kept for a while, for whoever maps what was covered."""

from __future__ import annotations

from collections import Counter, OrderedDict

from host_engine.show.choosing import Choice
from host_engine.show.rundown import segment_id

REMEMBERED = 5000


class Rulings:
    """Which entries a rule kept from being said in a round, and which were said out of their turn."""

    def __init__(self) -> None:
        self.reasons: Counter[str] = Counter()  # how often each
        self.latest: dict[str, str] = {}  # entry, or segment -> the rule that kept it from being said last
        self._passed: OrderedDict[tuple[str, int], str] = OrderedDict()
        self._away: OrderedDict[tuple[str, int], None] = OrderedDict()

    def note(self, choice: Choice) -> None:
        """An entry was chosen, and others were passed on the way to it."""
        for entry, round, why in choice.passed:
            self._passed[entry, round] = why
            self.reasons[why] += 1
            self.latest[entry] = why
        for said in (choice.turn.entry.id, choice.turn.entry.segment):
            self._passed.pop((said, choice.turn.round), None)
        if choice.back is not None:
            self._away[choice.turn.entry.id, choice.turn.round] = None
        for kept in (self._passed, self._away):
            while len(kept) > REMEMBERED:
                kept.popitem(last=False)
        while len(self.latest) > REMEMBERED:
            del self.latest[next(iter(self.latest))]

    def why(self, entry: str, round: int) -> str:
        """The rule by which an entry was not said in a round, or ""."""
        return self._passed.get((entry, round)) or self._passed.get((segment_id(entry), round), "")

    def away(self, entry: str, round: int) -> bool:
        """Whether an entry was said out of its turn."""
        return (entry, round) in self._away
