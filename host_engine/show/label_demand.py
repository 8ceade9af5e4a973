"""What a policy, a platform or a target asks of the AI label beyond what a scene says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Corner = Literal["top-left", "top-right", "bottom-left", "bottom-right"]


class SafeArea(NamedTuple):
    """The edges of the picture over which a platform lays its own buttons, as shares of the picture's width (left,
    right) and height (top, bottom); 0 where it lays nothing."""

    left: float = 0.0
    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0

    def joined(self, other: SafeArea) -> SafeArea:
        """What is free of the buttons of both."""
        return SafeArea(*map(max, self, other))


WHOLE = SafeArea()


@dataclass(frozen=True)
class LabelDemand:
    """Each part holds only where it is given; what is left out stays as the scene has it.

    It is asked of the label that says that the host is no human, never of the one that says that a human is seen.
    """

    text: str | None = None  # the words, instead of those of the channel and of the scenes
    language: str | None = None  # in which the scenes' own words are taken, such as "zh"
    letters: float = 0.0  # the least height of the type, as a share of the shorter side of the picture
    corner: Corner | None = None  # where it has to stand
    safe: SafeArea = WHOLE

    @property
    def placed(self) -> bool:
        """Whether a size or a place is asked for."""
        return bool(self.letters or self.corner) or self.safe != WHOLE

    def with_words(self, text: str | None, language: str | None) -> LabelDemand:
        """The same, with words or a language of its own, as a target may have."""
        return LabelDemand(text or self.text, language or self.language, self.letters, self.corner, self.safe)


AS_THE_SCENE = LabelDemand()
