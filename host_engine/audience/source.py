"""Where chat comes from: the small protocol that a platform's chat, or a third party's, keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from host_engine.audience.message import Kind, Message

GROUP = "host_engine.chat_sources"  # entry points: name -> Callable[[dict of settings], Source]


class Heard(NamedTuple):
    """One event of a chat, raw: its text and its names are not cleaned yet."""

    text: str
    viewer_id: str
    viewer_name: str = ""
    kind: Kind = "question"  # what a source knows: a follow is told as such; what is a greeting is found out later
    buyer: bool = False
    language: str | None = None
    sent: float | None = None  # UNIX seconds at which the viewer sent it, where the platform tells
    reply_to: str = ""
    id: str = ""  # unique within its source, where the platform tells: what comes again after a reconnection is dropped
    origin: str = ""  # the address it came from, where anybody may write under any name


Tell = Callable[[Heard], None]


class Source(Protocol):
    """A chat. `run` connects once, tells what it hears, and returns or raises when the connection is over.

    The watch around it (`sources/watch.py`) reconnects with back-off, notices silence and lag, and counts. A source may
    also have a `pace` (`sources/pace.py`), of its replies, and `late`: seconds of lag that are too many.
    """

    @property
    def quiet(self) -> float:
        """Seconds without any sign of life (a heartbeat, not only messages) after which it counts as lost."""
        ...

    async def run(self, tell: Tell, alive: Callable[[], None]) -> None:
        """`alive` is called at each sign of life. Raises SourceError with a sentence; `final` where no retry helps."""
        ...

    async def reply(self, message: Message, text: str) -> bool:
        """Answer in writing where the platform allows it; False where it does not."""
        ...


class SourceError(Exception):
    """The chat cannot be heard; the sentence says what to do. `wait`: seconds before another try makes sense."""

    def __init__(self, said: str, final: bool = False, wait: float = 0.0) -> None:
        super().__init__(said)
        self.final, self.wait = final, wait
