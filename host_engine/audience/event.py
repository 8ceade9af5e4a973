"""What happens between the audience and the host: told to the viewer page, the operator's list and the log."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Event(NamedTuple):
    """One thing that happened. All texts are cleaned: they may be shown to everybody."""

    what: Literal["asked", "answering", "answered", "waiting", "vetoed", "expired"]
    id: str  # of the message, or of the first of its cluster
    at: float  # UNIX seconds
    name: str = ""  # of the viewer
    text: str = ""  # of the question
    answer: str = ""
    product: str | None = None
    source: str = ""
