"""Who looks at an answer before it is said: nobody, whoever likes within a time, or somebody who must."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from host_engine.audience.airing import Reply
from host_engine.audience.answer import Answer
from host_engine.audience.message import Cluster

Mode = Literal["auto", "hold", "approve"]
Fate = Literal["said", "vetoed", "expired", "by hand", "anew"]

MOST = 50  # answers that wait for somebody
PENDING = 200  # questions on the operator's list


class Rules(NamedTuple):
    """How answers are reviewed; `topics` are kinds of answers with another mode. Times in seconds."""

    mode: Mode = "auto"
    hold: float = 5.0
    topics: Mapping[str, Mode] = {}
    patience: float = 180.0  # after which an answer that nobody approved is no longer said

    def of(self, kind: str) -> Mode:
        """The mode of a kind of answer."""
        return self.topics.get(kind, self.mode)

    @property
    def always_auto(self) -> bool:
        return {self.mode, *self.topics.values()} == {"auto"}


@dataclass
class Held:
    """An answer that waits for somebody. `until` is on the loop's clock."""

    reply: Reply
    text: str
    mode: Mode
    since: float
    until: float
    fate: asyncio.Future[Fate] = field(repr=False)

    @property
    def id(self) -> str:
        return self.reply.cluster.first.id


class Review:
    """The answers that wait. What is not vetoed in time is said in mode hold, and expires in mode approve."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._held: dict[str, Held] = {}

    async def passed(self, reply: Reply, text: str) -> Fate:
        """Wait until it is known what becomes of this answer. Where too many wait, the oldest expires."""
        loop = asyncio.get_running_loop()
        mode, now = self.rules.of(reply.answer.kind), loop.time()
        if mode == "auto":
            return "said"
        if len(self._held) >= MOST:
            self._decide(next(iter(self._held)), "expired")
        until = now + (self.rules.hold if mode == "hold" else self.rules.patience)
        held = Held(reply, text, mode, now, until, loop.create_future())
        self._held[held.id] = held
        try:
            async with asyncio.timeout_at(until):
                return await held.fate
        except TimeoutError:
            return "said" if mode == "hold" else "expired"
        finally:
            if self._held.get(held.id) is held:
                del self._held[held.id]

    def approve(self, id: str) -> bool:
        """Say it now; whether it was waiting."""
        return self._decide(id, "said")

    def veto(self, id: str) -> bool:
        """Do not say it; whether it was waiting."""
        return self._decide(id, "vetoed")

    def find(self, id: str) -> Held | None:
        """The one of that id that waits."""
        return self._held.get(id)

    def take(self, id: str) -> Cluster | None:
        """Somebody answers it by hand: the questions, if they were waiting."""
        held = self._held.get(id)
        return held.reply.cluster if held and self._decide(id, "by hand") else None

    def anew(self, which: Callable[[Reply], bool] = lambda reply: True) -> None:
        """What is known has changed: all that wait are made anew, or those of which it is so."""
        for id in [id for id, held in self._held.items() if which(held.reply)]:
            self._decide(id, "anew")

    def status(self, now: float) -> list[dict[str, Any]]:
        """Those that wait, oldest first, for the operator."""
        return [
            {
                "id": held.id,
                "name": ", ".join(held.reply.cluster.names),
                "question": held.reply.cluster.first.text,
                "answer": held.text,
                "language": held.reply.answer.language,
                "kind": held.reply.answer.kind,
                "product": held.reply.answer.product,
                "mode": held.mode,
                "waiting_s": round(now - held.since, 1),
                "left_s": round(held.until - now, 1),
            }
            for held in self._held.values()
        ]

    def _decide(self, id: str, fate: Fate) -> bool:
        held = self._held.pop(id, None)
        if held is None or held.fate.done():
            return False
        held.fate.set_result(fate)
        return True


class Todo(NamedTuple):
    """A question that the team is to answer, and why the host did not."""

    at: float  # UNIX seconds
    cluster: Cluster
    answer: Answer
    why: str

    def shown(self) -> dict[str, Any]:
        """For the operator's list."""
        return {
            "id": self.cluster.first.id,
            "at": round(self.at, 3),
            "name": ", ".join(self.cluster.names),
            "question": self.cluster.first.text,
            "language": self.answer.language,
            "product": self.answer.product,
            "why": self.why,
        }
