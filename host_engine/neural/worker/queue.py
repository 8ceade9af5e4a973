"""The orders that wait, of all channels: the most urgent first, and no channel is passed over for ever."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass

from host_engine.media import Picture
from host_engine.neural.order import Order

STEP = 0.04  # seconds by which a channel's orders count as due earlier, for each one that it has missed in a row
PATIENCE = 2.0  # seconds after which an order that may wait for ever counts as due
QUIET = 2.0  # seconds without an order after which a channel is forgotten
MOST = 64  # orders of one channel that may wait
OWED = 3  # orders in a row that a channel may miss before it must be served


@dataclass(eq=False, slots=True)
class Waiting:
    """An order, when it was given (seconds of the clock of its deadline), and who waits for its lips."""

    order: Order
    asked: float
    future: Future[Picture]


@dataclass(eq=False, slots=True)
class _Channel:
    asked: float  # when it last gave an order
    waiting: int = 0
    missed: int = 0  # orders in a row that became hopeless


class Queue:
    """Earliest deadline first across channels. Not safe from several threads.

    When there is more to do than can be done, the deadlines of some channel may always fall behind those of the others.
    So whoever has missed lips counts as more urgent, the more it has missed, until it is served once.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._waiting: list[Waiting] = []
        self._channels: dict[str, _Channel] = {}
        self._sorted = True

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, waiting: Waiting) -> bool:
        """Whether the order is taken in: not where too many of its channel wait already."""
        channel = self._channels.setdefault(waiting.order.channel, _Channel(waiting.asked))
        channel.asked = waiting.asked
        if channel.waiting >= self._most:
            return False
        self._add(channel, waiting)
        return True

    def back(self, orders: Iterable[Waiting]) -> None:
        """Take in again what was taken out and could not be done."""
        for waiting in orders:
            self._add(self._channels.setdefault(waiting.order.channel, _Channel(waiting.asked)), waiting)

    def urgent(self) -> list[Waiting]:
        """All that wait, the most urgent first."""
        if not self._sorted:
            self._waiting.sort(key=self._due)
            self._sorted = True
        return self._waiting

    def owed(self) -> bool:
        """Whether the most urgent order must be served, as its channel has missed too many."""
        urgent = self.urgent()
        return bool(urgent) and self._channels[urgent[0].order.channel].missed >= OWED

    def take(self, count: int) -> list[Waiting]:
        """Take out the `count` most urgent: their channels have missed nothing any more."""
        taken = self.urgent()[:count]
        self._waiting = self._waiting[count:]
        for waiting in taken:
            channel = self._channels[waiting.order.channel]
            channel.waiting -= 1
            if channel.missed:
                channel.missed, self._sorted = 0, False
        return taken

    def drop(self, by: float) -> list[Waiting]:
        """Take out the hopeless: those whose deadline is before `by`, when the next picture can be there."""
        lost = [each for each in self._waiting if each.order.deadline < by]
        if lost:
            self._waiting = [each for each in self._waiting if each.order.deadline >= by]
            self._sorted = False
        for waiting in lost:
            channel = self._channels[waiting.order.channel]
            channel.waiting -= 1
            channel.missed += 1
        return lost

    def clear(self) -> list[Waiting]:
        """Take out all."""
        every, self._waiting = self._waiting, []
        self._channels.clear()
        return every

    def oldest(self) -> float | None:
        """When the order that waits longest was given."""
        return min((each.asked for each in self._waiting), default=None)

    def channels(self, now: float) -> int:
        """How many channels are at work: those that give orders. Forgets those that went quiet."""
        quiet = [name for name, each in self._channels.items() if not each.waiting and now - each.asked > QUIET]
        for name in quiet:
            del self._channels[name]
        return len(self._channels)

    def _add(self, channel: _Channel, waiting: Waiting) -> None:
        channel.waiting += 1
        self._waiting.append(waiting)
        self._sorted = False

    def _due(self, waiting: Waiting) -> float:
        missed = self._channels[waiting.order.channel].missed
        return min(waiting.order.deadline, waiting.asked + PATIENCE) - missed * STEP
