"""What of a feed cannot be taken: all of it, or one row, each with a sentence."""

from __future__ import annotations


class Refused(Exception):
    """Nothing more of a feed can be taken; what was taken before it stays. `line` where in the file."""

    def __init__(self, what: str, line: int | None = None) -> None:
        super().__init__(what)
        self.line = line


class LeftOut(Exception):
    """One product cannot be taken: the others can."""


class NotForSale(Exception):
    """One product is not to be taken, as the shop itself does not offer it: a draft, one that is unpublished."""
