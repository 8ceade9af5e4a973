"""What the thread that owns OBS is told by others, and what it needs of a connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, NamedTuple, Protocol

from host_engine.obs.device_state import State
from host_engine.obs.wanted import Wanted


class Connection(Protocol):
    """A connection to OBS, as `Client` is one."""

    def connect(self) -> None: ...
    def request(self, name: str, **data: Any) -> dict[str, Any]: ...
    def close(self) -> None: ...


class Watch(NamedTuple):
    """Looks at OBS every so many seconds while it is steered, by the request function that it is given."""

    every: float
    look: Callable[[Callable[..., dict[str, Any]]], None]


class Event(NamedTuple):
    """OBS has told of something."""

    name: str
    data: Mapping[str, Any]


class Asked(NamedTuple):
    """Somebody asks OBS for something."""

    name: str
    data: Mapping[str, Any]
    answer: Future[dict[str, Any]]


class PutRight(NamedTuple):
    """Somebody wants everything put right."""

    answer: Future[State]


class End(NamedTuple):
    """The channel ends; OBS is left with the scene of `goodbye`."""

    goodbye: Wanted | None


Message = Event | Asked | PutRight | End | Wanted
