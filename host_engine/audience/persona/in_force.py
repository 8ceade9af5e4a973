"""The persona in force: read again when its file or a note changes; a file that goes bad leaves the old one."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

from host_engine.audience.persona.file import FILE
from host_engine.audience.persona.knowledge import Knowledge, Vectors
from host_engine.audience.persona.persona import Persona
from host_engine.audience.writer.beside import Beside
from host_engine.document import Problems

log = logging.getLogger(__name__)

EVERY = 2.0  # seconds between two looks at the files
Stamp = tuple[tuple[str, tuple[int, int]], ...]


class PersonaInForce:
    """Speaks as the persona of a file that may be edited while the show is on air.

    It has the members of a `Persona`, and whoever holds it always asks the one in force.
    """

    def __init__(self, path: Path, vectors: Vectors | None = None) -> None:
        """Reads the file; notes are learnt by meaning in `learn`. Raises Problems."""
        self.path = path / FILE if path.is_dir() else path
        self._vectors = vectors
        self.persona = Persona.read(self.path)
        self._seen = self._stamp()
        self._problems: tuple[str, ...] = ()
        self._changes = 0

    @property
    def name(self) -> str:
        return self.persona.name

    @property
    def languages(self) -> tuple[str, ...]:
        return self.persona.languages

    @property
    def knowledge(self) -> Knowledge:
        return self.persona.knowledge

    def phrase(self, key: str, language: str) -> tuple[str, ...]:
        return self.persona.phrase(key, language)

    def address(self, language: str) -> str:
        return self.persona.address(language)

    def catchphrase(self, index: int, language: str) -> str:
        return self.persona.catchphrase(index, language)

    def forbids(self, text: str) -> tuple[str, ...]:
        return self.persona.forbids(text)

    def brief(self, language: str) -> str:
        return self.persona.brief(language)

    def learn(self) -> None:
        """Understand the notes by meaning, where that is to be had. Takes long: call it from a thread."""
        if self._vectors is not None and not self.knowledge.learnt:
            self.knowledge.learn(self._vectors)

    def look(self) -> bool:
        """Read the files again if they changed; whether there is a new persona. Call it from a thread."""
        stamp = self._stamp()
        if stamp == self._seen and not self._problems:  # what is wrong may be a note that is not there yet
            return False
        self._seen = stamp
        try:
            changed = Persona.read(self.path)
        except Problems as found:
            problems = tuple(map(str, found.problems))
            if problems != self._problems:
                log.warning("The persona stays as it was, as its file is wrong now: %s", "; ".join(problems))
            self._problems = problems
            return False
        self.persona, self._problems = changed, ()
        self._changes += 1
        read = dict(stamp)
        self._seen = tuple((path, read.get(path, about)) for path, about in self._stamp())  # it may name other notes
        log.info("The persona '%s' was read again", changed.name)
        return True

    async def watch(self, every: float = EVERY) -> None:
        """Learn, then look again and again, until cancelled; all of it on a thread that stands back."""
        beside = Beside("persona")
        try:
            await beside.call(self.learn)
            while True:
                await asyncio.sleep(every)
                if await beside.call(self.look):
                    await beside.call(self.learn)
        finally:
            beside.close()

    def status(self) -> dict[str, Any]:
        """For /status."""
        return {
            "name": self.name,
            "file": str(self.path),
            "languages": list(self.languages),
            "notes": len(self.persona.written.knowledge),
            "passages": len(self.knowledge.passages),
            "by_meaning": self.knowledge.learnt,
            "changes": self._changes,
            "problems": list(self._problems),
        }

    def _stamp(self) -> Stamp:
        folder = self.path.parent
        paths = [self.path, *(folder / note for note in self.persona.written.knowledge)]
        return tuple((str(path), _changed(path)) for path in paths)


def _changed(path: Path) -> tuple[int, int]:
    """When a file was written, in ns, and its size; zeros where there is none."""
    try:
        about = path.stat()
    except OSError:
        return 0, 0
    return about.st_mtime_ns, about.st_size
