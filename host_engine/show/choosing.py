"""What comes next: one pure function of the rundown, the place in it, what has been, the instant, and the stock."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol

from host_engine.show.catalog import Product
from host_engine.show.history import History
from host_engine.show.mandatory import Mandatory, due
from host_engine.show.rules import HURRY, Rules
from host_engine.show.rundown import Entry, Rundown, Turn, Variant

SOLD_OUT = "its product is sold out"
NO_SALE = "it speaks of a sale, and there is none"


class Shelf(Protocol):
    """The stock: a catalog. `product` raises KeyError."""

    def product(self, id: str) -> Product: ...


class Cursor(NamedTuple):
    """Where the show is between two entries."""

    turn: Turn  # next, if it may be
    running: str | None = None  # segment that has begun, and whose entries need no leave any more
    back: Turn | None = None  # where the show goes on after a segment that came out of its turn


class Passed(NamedTuple):
    """An entry whose turn it was, or all of a segment, and why it is not said."""

    entry: str  # id, or that of the segment
    round: int
    why: str


class Choice(NamedTuple):
    """The next entry, how it is said, and where the show is then."""

    turn: Turn
    variant: Variant
    cursor: Cursor
    begins: bool = False  # its segment begins with it
    back: Turn | None = None  # where the show goes on after its segment, which came out of its turn
    passed: tuple[Passed, ...] = ()
    forced: str = ""  # the rule that was set aside, as there was nothing else to say


def choose(
    rundown: Rundown, cursor: Cursor, history: History, now: datetime, shelf: Shelf, product: str | None = None
) -> Mandatory | Choice | None:
    """What is said next: a mandatory line that is due, else an entry; None where nothing at all may be said now.

    Pure, and in a time that grows with the number of segments at most. `now` must have a time zone; `product` is the
    id of the one that is presented.
    """
    presented = _product(shelf, product)
    line = due(rundown.mandatory, history, now.timestamp(), presented)
    return line or following(rundown, cursor, history, now, shelf)


def following(rundown: Rundown, cursor: Cursor, history: History, now: datetime, shelf: Shelf) -> Choice | None:
    """As `choose`, of the entries only: a segment whose time has come, else the next one that its rules allow.

    Where all of them are away, one that should rest comes; no other rule is ever set aside.
    """
    now = now.astimezone(rundown.zone)
    history = history.at(now.timestamp())
    look = _Look(rundown, history, now, shelf)
    cursor = _there(rundown, cursor)
    if (jump := look.jump(cursor)) and (found := look.onward(jump, single=True)):
        return found
    found = look.onward(cursor)
    if found is None and rundown.rests and (rested := look.onward(cursor, rest=False)):
        return rested._replace(forced="everything rests")
    return found


class _Look:
    """One look at the show."""

    def __init__(self, rundown: Rundown, history: History, now: datetime, shelf: Shelf) -> None:
        self.rundown, self.history, self.now, self.shelf = rundown, history, now, shelf
        self._known: dict[int, str] = {}  # what rules say that depend on the clock alone: many segments share them

    def jump(self, cursor: Cursor) -> Cursor | None:
        """To a segment whose time has come: at once, or at the end of a segment where its hours are about to end."""
        entries = self.rundown.entries
        found: list[tuple[float, int]] = []
        between = cursor.running is None and cursor.back is None
        for n in (*self.rundown.timed, *(self.rundown.hastening if between else ())):
            entry, rules = entries[n], entries[n].rules
            if entry.segment == cursor.running:
                continue
            opened = self._timed(rules) if rules.at else self._hurries(rules, entry)
            if opened is not None and not any(at >= opened for at in self.history.began.get(entry.segment, ())):
                product = _product(self.shelf, entry.product)
                if rules.at or not rules.refuses(entry.segment, product, self.history, self.now):
                    found.append((-opened if rules.at else 0.0, n))
        if not found:
            return None
        n = min(found)[1]
        begins = Turn(entries[n], cursor.turn.round)
        return Cursor(begins, None, cursor.back or cursor.turn)

    def _timed(self, rules: Rules) -> float | None:
        spell = rules.due(self.now)
        return spell.opens.timestamp() if spell else None

    def _hurries(self, rules: Rules, entry: Entry) -> float | None:
        """Since when it might have come, where its time is about to end."""
        spell = rules.spell(_product(self.shelf, entry.product), self.now)
        if spell is None or spell.closes - self.now > HURRY:
            return None
        return spell.opens.timestamp()

    def onward(self, cursor: Cursor, single: bool = False, rest: bool = True) -> Choice | None:
        """The next entry from the cursor on that has something to say: once round at most, or in `single` segment."""
        entries = self.rundown.entries
        passed: list[Passed] = []
        n, round = self.rundown.index(cursor.turn.entry.id), cursor.turn.round
        running: str | None = cursor.running
        for _ in range(len(self.rundown.begins) + 2):
            end = self.rundown.block(n)[1]
            segment = entries[n].segment
            begins = running != segment
            why = self._leave(entries[n], begins, rest, single) or self._gone(n, end)
            if why and not entries[n].rules.at:
                passed.append(Passed(segment, round, why))
            for at in range(n, n if why else end):
                entry, found = entries[at], self._variant(entries[at], round)
                if isinstance(found, Variant):
                    after = behind(self.rundown, entry.id, round, cursor.back, self.now)
                    return Choice(Turn(entry, round), found, after, begins, cursor.back, tuple(passed))
                passed.append(Passed(entry.id, round, found))
            if single:
                return None
            if cursor.back is not None and cursor.running == segment:  # nothing is left of what came out of turn
                cursor = at_turn(self.rundown, cursor.back)
                n, round, running = self.rundown.index(cursor.turn.entry.id), cursor.turn.round, cursor.running
                continue
            running = None
            n, round = (0, round + 1) if end >= len(entries) else (end, round)
        return None

    def _leave(self, entry: Entry, begins: bool, rest: bool, single: bool) -> str:
        """Why the segment of an entry may not begin, or go on; or ""."""
        product = _product(self.shelf, entry.product)
        if not begins:
            over = entry.rules.until is not None and entry.rules.due(self.now) is None
            return "its time is over" if over else entry.rules.holds(product, self.now)
        if entry.rules.at and not single:
            return "it comes at its time only"
        if entry.rules.at:
            limited = entry.rules.model_copy(update={"when": None})
            return limited.refuses(entry.segment, product, self.history, self.now, rest)
        if entry.rules.by_clock:
            if (known := self._known.get(id(entry.rules))) is None:
                known = self._known[id(entry.rules)] = entry.rules.refuses("", None, self.history, self.now)
            return known
        return entry.rules.refuses(entry.segment, product, self.history, self.now, rest)

    def _gone(self, n: int, end: int) -> str:
        """Why nothing from one position to another is said, where their product is sold out; or ""."""
        entries = self.rundown.entries
        if not sold_out(_product(self.shelf, entries[n].product)):
            return ""
        return "" if any(entries[at].when_sold_out for at in range(n, end)) else SOLD_OUT

    def _variant(self, entry: Entry, round: int) -> Variant | str:
        """How an entry is said, or why it is not."""
        product = _product(self.shelf, entry.product)
        gone = sold_out(product)
        found = entry.variant(round, product is not None and product.on_sale(self.now), gone)
        return found or (SOLD_OUT if gone and not entry.when_sold_out else NO_SALE)


def behind(rundown: Rundown, entry: str, round: int, back: Turn | None, now: datetime) -> Cursor:
    """Where the show is behind an entry, by its id. `back`: where it goes on after a segment that came out of turn."""
    at = rundown.index(entry)
    first, end = rundown.block(at)
    here, entries = rundown.entries[at], rundown.entries
    if at + 1 < end:
        return Cursor(Turn(entries[at + 1], round), here.segment, back)
    if back is not None:
        if here.rules.until is not None and here.rules.due(now.astimezone(rundown.zone)):
            return Cursor(Turn(entries[first], round + 1), here.segment, back)  # again, from its first entry on
        return at_turn(rundown, back)
    return Cursor(Turn(entries[end % len(entries)], round + (end >= len(entries))))


def _there(rundown: Rundown, cursor: Cursor) -> Cursor:
    """The cursor, if its entries are in this rundown; else where the show goes on without them."""
    if rundown.entry(cursor.turn.entry.id) is None:
        return at_turn(rundown, rundown.after(cursor.turn.entry.id, cursor.turn.round))
    if cursor.back is not None and rundown.entry(cursor.back.entry.id) is None:
        return cursor._replace(back=rundown.after(cursor.back.entry.id, cursor.back.round))
    return cursor


def at_turn(rundown: Rundown, turn: Turn) -> Cursor:
    """Before an entry, whose segment is being said already if it is not its first."""
    at = rundown.index(turn.entry.id)
    return Cursor(turn, None if rundown.block(at)[0] == at else turn.entry.segment)


def sold_out(product: Product | None) -> bool:
    """Whether a product cannot be bought now, and nobody says when."""
    return product is not None and product.availability == "out_of_stock"


def _product(shelf: Shelf, id: str | None) -> Product | None:
    if id is None:
        return None
    try:
        return shelf.product(id)
    except KeyError:  # recalled a moment ago
        return None
