"""A writer that is told all that the catalog knows about the question, not only what the template says."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Protocol

from host_engine.audience.answer import Answer, Asking
from host_engine.show.evidence import Evidence


class Informed(Protocol):
    """Knows the catalog."""

    async def facts(self, asking: Asking) -> tuple[Evidence, ...]:
        """What the catalog in force knows about the question."""
        ...


class Words(Protocol):
    """A `Writer` whose generator can be closed."""

    def sentences(self, asking: Asking, facts: tuple[Evidence, ...], draft: Answer) -> AsyncGenerator[str, None]: ...


class Briefed:
    """Implements `Writer` for another one: its facts are those of the draft first, then those of the catalog."""

    def __init__(self, writer: Words, catalog: Informed) -> None:
        self._writer, self._catalog = writer, catalog

    async def sentences(self, asking: Asking, facts: tuple[Evidence, ...], draft: Answer) -> AsyncGenerator[str, None]:
        """As `Writer.sentences`. Raises WriterError."""
        told = tuple(dict.fromkeys((*facts, *await self._catalog.facts(asking))))
        async with aclosing(self._writer.sentences(asking, told, draft)) as sentences:
            async for sentence in sentences:
                yield sentence
