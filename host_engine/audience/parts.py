"""What a desk is made of."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

from host_engine.audience.in_writing import InWriting
from host_engine.audience.message import Cluster, Message, Receipt
from host_engine.audience.programme import Programme
from host_engine.audience.register import Register
from host_engine.audience.replying import Replying
from host_engine.audience.review import Review
from host_engine.audience.taking import Taking
from host_engine.audience.transcript import Ears


class Inbox(Protocol):
    """Messages that wait, the most urgent first. It never raises and is bounded."""

    def offer(self, message: Message, on_air: str | None = None) -> Receipt: ...
    def next(self, on_air: str | None = None) -> Cluster | None: ...
    def answered(self, cluster: Cluster) -> None: ...
    def dropped(self, cluster: Cluster, reason: str) -> None: ...
    def renewed(self) -> None: ...
    def status(self) -> dict[str, Any]: ...


class Parts(NamedTuple):
    """What a desk is made of."""

    taking: Taking
    inbox: Inbox
    programme: Programme
    replying: Replying
    writing: InWriting
    review: Review
    register: Register
    ears: Ears | None = None
