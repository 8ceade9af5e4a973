"""What an output sends: the programme itself, a rendition of it, or either of them some time later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from host_engine.media import Format
from host_engine.outputs.fanout import Fanout


def nothing() -> None:
    """Nobody can be asked for a key frame: one comes every second by itself."""


@dataclass(frozen=True)
class Source:
    """One stream, to be read at its fan-out. Two sources of the same fan-out are the same stream.

    force_key: asks for a key frame soon. format: size and rates of what is sent. kbps: of the pictures. delay: seconds
    that it is behind the programme. made: its pictures are encoded for itself. about: how it differs from the
    programme, in words, "" where it does not.
    """

    fanout: Fanout
    force_key: Callable[[], None]
    format: Format
    kbps: float
    delay: float = 0.0
    made: bool = False
    about: str = ""

    @property
    def begun(self) -> bool:
        """Whether there is anything to send yet."""
        return self.fanout.n >= 0
