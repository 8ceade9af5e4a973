"""What happens on air, told with the number of the frame at which it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

WHAT = (
    "line/start", "line/end", "words", "product", "scene", "question", "alarm", "order", "swap", "recall", "commerce",
    "output", "mute", "hold", "takeover", "schedule", "obs", "label",
)  # fmt: skip


class Happening(NamedTuple):
    """One thing that happened. It is told to operators, not to viewers."""

    id: int  # counts up from 1 in this run: who lost the stream asks for what came after it
    n: int  # frame
    at: float  # UNIX seconds
    what: str  # one of WHAT
    data: Mapping[str, Any]  # plain values, ready for JSON
