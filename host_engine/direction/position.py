"""The position in the show: what was handed to the air last, and where it goes on by an operator's order."""

from __future__ import annotations

from host_engine.direction.directed import Directed
from host_engine.direction.refusals import NotDone
from host_engine.direction.running_order import Standing, after_segment, found_entry
from host_engine.direction.segment_order import SegmentOrder
from host_engine.show.rundown import Line, Place

ANY = -1  # no variant has that checksum: the one of the round is said


class Position:
    """Moves the script, and lets go of what the rundown lane has made ready by then; never touches what is on air."""

    def __init__(self, directed: Directed, order: SegmentOrder) -> None:
        self._on, self.order = directed, order
        self._feed, directed.rundown.feed = directed.rundown.feed, self._next_line
        if order.by_hand:  # since an earlier run
            self._go_on_after(directed.report.place)

    @property
    def place(self) -> Place | None:
        """The place that was handed to the air last: what follows it is next."""
        on = self._on
        line = on.playout.pulled
        if line is None or line.place is None:
            line = next((cue.line for cue in on.rundown.cues if cue.begun), line)  # interrupted in a pause
        if line is not None and line.place is not None:
            return line.place._replace(said=True)
        return on.report.place

    @property
    def standing(self) -> Standing:
        """Which line is on air, which of the rundown follows, in which round."""
        line, place = self._on.playout.now.line, self._on.report.place
        cue = next(iter(self._on.rundown.cues), None)
        following = cue.line.place.entry if cue and cue.line.place else None
        here = line.place.entry if line and line.place else None
        return Standing(here, following, place.round if place else 0)

    @property
    def product(self) -> str | None:
        """The product that the show is at."""
        line, place = self._on.playout.now.line, self._on.report.place
        show = self._on.script.show
        product = line.product if line else None
        if product is None and place and (entry := show.rundown.entry(place.entry)):
            product = entry.product
        return product if product and show.catalog.has(product) else None

    def next_segment(self) -> str:
        """Go on with the next segment; its id."""
        place = self.place
        entry, later = after_segment(self._on.script.show.rundown, place.entry if place else "")
        self._come(entry.id, (place.round if place else 0) + later)
        return entry.segment

    def go_to(self, id: str) -> str:
        """Go on with a line, or with the first of a segment; the line's id. Raises NotDone (404)."""
        rundown, place = self._on.script.show.rundown, self.place
        entry = found_entry(rundown, id)
        if entry is None:
            raise NotDone(f"There is no line and no segment '{id[:80]}' in this rundown.", 404)
        index = {each.id: n for n, each in enumerate(rundown.entries)}
        back = place is not None and index.get(place.entry, -1) >= index[entry.id]
        self._come(entry.id, (place.round if place else 0) + back)
        return entry.id

    def arrange(self, segments: list[str]) -> None:
        """Put the segments in this order, or, without any, in that of their file. Raises NotDone."""
        place = self.place
        if segments:
            self.order.arrange(segments)
        else:
            self.order.forget()
        self._go_on_after(place)

    def _next_line(self) -> Line | None:
        """The next line of the rundown, in the order that was made by hand."""
        self.order.keep()
        return self._feed()

    def _go_on_after(self, place: Place | None) -> None:
        """Have what was made ready of the rundown made anew, from what follows a place; what has begun goes on."""
        for cue in [cue for cue in self._on.rundown.cues if not cue.begun]:
            self._on.rundown.cues.remove(cue)
            cue.drop()
        self._on.script.resume(place or Place(self._on.script.show.rundown.entries[0].id, 0, 0, 0, ANY))

    def _come(self, entry: str, round: int) -> None:
        """Go on with an entry; a line of the rundown that was interrupted does not go on."""
        self._on.rundown.clear()
        self._on.script.resume(Place(entry, round, 0, 0, ANY))
