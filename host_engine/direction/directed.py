"""What the director acts upon: the parts of the studio, as far as they can be directed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from host_engine.gate.verdict import Judge
from host_engine.playout.ahead import Ahead
from host_engine.playout.lane import Lane
from host_engine.playout.playout import Playout
from host_engine.show.rundown import Place
from host_engine.show.script import Script


class Mutes(Protocol):
    """The program: picture and sound as they are encoded."""

    @property
    def muted(self) -> bool: ...
    def mute(self, on: bool) -> int: ...


class Shows(Protocol):
    """The picture: which scene is shown."""

    @property
    def by_hand(self) -> str | None: ...
    @property
    def shown(self) -> tuple[str, int]: ...
    def choices(self) -> list[dict[str, Any]]: ...
    def choose(self, scene: str | None) -> None: ...


class Follows(Protocol):
    """The report of what is on air: where the show would go on after a restart, and the last frame."""

    @property
    def place(self) -> Place | None: ...
    @property
    def n(self) -> int: ...


class Tongues(Protocol):
    """Who speaks which language."""

    def sayable(self, language: str) -> bool: ...


@dataclass(frozen=True)
class Directed:
    """All of it belongs on the event loop, but the judge and the tongues, which are asked on a thread."""

    playout: Playout | Ahead
    program: Mutes
    picture: Shows
    script: Script
    operator: Lane  # says at once
    next: Lane  # says after the sentence on air
    answers: Lane
    rundown: Lane
    report: Follows
    judge: Callable[[], Judge]
    tongues: Tongues
    now: Callable[[], datetime]
    recalled: Callable[[str], str | None] = lambda text: None  # the recalled product that a text names
