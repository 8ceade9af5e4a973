"""What a viewer wrote or said, on its way from where it was asked to the inbox."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["question", "greeting", "thanks", "follow"]


@dataclass(frozen=True)
class Viewer:
    """Who asks. The name is cleaned before a message is made: it may be shown and spoken; "" when there is none."""

    id: str  # unique within its source; never shown, never logged whole
    name: str = ""
    buyer: bool = False  # has bought something from this shop, as the source tells


@dataclass(frozen=True)
class Message:
    """One message of a viewer, as it came."""

    text: str
    viewer: Viewer
    source: str  # "page", "api", or the name of a chat source of the channel file
    at: float  # seconds on the event loop's clock
    kind: Kind = "question"
    language: str | None = None  # such as "de", where the source or the ears know it
    product: str | None = None  # id of the product that the viewer asked about by a button
    spoken: bool = False  # it was transcribed
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    reply_to: str = ""  # what the source needs to answer in writing: a channel, a thread
    origin: str = ""  # the address it came from, where anybody may write under any name; never shown
    hangs_on: str = ""  # what came before it in the same viewer's words: it is joined to nobody else's; "" on nothing


@dataclass(frozen=True)
class Receipt:
    """What became of a message: taken, joined to others that ask the same, or refused for a counted reason."""

    id: str
    state: Literal["taken", "joined", "refused"]
    reason: str = ""  # of a refusal, a key such as "rate", "full", "duplicate", "abuse", "order", "empty"
    said: str = ""  # of a refusal, a sentence for the viewer


@dataclass(frozen=True)
class Cluster:
    """Messages that ask the same thing and get one answer."""

    messages: tuple[Message, ...]  # oldest first, at least one

    @property
    def first(self) -> Message:
        return self.messages[0]

    @property
    def names(self) -> tuple[str, ...]:
        """Different names of those who asked, oldest first."""
        return tuple(dict.fromkeys(each.viewer.name for each in self.messages if each.viewer.name))
