"""The coverage map: what of the rundown has been said in a round, to the part and the word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from host_engine.show.rulings import Rulings
from host_engine.show.rundown import Entry, Place, Rundown
from host_engine.show.utterance import Utterance

LISTED = 50  # ids in a list of the status

OnSale = Callable[[Entry], bool]


class Heard(NamedTuple):
    """What has been said of a part: its first `end` tokens of `of`."""

    end: int
    of: int
    gap: bool = False  # a word inside was left out

    @property
    def whole(self) -> bool:
        return self.end >= self.of and not self.gap


class Round:
    """One way through the rundown, from the place on where it is taken up; what lies before that counts as said."""

    def __init__(
        self,
        number: int,
        rundown: Rundown,
        on_sale: OnSale,
        begin: tuple[int, int] = (0, 0),
        rulings: Rulings | None = None,
    ) -> None:
        """`begin`: index of the entry, and part. `rulings`: what was not to be said in its turn, by a rule."""
        self.number, self.rundown, self._rulings = number, rundown, rulings
        by_turn = (None if entry.rules.at else entry for entry in rundown.entries)
        chosen = (entry.variant(number, on_sale(entry)) if entry else None for entry in by_turn)
        self._sizes = [len(variant.parts) if variant else 0 for variant in chosen]
        self.of = sum(self._sizes)
        self.begin(begin)
        self.left_out: dict[tuple[str, int], None] = {}
        self.twice: dict[str, None] = {}
        self._heard: dict[tuple[str, int], Heard] = {}

    def begin(self, begin: tuple[int, int]) -> None:
        """What lies before this counts as said."""
        self._reach = begin  # all before it was said, or was left out
        self.said = sum(self._sizes[: begin[0]]) + min(begin[1], self._sizes[begin[0]])

    def add(self, at: int, place: Place, heard: Heard, start: int, id: str) -> None:
        """Of a part of entry number `at`, the tokens from `start` on have been said."""
        size = len(self.rundown.entries[at].variants[place.variant].parts)
        self.of += size - self._sizes[at]
        self._sizes[at] = size
        self._go_to((at, place.part))
        key = place.entry, place.part
        known = self._heard.get(key)
        if known and (known.whole or (0 < start < known.end)):
            self.twice[id] = None
        if known and known.whole:
            return
        if start:  # it goes on; from its beginning it is said for the first time, or anew because it was cut
            known = known or Heard(0, heard.of)
            heard = heard._replace(gap=known.gap or start > known.end)
        self._heard[key] = heard
        if heard.whole:
            self.said += 1
            self.left_out.pop(key, None)

    def end(self) -> None:
        """Nothing more of it comes."""
        self._go_to((len(self._sizes), 0))

    def _go_to(self, position: tuple[int, int]) -> None:
        """Note what was left out on the way to there."""
        at, part = self._reach
        while (at, part) < position:
            if part >= self._sizes[at]:
                at, part = at + 1, 0
                continue
            key = self.rundown.entries[at].id, part
            if key not in self._heard and self._ruled_out(at):
                self.of -= self._sizes[at]
                self._sizes[at] = 0
                continue
            if key not in self._heard or not self._heard[key].whole:
                self.left_out[key] = None
            part += 1
        self._reach = max(self._reach, position)

    def _ruled_out(self, at: int) -> bool:
        """Whether an entry was kept from being said by a rule: nothing of it is missing."""
        return self._rulings is not None and bool(self._rulings.why(self.rundown.entries[at].id, self.number))

    def status(self) -> dict[str, Any]:
        """For /status."""
        skipped = [f"{entry}:{part}" if part else entry for entry, part in self.left_out]
        return {
            "round": self.number,
            "said": self.said,
            "of": self.of,
            "skipped": skipped[:LISTED],
            "twice": list(self.twice)[:LISTED],
        }


class Coverage:
    """Told of each utterance; knows what of the round on air, and of the one before it, was said.

    A line that was cut and is said anew is said once; one that was interrupted in a pause goes on with the very next
    word. What lies before the place where an earlier run of the engine was cut, that run has said. What its rules kept
    from being said is not missing, and what came at a time of its own is counted in no round.
    """

    def __init__(
        self,
        rundown: Rundown,
        on_sale: OnSale = lambda entry: False,
        place: Place | None = None,
        rulings: Rulings | None = None,
    ) -> None:
        """`place`: where the show goes on, as an earlier run kept it. `rulings`: the script's."""
        self._on_sale, self._rulings = on_sale, rulings
        self._last: dict[str, Any] | None = None
        self._index = {entry.id: n for n, entry in enumerate(rundown.entries)}
        self._round = Round(place.round if place else 0, rundown, on_sale, self._begin(place), rulings)

    def said(self, utterance: Utterance) -> None:
        """A line has gone off the air; those that are not of the rundown are passed over."""
        place = utterance.line.place
        at = self._index.get(place.entry) if place else None
        if place is None or at is None:
            return
        rundown = self._round.rundown
        if rundown.entries[at].rules.at or (self._rulings and self._rulings.away(place.entry, place.round)):
            return
        if place.round > self._round.number:
            self._round.end()
            self._last = self._round.status()
            self._round = Round(place.round, rundown, self._on_sale, rulings=self._rulings)
        if place.round < self._round.number or place.variant >= len(rundown.entries[at].variants):
            return
        of = len(utterance.line.tokens)
        end = min(of, utterance.word + utterance.whole) if utterance.cut else of
        self._round.add(at, place, Heard(end, of), utterance.start, utterance.line.id)

    def swap(self, rundown: Rundown, place: Place | None) -> None:
        """The show goes on with another rundown, from a place on; what it left out before no longer counts."""
        number = self._round.number
        self._index = {entry.id: n for n, entry in enumerate(rundown.entries)}
        begin = self._begin(place)
        self._round = Round(place.round if place else number, rundown, self._on_sale, begin, self._rulings)

    def ready(self, rundown: Rundown, on_sale: OnSale) -> Callable[[Place | None], None]:
        """`swap` in two steps: this one takes the longer the longer the rundown is, and may be taken beside the loop;
        what it gives back is called with the place."""
        number = self._round.number
        index = {entry.id: n for n, entry in enumerate(rundown.entries)}
        made = Round(number, rundown, on_sale, rulings=self._rulings)

        def swap(place: Place | None) -> None:
            if place is not None and place.round != number:
                self.swap(rundown, place)
                return
            self._index, self._round = index, made
            made.begin(self._begin(place))

        return swap

    def status(self) -> dict[str, Any]:
        """The round on air: how many parts were said, of how many; what was left out, what came twice; and the round
        before it."""
        return {**self._round.status(), "last": self._last}

    def _begin(self, place: Place | None) -> tuple[int, int]:
        if place is None or place.entry not in self._index:
            return 0, 0
        return self._index[place.entry], place.part + place.said
