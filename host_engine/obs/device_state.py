"""How it stands with OBS, for people: one value that is replaced whenever it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from host_engine.obs.client import Kind

Link = Literal["connecting", "starting", "steered", "another collection", "ended"] | Kind

CHANGES = 30  # that are kept
TROUBLES = ("away", "collection", "profile", "refused", "contested", "stream")


class Change(NamedTuple):
    """Something of OBS that was put right: when, in UNIX seconds, and what was wrong, as a sentence."""

    at: float
    reason: str


@dataclass(frozen=True)
class State:
    """`link`: "steered" while OBS is as it should be, or is being put right. `troubles`: sentences by their names.

    `drift`: what somebody changed by hand and is respected, as sentences.
    """

    link: Link = "connecting"
    said: str = ""  # a sentence while it is not steered
    wanted: str = ""  # the scene that OBS is to show
    shown: str | None = None  # the one that it shows, where that is known
    troubles: tuple[tuple[str, str], ...] = ()
    drift: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    obs: str = ""  # its version
    websocket: str = ""  # that of obs-websocket
    collection: str = ""
    profile: str = ""
    streaming: bool | None = None  # where a stream is wanted
    connections: int = 0  # since the channel began
    put_right: int = 0  # things, since the channel began
    took_ms: float = 0.0  # from the last connection until all was as it should be

    def brief(self) -> dict[str, Any]:
        """For /status, which anybody may read."""
        return {
            "state": self.link,
            "said": self.said,
            "scene": {"wanted": self.wanted, "shown": self.shown},
            "streaming": self.streaming,
            "drift": len(self.drift),
            "put_right": self.put_right,
            "connections": self.connections,
            "took_ms": self.took_ms,
        }

    def whole(self) -> dict[str, Any]:
        """For operators."""
        return self.brief() | {
            "drift": list(self.drift),
            "troubles": dict(self.troubles),
            "changes": [each._asdict() for each in self.changes],
            "obs": self.obs,
            "websocket": self.websocket,
            "collection": self.collection,
            "profile": self.profile,
        }


class Board:
    """Where the state stands; `told` is called with each new one, on the thread that changes it."""

    def __init__(self, state: State, told: Callable[[State], None]) -> None:
        self.state, self._told = state, told

    def tell(self, **changes: Any) -> None:
        """These fields are others now."""
        state = replace(self.state, **changes)
        if state != self.state:
            self.state = state
            self._told(state)

    def put_right(self, reason: str, at: float) -> None:
        """One more thing was put right, at this UNIX time."""
        changes = (*self.state.changes, Change(at, reason))[-CHANGES:]
        self.tell(changes=changes, put_right=self.state.put_right + 1)
