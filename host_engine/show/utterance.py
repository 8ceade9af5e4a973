"""What was really said: one line, from its first frame on air to its last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from host_engine.show.rundown import Line

Cut = Literal["", "cut", "pause", "fault", "end", "kill"]


@dataclass(frozen=True)
class Utterance:
    """One line as it was on air; frame numbers are those of its run.

    A line that is interrupted in a pause and goes on there is two utterances; the second begins with token `start`.

    cut: "" when it was said to its end; else what took it off the air: an order of the operator or a more urgent line
    ("cut"), an answer in one of its pauses, after which it goes on ("pause"), a failure while it was made ready
    ("fault"), an orderly end of the engine ("end") or another ("kill").
    """

    line: Line
    lane: str
    voice: str
    first: int  # frame
    last: int  # frame
    began: datetime  # UTC, as the machine's clock showed it
    ended: datetime
    word: int = -1  # index of the line's token that was being said in the last frame, -1 before the first
    whole: bool = False  # that token had been said to its end
    cut: Cut = ""
    start: int = 0  # index of the first token that was said

    @property
    def text(self) -> str:
        """The words that were said to their end."""
        if not self.cut and not self.start:
            return self.line.text
        end = self.word + self.whole if self.cut else None
        return " ".join(token.shown for token in self.line.tokens[self.start : end])

    @property
    def broken(self) -> str:
        """The word in the middle of which it was cut, if it was."""
        return self.line.tokens[self.word].shown if self.cut and self.word >= 0 and not self.whole else ""
