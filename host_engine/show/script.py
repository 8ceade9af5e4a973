"""The show now in force, and how far the host has come in it."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from host_engine.show.choosing import Cursor, at_turn, behind, following, sold_out
from host_engine.show.fillers import filler
from host_engine.show.history import History
from host_engine.show.loading import examine_show, load_show
from host_engine.show.rulings import Rulings
from host_engine.show.rundown import Entry, Line, Place, Turn, Variant, segment_id
from host_engine.show.show import Show, make_card

__all__ = ["Script", "Show", "examine_show", "load_show", "make_card"]

REMEMBERED = 64  # lines handed out, to go on from any of them


class _Spot(NamedTuple):
    """Where the host is: a part of a variant of an entry, in a round."""

    turn: Turn
    variant: Variant
    part: int
    back: Turn | None = None  # where the show goes on after its segment, where that came out of its turn
    begins: bool = False  # its segment begins here


class _Ahead(NamedTuple):
    """A line that was handed out and has not been on air yet."""

    line: str  # id
    segment: str
    begins: bool
    at: float  # handed out, in UNIX seconds


def _utc() -> datetime:
    return datetime.now(UTC)


class Script:
    """Hands out line after line of the show, without an end; fields are filled when a line is handed out.

    What comes next is `choosing.following`. Who puts lines on air tells of it by `on_air`: then what has been is what
    was really said; else a line counts as said when it was handed out.
    """

    def __init__(self, show: Show, now: Callable[[], datetime] = _utc) -> None:
        self.show = show
        self.history = History()  # begins with the first line
        self.rulings = Rulings()
        self.stuck = ""  # why something else is said than what the rules of the rundown allow
        self._now = now
        self._cursor = Cursor(show.rundown.after(None))  # once the parts of the last entry are said
        self._last: _Spot | None = None
        self._handed_out: OrderedDict[str, _Spot] = OrderedDict()
        self._ahead: deque[_Ahead] = deque()
        self._aired: str | None = None  # the line that was on air last
        self._ordered = ""  # segment that is to come by order
        self._went_back: tuple[Place, str] | None = None
        self._fillers = 0
        self._begun = False

    @property
    def round(self) -> int:
        """The one that the next entry belongs to."""
        return self._cursor.turn.round

    def next(self) -> Line:
        """The next line, as it is true at this moment."""
        now = self._now()
        if not self.history.since:
            self.history = replace(self.history, since=now.timestamp(), latest=now.timestamp())
        spot = self._rest(now) or self._begin(now)
        if spot is None:
            self._fillers += 1
            return filler(self.show.catalog, self._fillers)
        self._last, self._begun = spot, True
        line = self.show.line(spot.turn.entry, spot.variant, spot.part, spot.turn.round, now)
        self._handed_out[line.id] = spot
        self._handed_out.move_to_end(line.id)
        if len(self._handed_out) > REMEMBERED:
            self._handed_out.popitem(last=False)
        self._ahead.append(_Ahead(line.id, line.segment, spot.begins and spot.part == 0, now.timestamp()))
        if len(self._ahead) > REMEMBERED:
            self._settle(self._ahead[0].line)
        return line

    def on_air(self, line: Line) -> None:
        """A line that was handed out has come on air."""
        if any(each.line == line.id for each in self._ahead):
            self._settle(line.id, self._now().timestamp())
        if spot := self._handed_out.get(line.id):
            self._aired = line.id
            back = spot.back and (spot.back.entry.id, spot.back.round)
            if back != self.history.back:
                self.history = replace(self.history, back=back)

    def swap(self, show: Show, on_air: Line | None) -> None:
        """Goes on with another show after the line on air, or after the last one that was."""
        spot = self._spot_of(on_air)
        old, self.show = self.show.rundown, show
        self._handed_out.clear()
        self._last = None
        self._aired = None
        if spot is None:
            begun = self._cursor if self._begun else None
            turn = self._there(begun.turn, old.outline) if begun else show.rundown.after(None)
            self._cursor = at_turn(show.rundown, turn)
            return
        entry, round = spot.turn
        back = spot.back and self._there(spot.back, old.outline)
        same = show.rundown.entry(entry.id)
        if same is None:
            self._cursor = self._toward(show.rundown.resume(old.outline, entry.id, round), entry.segment, back)
            return
        self._cursor = behind(show.rundown, entry.id, round, back, self._now())
        if spot.variant in same.variants:
            self._last = _Spot(Turn(same, round), spot.variant, spot.part, back)
            self._aired = _line_id(self._last)
            self._handed_out[self._aired] = self._last

    def resume(self, place: Place, outline: Sequence[str] = ()) -> None:
        """Goes on at a place that an earlier run has kept: with its line, or after it where that was said.

        The rundown, whose outline was `outline` then, may have been edited since: a line that is gone is followed by
        what follows it there, one that was written anew is begun anew. `history` is to be that of the earlier run.
        """
        back = self.history.back
        entry = self.show.rundown.entry(back[0]) if back else None
        self._ahead.clear()
        self._resume(place, outline, Turn(entry, back[1]) if back and entry else None)

    def back(self, line: Line) -> None:
        """Goes on with a line that was handed out, but is not true any more: it is made anew, as it is true now.

        What is not true even then is passed over.
        """
        if line.place is None:
            return
        spot = self._handed_out.get(line.id)
        self._drop_from(line.id)
        tried = line.place, line.text
        begins = bool(spot and spot.begins and line.place.part == 0)
        self._resume(line.place._replace(said=tried == self._went_back), (), spot and spot.back, begins)
        self._went_back = tried

    def anew(self, line: Line) -> None:
        """Goes on with a line that was handed out: it is made anew, however often, as what it says is being changed."""
        self._went_back = None
        self.back(line)

    def skip(self, on_air: Line | None = None) -> None:
        """Goes on with the segment after that of the line on air, or of the last one that was."""
        spot = self._spot_of(on_air)
        rundown, self._last = self.show.rundown, None
        if spot is not None and spot.back is not None:
            self._cursor = at_turn(rundown, spot.back)
            return
        turn, running = (spot.turn, True) if spot else (self._cursor.turn, self._cursor.running is not None)
        if running:
            end = rundown.block(rundown.index(turn.entry.id))[1]
            over = end >= len(rundown.entries)
            self._cursor = Cursor(Turn(rundown.entries[0 if over else end], turn.round + over))

    def go_to(self, entry: str, on_air: Line | None = None) -> None:
        """Goes on with an entry, by its id, whatever its rules say; if it comes at a time of its own, the show is back
        afterwards where it is now. Raises KeyError."""
        found = self.show.rundown.entry(entry)
        if found is None:
            raise KeyError(entry)
        spot = self._spot_of(on_air)
        turn = self._cursor.turn
        if spot is not None:
            turn = behind(self.show.rundown, spot.turn.entry.id, spot.turn.round, spot.back, self._now()).turn
        back = (spot.back if spot and spot.back else turn) if found.rules.at else None
        self._last, self._ordered = None, found.segment
        self._cursor = Cursor(Turn(found, turn.round), found.segment, back)

    def _resume(self, place: Place, outline: Sequence[str], back: Turn | None, begins: bool = False) -> None:
        rundown = self.show.rundown
        entry = rundown.entry(place.entry)
        if entry is None:
            turn = rundown.resume(outline, place.entry, place.round)
            self._last, self._cursor = None, self._toward(turn, segment_id(place.entry), back)
            return
        turn = Turn(entry, place.round)
        same = place.variant < len(entry.variants) and entry.variants[place.variant].checksum == place.words
        spot = self._spot(turn, place, back, begins) if same else None
        past = spot or place.said or (same and place.part)  # what is left of a sale that is over is not said
        if past:
            self._cursor = behind(rundown, entry.id, place.round, back, self._now())
        else:
            self._cursor = Cursor(turn, None if begins and back is None else entry.segment, back)
        self._last = spot._replace(part=spot.part - 1) if spot and not place.said else spot

    def _toward(self, turn: Turn, segment: str, back: Turn | None) -> Cursor:
        """Before an entry that follows one of a segment in another rundown."""
        cursor = at_turn(self.show.rundown, turn)
        if back is None:
            return cursor
        inside = turn.entry.segment == segment
        return Cursor(turn, segment, back) if inside else at_turn(self.show.rundown, back)

    def _there(self, turn: Turn, outline: Sequence[str]) -> Turn:
        """The same turn in the show now in force, or what follows it there."""
        entry = self.show.rundown.entry(turn.entry.id)
        return Turn(entry, turn.round) if entry else self.show.rundown.resume(outline, turn.entry.id, turn.round)

    def _spot(self, turn: Turn, place: Place, back: Turn | None, begins: bool) -> _Spot | None:
        """The place in this show, if what is said there is still true."""
        variant = turn.entry.variants[place.variant]
        true = self._stands(turn.entry, variant, self._now())
        return _Spot(turn, variant, place.part, back, begins) if true and place.part < len(variant.parts) else None

    def _rest(self, now: datetime) -> _Spot | None:
        """The next part of the entry being said."""
        if self._last is None or self._last.part + 1 >= len(self._last.variant.parts):
            return None
        spot = self._last
        return spot._replace(part=spot.part + 1) if self._stands(spot.turn.entry, spot.variant, now) else None

    def _begin(self, now: datetime) -> _Spot | None:
        """The next entry that has something true to say."""
        history = self.history
        for each in self._ahead:
            history = history.begun(each.segment, each.at) if each.begins else history
        choice = following(self.show.rundown, self._cursor, history, now, self.show.catalog)
        if choice is None:
            self.stuck = "a rule keeps every segment away"
            return None
        self.stuck, self._cursor = choice.forced, choice.cursor
        self.rulings.note(choice)
        entry = choice.turn.entry
        begins = (choice.begins or entry.segment == self._ordered) and entry.rules.counted
        self._ordered = ""
        return _Spot(choice.turn, choice.variant, 0, choice.back, begins)

    def _stands(self, entry: Entry, variant: Variant, now: datetime) -> bool:
        """Whether a variant of an entry may be said now."""
        catalog = self.show.catalog
        product = catalog.product(entry.product) if entry.product and catalog.has(entry.product) else None
        gone = sold_out(product)
        written = gone and any(each.sold_out for each in entry.variants)
        if (gone and not entry.when_sold_out) or variant.sold_out != written:
            return False
        on_sale = not variant.sale or (product is not None and product.on_sale(now))
        return on_sale and not entry.rules.holds(product, now.astimezone(self.show.rundown.zone))

    def _spot_of(self, on_air: Line | None) -> _Spot | None:
        """Where the line on air stands, or the last one that was; what was handed out behind it is let go of."""
        known = on_air.id if on_air and on_air.id in self._handed_out else self._aired
        if known is None or known not in self._handed_out:
            for each in list(self._ahead):
                self._settle(each.line)
            return self._last
        if any(each.line == known for each in self._ahead):
            self._settle(known)
        self._ahead.clear()
        return self._handed_out[known]

    def _settle(self, line: str, at: float | None = None) -> None:
        """A line is on air, and with it its segment has begun; those before it were passed over."""
        begun, when = False, 0.0
        while self._ahead:
            each = self._ahead.popleft()
            begun, when = (begun or each.begins), each.at
            if each.line == line:
                if begun:
                    self.history = self.history.at(when).begun(each.segment, at or when)
                return
            begun = begun and bool(self._ahead) and self._ahead[0].segment == each.segment

    def _drop_from(self, line: str) -> None:
        """A line and those behind it are not said."""
        ids = [each.line for each in self._ahead]
        if line in ids:
            while len(self._ahead) > ids.index(line):
                self._ahead.pop()


def _line_id(spot: _Spot) -> str:
    return f"{spot.turn.entry.id}:{spot.part}" if spot.part else spot.turn.entry.id
