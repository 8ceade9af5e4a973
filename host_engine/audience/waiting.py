"""Messages that wait together for one answer, and how much they are worth."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from host_engine.audience.message import Cluster, Message
from host_engine.audience.same import Gist

KEPT = 40  # messages of a cluster; of those beyond it is known only that they joined

# Seconds of head start: whoever has waited longer by more than all of them together comes first, so nobody starves.
ON_AIR = 60.0  # it is about the product on air
BUYER = 45.0  # a buyer is among them
DOUBLED = 20.0  # each time that twice as many ask it
MOST_DOUBLED = 100.0
SOCIAL = -60.0  # a greeting, thanks, a follow

Who = tuple[str, str]


def who(message: Message) -> Who | None:
    """The viewer; None where the source does not know."""
    return (message.source, message.viewer.id) if message.viewer.id else None


@dataclass(eq=False)
class Waiting:
    """One question, and those who ask it. `about` is the product pointed at, or else the one on air at that time."""

    key: int
    gist: Gist
    about: str | None
    on_air: str | None
    first: float  # when it was first asked, and when last
    last: float
    messages: list[tuple[Message, float]] = field(default_factory=list)
    viewers: set[Who] = field(default_factory=set)
    buyer: bool = False
    size: int = 0  # how many asked, those beyond KEPT too

    @property
    def exactly(self) -> str:
        """What is the same for the same words."""
        return self.gist.text or self.gist.words[0]

    @property
    def origin(self) -> Who:
        """Where it came from: a chat, or an address."""
        first = self.messages[0][0]
        return first.source, first.origin

    def add(self, message: Message, at: float) -> bool:
        """Whether the message itself is kept."""
        self.size += 1
        self.last = max(self.last, at)
        self.buyer |= message.viewer.buyer
        if len(self.messages) >= KEPT:
            return False
        self.messages.append((message, at))
        if viewer := who(message):
            self.viewers.add(viewer)
        return True

    def absorb(self, other: Waiting) -> list[Message]:
        """Take in those who ask the same in other words; the messages for which there was no room."""
        self.size += other.size
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)
        self.buyer |= other.buyer
        together = sorted([*self.messages, *other.messages], key=lambda each: each[1])
        # The oldest of this wording stays the first: the others only ask the same.
        first = self.messages[0]
        together.remove(first)
        self.messages = [first, *together[: KEPT - 1]]
        self.viewers |= other.viewers
        return [message for message, _ in together[KEPT - 1 :]]

    @property
    def social(self) -> bool:
        return self.messages[0][0].kind != "question"

    def worth(self, on_air: str | None) -> float:
        """Larger is sooner. It does not depend on the time: all that wait gain alike."""
        if self.social:
            return SOCIAL - self.first
        head = min(DOUBLED * math.log2(self.size), MOST_DOUBLED)
        head += BUYER * self.buyer + ON_AIR * (on_air is not None and self.about == on_air)
        return head - self.first

    def cluster(self) -> Cluster:
        return Cluster(tuple(message for message, _ in self.messages))
