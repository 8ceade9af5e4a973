"""What the swap of a catalog needs of what is on air; it is handed in, as this folder does not know the playout."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from host_engine.show.catalog import Catalog
from host_engine.show.rundown import Line
from host_engine.swap.catalogs import Border

Touched = Mapping[str, frozenset[str] | None]  # products -> the fields that are others; None: all there is of it


class Waiting(Protocol):
    """A commit that waits for its border."""

    async def done(self) -> bool:
        """Wait until it is done; False where it was given up."""
        ...

    def cancel(self) -> bool:
        """Give it up; whether it still waited."""
        ...


class Air(Protocol):
    """All of it is called on the event loop, and none of it waits."""

    @property
    def n(self) -> int:
        """The frame on air."""

    @property
    def line(self) -> Line | None:
        """The line on air."""

    def at(self, border: Border, commit: Callable[[], None]) -> Waiting:
        """Have `commit` called at the next border, between two frames; "now" cuts the line of the rundown on air."""

    def withdraw(self, touched: Touched) -> None:
        """Begin nothing more of these products; cut what is on air and says what is not so any more."""

    def release(self, products: Iterable[str], catalog: Catalog) -> None:
        """What was changed is in force: these products may be spoken of again."""

    def recall(self, product: str, title: str) -> None:
        """Begin nothing of this product, nor what names it, until it is restored."""

    def restore(self, product: str) -> None:
        """It may be spoken of again."""


def committed(commits: Iterable[Callable[[], None]], failed: Callable[[BaseException], object]) -> None:
    """Do all of them, whatever one does: half a swap would be worse than one part that stays behind."""
    for commit in commits:
        try:
            commit()
        except Exception as error:
            failed(error)
