"""What is the newest that is known of each thing: what is older changes nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

MOST = 100_000  # things in memory


class Mark(NamedTuple):
    """How new something is: when it became so, in UNIX seconds, and its number where the shop counts."""

    at: float
    sequence: int | None = None

    def older(self, than: Mark) -> bool:
        """By number where both have one, so that the same number twice is old; else by time, where the same is not."""
        if self.sequence is not None and than.sequence is not None:
            return self.sequence <= than.sequence
        return self.at < than.at

    def __str__(self) -> str:
        if self.sequence is not None:
            return f"number {self.sequence}"
        return datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds")


class Newest:
    """The mark of each thing, such as "tea-1/price". The least recently changed is forgotten first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._marks: OrderedDict[str, Mark] = OrderedDict()
        self.changed: dict[str, Mark] = {}  # since somebody took it to keep it elsewhere

    def of(self, thing: str) -> Mark | None:
        """The newest mark of a thing."""
        return self._marks.get(thing)

    def older(self, thing: str, mark: Mark) -> Mark | None:
        """The mark that is in force, where `mark` is older than it."""
        known = self._marks.get(thing)
        return known if known is not None and mark.older(known) else None

    def put(self, thing: str, mark: Mark) -> Mark | None:
        """From now on this is the newest; the mark before."""
        before = self._marks.pop(thing, None)
        self._marks[thing] = self.changed[thing] = mark
        if len(self._marks) > self._most:
            gone, _ = self._marks.popitem(last=False)
            self.changed.pop(gone, None)
        return before

    def take_back(self, thing: str, mark: Mark, before: Mark | None) -> None:
        """It did not become so: the mark before holds again, unless another came since."""
        if self._marks.get(thing) != mark:
            return
        if before is None:
            del self._marks[thing]
            self.changed[thing] = Mark(0.0)
        else:
            self._marks[thing] = self.changed[thing] = before

    def __iter__(self) -> Iterator[tuple[str, Mark]]:
        return iter(self._marks.items())
