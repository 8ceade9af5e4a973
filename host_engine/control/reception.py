"""Where questions arrive over HTTP: who answers them, and what else the routes need to be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from host_engine.audience.answer import Answer
from host_engine.audience.event import Event
from host_engine.audience.message import Receipt
from host_engine.audience.source import Heard
from host_engine.audience.transcript import Heard16, Transcript
from host_engine.control.chat import Chat
from host_engine.control.turns import Turns
from host_engine.control.visitor import Saying, Visitor
from host_engine.gate.verdict import Verdict

Decode = Callable[[bytes], Awaitable[Heard16]]
UPLOADS, ASKED = 4, 8  # at once: each upload is held in memory, each answer is made while somebody waits for it


class Desk(Protocol):
    """Takes questions. None of its methods raises for anything that a viewer wrote."""

    @property
    def hooks(self) -> list[Callable[[Event], None]]: ...

    def take(
        self, heard: Heard, source: str, *, spoken: bool = False, product: str | None = None, viewer_seen: str = ""
    ) -> Receipt: ...

    async def ask(self, text: str, viewer: str, language: str | None = None) -> tuple[Answer, Verdict]: ...

    async def hear(
        self, samples16k: Heard16, viewer_id: str, viewer_name: str, source: str, language: str | None = None
    ) -> tuple[Transcript, Receipt | None]: ...


class Talks(Protocol):
    """Who lets viewers speak, over WebRTC. A ValueError says why not; its `status`, if any, is the HTTP status."""

    async def offer(
        self, sdp: str, viewer: str, name: str = "", language: str | None = None, address: str = ""
    ) -> tuple[str, str]: ...
    def speaking(self, name: str, on: bool) -> None: ...
    async def leave(self, name: str) -> None: ...
    def status(self) -> Mapping[str, Any]: ...


class Reception:
    """Everything about questions that the HTTP side of a channel knows.

    chat: what the viewer page is told, or None where viewers cannot ask on the page. microphones: None where nobody
    can ask aloud. decode: makes 16 kHz samples of an uploaded file; None where there are no ears.
    """

    def __init__(
        self, desk: Desk, *, chat: Chat | None = None, microphones: Talks | None = None, decode: Decode | None = None
    ) -> None:
        self.desk, self.chat, self.microphones, self.decode = desk, chat, microphones, decode
        self.uploads, self.asked = Turns(UPLOADS), Turns(ASKED)
        self.refused: Counter[str] = Counter()  # by reason: what was refused over HTTP, by the desk or before it
        if chat:
            desk.hooks.append(chat.happened)

    def status(self) -> Mapping[str, Any]:
        """For /status."""
        return {
            "refused": dict(self.refused),
            **({"chat": self.chat.status()} if self.chat else {}),
            **({"microphones": self.microphones.status()} if self.microphones else {}),
        }


def from_page(desk: Desk) -> Callable[[Visitor, Saying], Receipt]:
    """How the chat hands on what is written on the page."""

    def take(visitor: Visitor, saying: Saying) -> Receipt:
        heard = Heard(saying.text or "", visitor.viewer, visitor.name, language=saying.language, origin=visitor.address)
        return desk.take(heard, "page", product=saying.product)

    return take
