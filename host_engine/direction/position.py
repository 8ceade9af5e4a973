"""The position in the show: what was handed to the air last, and where it goes on by an operator's order."""

from __future__ import annotations

from dataclasses import replace

from host_engine.direction.directed import Directed
from host_engine.direction.refusals import NotDone
from host_engine.direction.running_order import Standing, found_entry
from host_engine.direction.segment_order import Made, SegmentOrder
from host_engine.playout.cue import Cue
from host_engine.show.rundown import Line


class Position:
    """Moves the script, and lets go of what the rundown lane has made ready by then; never touches what is on air."""

    def __init__(self, directed: Directed, order: SegmentOrder) -> None:
        self._on, self.order = directed, order
        self._feed, directed.rundown.feed = directed.rundown.feed, self._next_line
        if kept := order.kept():  # by an earlier run
            directed.script.swap(replace(directed.script.show, rundown=kept), None)

    @property
    def line(self) -> Line | None:
        """The line of the rundown that was handed to the air last, and is on it, or goes on or is said anew there."""
        pulled = self._on.playout.pulled
        if pulled is not None and pulled.place is not None:
            return pulled
        return next((cue.line for cue in self._on.rundown.cues if self._stays(cue)), None)

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

    def next_segment(self) -> None:
        """Go on with the next segment."""
        line = self.line
        self._on.rundown.clear()
        self._on.script.skip(line)

    def go_to(self, id: str) -> str:
        """Go on with a line, or with the first of a segment; the line's id. Raises NotDone (404)."""
        entry, line = found_entry(self._on.script.show.rundown, id), self.line
        if entry is None:
            raise NotDone(f"There is no line and no segment '{id[:80]}' in this rundown.", 404)
        self._on.rundown.clear()
        self._on.script.go_to(entry.id, line)
        return entry.id

    def arrange(self, made: Made) -> None:
        """Put the segments in this order. Raises NotDone."""
        rundown = self.order.adopt(made)
        lane, line = self._on.rundown, self.line
        for cue in [cue for cue in lane.cues if not self._stays(cue)]:
            lane.cues.remove(cue)
            cue.drop()
        self._on.script.swap(replace(self._on.script.show, rundown=rundown), line)

    def _next_line(self) -> Line | None:
        """The next line of the rundown, in the order that was made by hand."""
        if rundown := self.order.kept():
            self._on.script.show = replace(self._on.script.show, rundown=rundown)
        return self._feed()

    def _stays(self, cue: Cue) -> bool:
        """Whether a cue was interrupted in a pause, or cut and is said anew."""
        place, of = self._on.report.place, cue.line.place
        return cue.begun or (place is not None and of is not None and not place.said and of == place)
