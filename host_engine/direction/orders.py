"""What operators have ordered to be said: handed to its lanes part by part, and followed until it has been said."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from host_engine.direction.refusals import NotDone
from host_engine.direction.sayable import Spoken
from host_engine.playout.lane import Lane
from host_engine.show.rundown import Line

When = Literal["now", "next"]
MOST = 20  # that wait at once
ATTEMPTS = 3  # times that a part is made ready


@dataclass
class Order:
    """Words that are to be said."""

    id: str
    text: str
    when: When
    who: str
    language: str
    make: Callable[[str, Spoken], Line]  # a line as it is true when it is made, of that id
    parts: deque[Spoken]
    given: dict[str, tuple[Line, Spoken]] = field(default_factory=dict)  # to the lane, and not said yet
    count: int = 0  # lines made of it
    tries: int = 0  # of the part in front
    begun: bool = False

    def shown(self) -> dict[str, Any]:
        """For the operator's list."""
        facts = {"id": self.id, "text": self.text, "when": self.when, "who": self.who, "language": self.language}
        return facts | {"begun": self.begun}


class Orders:
    """Orders of a lane are said one after another, and the air is kept free between the parts of one.

    A part that was made ready and then taken away, as what it shows or says has changed, is made anew, some times.
    All on the event loop.
    """

    def __init__(
        self,
        lanes: dict[When, Lane],
        here: Callable[[Line], bool],
        told: Callable[[Order, str], None] = lambda order, state: None,
    ) -> None:
        """`here`: whether a line is on air or on its way there. `told` of what becomes of an order: "on air", "said",
        "cut", "withdrawn", "not said"."""
        self._lanes, self._here, self._told = lanes, here, told
        self._orders: deque[Order] = deque()
        for when, lane in lanes.items():
            lane.feed, lane.follows = partial(self._feed, when), self._follows

    def __len__(self) -> int:
        return len(self._orders)

    def listed(self) -> list[dict[str, Any]]:
        """Those that are not said yet, in the order in which they come."""
        self._tidy()
        return [each.shown() for when in ("now", "next") for each in self._orders if each.when == when]

    def add(
        self,
        text: str,
        parts: Sequence[Spoken],
        when: When,
        who: str,
        language: str,
        make: Callable[[str, Spoken], Line],
    ) -> Order:
        """Have them said. Raises NotDone (429) where too many wait."""
        self._tidy()
        if len(self._orders) >= MOST:
            raise NotDone(f"{MOST} orders wait to be said already; withdraw some of them, or wait.", 429)
        order = Order(f"say-{secrets.token_hex(4)}", text, when, who, language, make, deque(parts))
        self._orders.append(order)
        self._lanes[when].fill()  # the voice begins now, not with the next frame
        return order

    def withdraw(self, id: str) -> Order:
        """Do not say it, or no more of it than what is on air. Raises NotDone (404) where it is not there any more."""
        self._tidy()
        order = next((each for each in self._orders if each.id == id), None)
        if order is None:
            raise NotDone("There is no such order; it may have been said.", 404)
        self._end(order, "withdrawn")
        return order

    def of(self, line: Line) -> Order | None:
        """The order that a line belongs to."""
        return next((each for each in self._orders if line.id in each.given), None)

    def on_air(self, line: Line | None) -> None:
        """This line has come on air."""
        if line is not None and (order := self.of(line)) and not order.begun:
            order.begun = True
            self._told(order, "on air")
        self._tidy()

    def said(self, line: Line, cut: str) -> None:
        """A line has gone off the air."""
        if (order := self.of(line)) is None or (cut and self._here(order.given[line.id][0])):
            return
        del order.given[line.id]
        order.tries = 0
        if cut in ("cut", "fault"):
            self._end(order, "cut")
        elif not order.parts and not order.given:
            self._end(order, "said")

    def _feed(self, when: When) -> Line | None:
        order = next((each for each in self._orders if each.when == when and each.parts), None)
        if order is None:
            return None
        part = order.parts.popleft()
        line = order.make(f"{order.id}.{order.count}", part)
        order.count += 1
        order.given[line.id] = line, part
        return line

    def _follows(self, line: Line) -> bool:
        order = self.of(line)
        return order is not None and (bool(order.parts) or len(order.given) > 1)

    def _end(self, order: Order, how: str) -> None:
        if order in self._orders:
            self._orders.remove(order)
            order.parts.clear()
            self._lanes[order.when].withdraw(set(order.given))
            self._told(order, how)

    def _tidy(self) -> None:
        """Make parts anew that were taken away before they were said; give up an order where that is of no use."""
        for order in list(self._orders):
            gone = [id for id, (line, _) in order.given.items() if not self._here(line)]
            if not gone:
                continue
            first = min(gone, key=list(order.given).index)
            again = [order.given.pop(id)[1] for id in list(order.given)[list(order.given).index(first) :]]
            self._lanes[order.when].withdraw({f"{order.id}.{n}" for n in range(order.count)} - set(order.given))
            order.parts.extendleft(reversed(again))
            order.tries += 1
            if order.tries >= ATTEMPTS:
                self._end(order, "not said")
