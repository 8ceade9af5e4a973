"""What was on air in a rehearsal, and what became of each question: the rows that all figures are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from host_engine.show.rundown import Line

Fate = Literal["answered", "joined", "refused", "dropped", "waiting"]  # each message has one, so they add up


@dataclass(frozen=True)
class OnAir:
    """One line, from its first sound to its last."""

    at: float  # seconds from the beginning
    seconds: float
    lane: str
    line: Line
    cut: str = ""  # as in an Utterance
    round: int = -1


@dataclass
class Asked:
    """A message of the audience, and what became of it."""

    at: float
    text: str
    name: str
    kind: Literal["question", "greeting", "abuse"]
    expected: tuple[str, ...] = ()  # one of these must be in the answer
    fate: Fate = "waiting"
    reason: str = ""  # why it was refused as it came, or dropped later
    answer: str = ""
    began: float | None = None  # when the answer came on air
    unknown: bool = False  # the host said that she does not know

    @property
    def right(self) -> bool:
        """Whether what was expected was said."""
        said = " ".join(self.answer.split()).casefold()
        return bool(self.answer) and any(" ".join(each.split()).casefold() in said for each in self.expected)


@dataclass(frozen=True)
class Stopped:
    """A line that the fact gate passed over."""

    at: float
    line: str
    text: str
    why: str


@dataclass
class Rehearsed:
    """All that happened in the virtual time from `begin` on."""

    begin: datetime  # with the show's time zone
    seconds: float
    seed: int
    said: list[OnAir] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    stopped: list[Stopped] = field(default_factory=list)
    idle: float = 0.0  # seconds in which nobody spoke
    stuck: float = 0.0  # seconds in which the rules left nothing to say
    spoken: bool = False  # with real voices

    def moment(self, at: float) -> datetime:
        """The instant of the show at so many seconds, in its zone; hours are counted as they go by."""
        return (self.begin.astimezone(UTC) + timedelta(seconds=at)).astimezone(self.begin.tzinfo)
