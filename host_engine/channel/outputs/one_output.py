"""One output of a channel: what is wanted of it, what is kept running, and what operators did to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from host_engine.channel.outputs.output_making import Output
from host_engine.channel.outputs.output_requests import Wanted
from host_engine.channel.outputs.outputs_kept import Added

Make = Callable[[Wanted, str], Output]


@dataclass
class Kept:
    """Whoever changes it holds its lock."""

    wanted: Wanted
    key: str = field(repr=False)
    output: Output
    added: Added | None = None  # on air; the channel file does not know it
    stopped: bool = False
    lacks: str = ""  # why it is stopped since the channel was started anew: a sentence
    key_env: str | None = None  # the variable that its key was changed to; "": it was typed in
    task: asyncio.Task[None] | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def state(self) -> str:
        return "stopped" if self.stopped else self.output.state

    @property
    def error(self) -> str | None:
        return self.lacks or self.output.error

    @property
    def key_name(self) -> dict[str, str]:
        """The variable that its key is in, where it was given on air by its name."""
        given = self.key_env or (self.added.written.get("key_env") if self.added else None)
        return {"key_env": str(given)} if given else {}

    def wait(self, why: str) -> None:
        """Stopped until what it lacks is given."""
        self.stopped, self.lacks = True, why
