"""What is on air, as it follows the catalog: borders at which a swap comes in force, and what is withdrawn at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from host_engine.channel.gate.embargo import Shown, speaks_of, touches
from host_engine.playout.cue import Cue
from host_engine.show.catalog import Catalog
from host_engine.show.change import NOTHING
from host_engine.show.rundown import Line
from host_engine.show.script import make_card
from host_engine.swap.airing import Touched
from host_engine.swap.catalogs import Border

if TYPE_CHECKING:
    from host_engine.audience.desk import Desk
    from host_engine.channel.studio.studio import Studio


log = logging.getLogger(__name__)

PATIENCE = 5.0  # seconds that the rundown waits for a change to be in force


class AtBorder:
    """A commit that waits for its border. Implements `Waiting`."""

    def __init__(self, border: Border, commit: Callable[[], None]) -> None:
        self.border, self._commit = border, commit
        self._done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    @property
    def over(self) -> bool:
        """It waits no more."""
        return self._done.done()

    def reach(self) -> None:
        """This is the border."""
        if self._done.done():
            return
        try:
            self._commit()
            self._done.set_result(True)
        except Exception as error:
            self._done.set_exception(error)

    async def done(self) -> bool:
        """See `Waiting`."""
        return await self._done

    def cancel(self) -> bool:
        """See `Waiting`."""
        waited = not self._done.done()
        if waited:
            self._done.set_result(False)
        return waited


class CatalogAir:
    """Implements `Air` for a studio. While something is withdrawn the rundown hands out no further line, so that none
    is skipped: it goes on with the first that was withdrawn, made anew. Operators' lanes are left alone.
    """

    def __init__(self, studio: Studio, desk: Desk | None, n: Callable[[], int], now: Callable[[], datetime]) -> None:
        self._studio, self._desk, self._n, self._now = studio, desk, n, now
        self._waiting: AtBorder | None = None
        self._withdrawn: set[str] = set()
        self._since = 0  # frame at which something was withdrawn
        self.last: Line | None = None  # the line of the rundown that was on air last
        self.again: Line | None = None  # the first that was withdrawn: the show goes on with it, made anew
        studio.playout.between = self._between
        self._feed, studio.rundown.feed = studio.rundown.feed, self._next
        studio.picture.doubt(studio.gatekeeper.embargo.stale)

    @property
    def n(self) -> int:
        """See `Air`."""
        return self._n()

    @property
    def line(self) -> Line | None:
        """See `Air`."""
        return self._studio.playout.now.line

    def changed(self) -> None:
        """Something else is on air now."""
        if (line := self.line) is not None and line.place is not None:
            self.last = line

    def at(self, border: Border, commit: Callable[[], None]) -> AtBorder:
        """See `Air`."""
        self._waiting = waiting = AtBorder(border, commit)
        playout = self._studio.playout
        if border == "now":
            waiting.reach()
            playout.cut_if(lambda line: line.place is not None)
        elif playout.pulled is None:
            self._between()
        return waiting

    def withdraw(self, touched: Touched) -> None:
        """See `Air`."""
        self._withdrawn |= set(touched)
        self._since = self.n
        self._studio.gatekeeper.embargo.bar(touched)
        if self._desk is not None:
            self._desk.pause(True)
            self._desk.withdraw(self._withdrawn)
        cut = self._studio.playout.cut_if(lambda line: self._stale(line, touched))
        if self.again is None and cut is not None and cut.place is not None:
            self.again = cut
        self._let_go(frozenset(touched))

    def release(self, products: Iterable[str], catalog: Catalog) -> None:
        """See `Air`."""
        embargo, known = self._studio.gatekeeper.embargo, [id for id in products if catalog.has(id)]
        embargo.in_force({id: shown(catalog, id, self._now()) for id in known})
        embargo.lift(products)
        self._withdrawn -= set(products)
        if not self._withdrawn:
            self._studio.rundown.fill()
            if self._desk is not None:
                self._desk.pause(False)

    def recall(self, product: str, title: str) -> None:
        """See `Air`."""
        self._studio.gatekeeper.embargo.recall(product, title)

    def restore(self, product: str) -> None:
        """See `Air`."""
        self._studio.gatekeeper.embargo.restore(product)

    @property
    def prepared(self) -> list[Line]:
        """The lines that are being made ready, and the one on air: the gate of a changed catalog knows them by then."""
        cues = [cue.line for lane in self._studio.playout.lanes for cue in lane.cues]
        return [*cues, *([self.line] if self.line else [])]

    def _next(self) -> Line | None:
        """The next line of the rundown; none while something is withdrawn, and where nothing is left to say."""
        if self._withdrawn and self.n - self._since > PATIENCE * self._studio.rundown.fps:
            self._go_on_without()
        if self._withdrawn or self._studio.script.show.rundown.entries == (NOTHING,):
            return None
        return self._feed()

    def _go_on_without(self) -> None:
        """A change does not come in force: the show goes on, and the gate passes over what is barred."""
        log.error("a change of %s does not come in force; they are passed over", ", ".join(sorted(self._withdrawn)[:5]))
        self._withdrawn.clear()
        self.again = None
        if self._desk is not None:
            self._desk.pause(False)

    def _between(self) -> None:
        """No line is on air, and the next one has not been chosen."""
        line = self._studio.playout.pulled
        if line is not None and line.place is not None:
            self.last = line
        if self._waiting is not None and self._is_border(self._waiting.border):
            waiting, self._waiting = self._waiting, None
            waiting.reach()

    def _is_border(self, border: Border) -> bool:
        cue = next(iter(self._studio.rundown.cues), None)
        if cue is not None and cue.begun:  # it was interrupted, and is to be said to its end
            return False
        if border != "segment" or self.last is None or cue is None:
            return True
        here, following = self.last.place, cue.line.place
        another_round = here is not None and following is not None and here.round != following.round
        return cue.line.segment != self.last.segment or another_round

    def _stale(self, line: Line, touched: Touched) -> bool:
        """Whether what is on air says or shows what is being changed; what operators say is theirs."""
        if line.place is None and not line.evidence and line.card is None:
            return False
        known = self._studio.gatekeeper.known(line) or ()
        entry, place = self._studio.script.show.rundown.entry(line.id), line.place
        there = entry is not None and place is not None and place.variant < len(entry.variants)
        said = entry.variants[place.variant] if there and entry and place else None
        return any(speaks_of(line, id, fields, said, known) for id, fields in touched.items())

    def _let_go(self, products: frozenset[str]) -> None:
        """Drop the first cue of the rundown that touches one of these products, or may, and all behind it."""
        lane = self._studio.rundown
        cues = list(lane.cues)
        first = next((n for n, cue in enumerate(cues) if self._may_touch(cue, products)), len(cues))
        if self.again is not None:
            first = 0
        for cue in cues[first:]:
            lane.cues.remove(cue)
            cue.drop()
            if self.again is None and cue.line.place is not None:
                self.again = cue.line

    def _may_touch(self, cue: Cue, products: frozenset[str]) -> bool:
        known = self._studio.gatekeeper.known(cue.line)
        return known is None or bool(touches(cue.line, known) & products)


def shown(catalog: Catalog, id: str, now: datetime) -> Shown:
    """What the card of a product says, and may say once its sale begins or ends."""
    product = catalog.product(id)
    card = make_card(catalog, product, now)
    sale = product.sale_price.shown(catalog.language) if product.sale_price else None
    return Shown(card.title, card.price, sale, card.availability)
