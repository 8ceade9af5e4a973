"""A desk that says what a test wants it to say."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from host_engine.audience.answer import Answer
from host_engine.audience.event import Event
from host_engine.audience.message import Receipt
from host_engine.audience.source import Heard
from host_engine.audience.transcript import DeafError, Transcript
from host_engine.gate.verdict import Verdict
from host_engine.show.evidence import Evidence


class ScriptedDesk:
    """Takes everything, unless `refuse` holds a reason and a sentence; remembers it all."""

    def __init__(self) -> None:
        self.hooks: list[Callable[[Event], None]] = []
        self.taken: list[tuple[Heard, str, str | None]] = []
        self.asked: list[tuple[str, str, str | None]] = []
        self.heard: list[tuple[int, str, str]] = []  # samples, viewer, name
        self.refuse: tuple[str, str] | None = None
        self.joins = False
        self.understands = Transcript("what does it cost", "en", "scripted", 1.0, 0.1)
        self.deaf = ""

    def take(self, heard: Heard, source: str, *, product: str | None = None, **_: Any) -> Receipt:
        if self.refuse:
            return Receipt("", "refused", *self.refuse)
        self.taken.append((heard, source, product))
        receipt = Receipt(f"q{len(self.taken)}", "joined" if self.joins else "taken")
        self.tell("asked", receipt.id, name=heard.viewer_name, text=heard.text, source=source, product=product)
        return receipt

    async def ask(self, text: str, viewer: str, language: str | None = None) -> tuple[Answer, Verdict]:
        self.asked.append((text, viewer, language))
        backed = (Evidence("cup", "price", "15.00 EUR"),)
        return Answer("It costs 15 euros.", "en", "price", "cup", backed), Verdict(backed)

    async def hear(
        self, samples: Any, viewer_id: str, viewer_name: str, source: str, language: str | None = None
    ) -> tuple[Transcript, Receipt | None]:
        if self.deaf:
            raise DeafError(self.deaf)
        self.heard.append((len(samples), viewer_id, viewer_name))
        if self.understands.refused:
            return self.understands, None
        heard = Heard(self.understands.text, viewer_id, viewer_name)
        return self.understands, self.take(heard, source)

    def tell(self, what: Any, id: str, **fields: Any) -> None:
        """Let something happen."""
        for hook in self.hooks:
            hook(Event(what, id, time.time(), **fields))
