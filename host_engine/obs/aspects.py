"""One thing that is wanted of OBS, whether it is so, and how it is brought about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Request(NamedTuple):
    """A request to obs-websocket. `takes`: fields that the answers to those before it have, such as sceneItemId."""

    name: str
    data: Mapping[str, Any]
    takes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Aspect:
    """`key`: what it is about, such as "volume/Mic". `value`: what is wanted.

    `reason`: a sentence about OBS as it is, "" where that is as it should be; no secret is in it. `requests`: what
    changes it; none where we can do nothing about it.
    """

    key: str
    value: Any = field(repr=False)
    reason: str = ""
    requests: tuple[Request, ...] = field(default=(), repr=False)

    @property
    def alike(self) -> bool:
        return not self.reason
