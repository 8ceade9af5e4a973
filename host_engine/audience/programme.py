"""What the audience's desk sees of the programme, handed in from above."""

from __future__ import annotations

from collections.abc import Set
from typing import Protocol

from host_engine.show.rundown import Line


class Programme(Protocol):
    """What is on air, as far as answers depend on it. All of it is asked on the event loop and answers at once."""

    @property
    def line(self) -> Line | None:
        """On air now."""
        ...

    @property
    def product(self) -> str | None:
        """Id of the product that the rundown is at."""
        ...

    @property
    def next_product(self) -> str | None:
        """Id of the one that it comes to next."""
        ...

    @property
    def segment(self) -> str:
        """The one that the rundown is at."""
        ...

    @property
    def border(self) -> float | None:
        """Seconds until an answer may come on air; None where that is too far ahead to be seen."""
        ...

    def prepared(self, line: Line) -> bool:
        """Whether nothing more is to be waited for: the line can go on air at once, or has been, or never will be."""
        ...

    def coming(self, line: Line) -> bool:
        """Whether the line is on its way to the air, or on it."""
        ...

    def hurry(self) -> None:
        """Have the answers' lines made ready that are there, without waiting for the next frame."""
        ...

    def put_first(self, line: Line) -> None:
        """Make the line ready in front of all other answers."""
        ...

    def withdraw(self, lines: Set[str]) -> None:
        """Let go of the lines of these ids that are not on air."""
        ...
