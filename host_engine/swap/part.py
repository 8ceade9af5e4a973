"""A part of the channel that follows the catalog: the rundown, the gate, the answers, the ears, the cards."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from host_engine.show.script import Show


class Change(NamedTuple):
    """What is to be put in force, and what differs: so that a part may learn only that."""

    show: Show
    products: frozenset[str] | None = None  # ids of products that differ or are gone; None: another catalog altogether


class Part(Protocol):
    """Two steps, so that all parts change between two frames: each prepares, off the loop; then all commit, on it."""

    name: str

    def prepare(self, change: Change) -> Callable[[], None]:
        """Make ready what takes long; runs on a thread, may take seconds and may raise: then nothing is changed.

        What it gives back puts it in force: called on the event loop, within a millisecond, and never raises.
        """
