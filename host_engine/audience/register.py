"""What became of each question: told to whoever listens, counted, and kept in the as-run log."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Literal

from host_engine.audience.airing import Reply
from host_engine.audience.event import Event
from host_engine.audience.ledger import Ledger
from host_engine.audience.message import Message, Receipt
from host_engine.audience.review import PENDING, Todo
from host_engine.audience.wording import Wording

log = logging.getLogger(__name__)

What = Literal["asked", "answering", "answered", "waiting", "vetoed", "expired"]


class Register:
    """The one place where outcomes are noted. A hook that raises is logged, and the others are told all the same."""

    def __init__(self, ledger: Ledger, shown: Callable[[str], str]) -> None:
        """`shown`: a text as a log may keep it, without personal data."""
        self.hooks: list[Callable[[Event], None]] = []
        self.todo: deque[Todo] = deque(maxlen=PENDING)
        self.ledger, self._shown = ledger, shown

    def asked(self, message: Message, receipt: Receipt) -> None:
        """A message was taken."""
        self.ledger.counts[receipt.state] += 1
        if message.kind == "question":
            text = f"{message.source}: {self._shown(message.text)}"
            self.ledger.fact("question", text, id=message.id, state=receipt.state)
        if message.kind != "follow":
            self._tell("asked", message)

    def expired(self, message: Message) -> None:
        """A message has waited too long, and is not answered."""
        self.ledger.counts["expired"] += 1
        if message.kind == "question":
            self._tell("expired", message)

    def waits(self, reply: Reply, text: str) -> None:
        """An answer waits for somebody to look at it."""
        self._tell("waiting", reply.cluster.first, reply, text)

    def fell(self, fate: Literal["vetoed", "expired"], reply: Reply, text: str) -> None:
        """An answer is not said, because somebody or nobody looked at it."""
        self.ledger.counts[fate] += 1
        self._fact("answer", f"{fate}: {text}", reply)
        if fate == "expired" and reply.cluster.first.kind == "question":
            self.todo.append(Todo(time.time(), reply.cluster, reply.answer, "nobody looked at the answer in time"))
        self._tell(fate, reply.cluster.first, reply, text)

    def worded(self, reply: Reply, wording: Wording) -> None:
        """Note what the gate stopped, and put on the operator's list what the host could not answer."""
        if wording.trouble:
            self.ledger.counts["model in trouble"] += 1
        for finding in wording.findings:
            self.ledger.counts[f"stopped: {finding.rule}"] += 1
            self._fact("gate", f"not said: {finding.claim}: {finding.said}", reply, rule=finding.rule)
        if wording.by == "fallback" or reply.answer.kind == "unknown":
            why = "; ".join(finding.said for finding in wording.findings) or "the catalog does not say"
            self.todo.append(Todo(time.time(), reply.cluster, reply.answer, why))

    def given_up(self, reply: Reply, why: str) -> None:
        """What was true changed so often that the team is to answer."""
        self.todo.append(Todo(time.time(), reply.cluster, reply.answer, why))

    def begun(self, reply: Reply) -> None:
        """An answer has come on air."""
        first = reply.cluster.first
        self.ledger.waited((reply.begun or 0.0) - first.at)
        if first.kind == "question":
            self._tell("answering", first, reply)

    def ended(self, reply: Reply) -> None:
        """All of an answer has been said, or never will be."""
        first = reply.cluster.first
        if reply.begun is None:
            self.ledger.counts["not said"] += 1
        elif first.kind != "question":
            self.ledger.counts[first.kind] += len(reply.cluster.messages)
        else:
            self.ledger.counts["answered"] += len(reply.cluster.messages)
            self._fact("answer", f"answered: {reply.text}", reply, by=reply.answer.by, topic=reply.answer.kind)
            self._tell("answered", first, reply)

    def _fact(self, kind: str, text: str, reply: Reply, **details: Any) -> None:
        self.ledger.fact(kind, self._shown(text), id=reply.cluster.first.id, **details)

    def _tell(self, what: What, message: Message, reply: Reply | None = None, text: str = "") -> None:
        answer, product = (text or reply.text, reply.answer.product) if reply else ("", message.product)
        name, source = message.viewer.name, message.source
        event = Event(what, message.id, time.time(), name, message.text, answer, product, source)
        for hook in self.hooks:
            try:
                hook(event)
            except Exception:
                log.exception("what happened could not be told")
