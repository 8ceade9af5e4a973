"""What a channel is like, as far as policies ask: plain values, each with the place in a file that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from host_engine.document import Loc
from host_engine.show.label_demand import Corner


class Spot(NamedTuple):
    """A place in a file that people can edit; `path` None: it was asked for while on air."""

    path: Path | None = None
    loc: Loc = ()


NOWHERE = Spot()


class Label(NamedTuple):
    """The AI label of one scene as it is drawn."""

    scene: str
    words: str
    letters: float  # height of the type as a share of the picture's shorter side
    corner: Corner
    spot: Spot = NOWHERE


class Notice(NamedTuple):
    """A mandatory line that is said whatever is presented."""

    id: str
    seconds: float  # it is said at least so often
    texts: tuple[str, ...]
    spot: Spot = NOWHERE


class Goes(NamedTuple):
    """A target: where the channel goes, and how."""

    name: str
    platform: str | None
    size: tuple[int, int]
    fps: int
    kbps: int
    rotate: float | None
    spot: Spot = NOWHERE


@dataclass(frozen=True)
class Facts:
    """`labels` under a target's name are those that differ there; under None, those of the picture itself."""

    language: str
    labels: Mapping[str | None, tuple[Label, ...]]
    notices: tuple[Notice, ...] = ()
    targets: tuple[Goes, ...] = ()
    registration: str | None = None
    human_voice: bool = False
    filmed: bool = False
    declared: frozenset[str] = frozenset()
    label_spot: Spot = NOWHERE  # where the channel's own label would be written
    notice_spot: Spot = NOWHERE  # the rundown
    compliance: Spot = NOWHERE  # the section of the channel file
    key_frames: float = 1.0  # seconds between two

    def of(self, target: str | None) -> tuple[Label, ...]:
        """The labels that are seen at a target."""
        return self.labels.get(target) or self.labels.get(None, ())
