"""Answers as the host herself would end them: with one of her catchphrases, now and then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from host_engine.audience.answer import Answer, Asking
from host_engine.audience.message import Kind
from host_engine.show.evidence import Evidence

PLAIN = frozenset({"unknown", "human", "refused"})  # kinds of answers that no catchphrase follows


class Templates(Protocol):
    """Answers from the catalog, knows how to be polite, and what a model may be told."""

    async def answer(self, asking: Asking) -> Answer: ...
    async def facts(self, asking: Asking) -> tuple[Evidence, ...]: ...
    async def courtesy(self, kind: Kind, asking: Asking) -> Answer: ...


class Host(Protocol):
    """Who answers: a Persona, or the one in force."""

    def catchphrase(self, index: int, language: str) -> str: ...


class InCharacter:
    """Implements `Answers`: those of another; at most one in so many, as the persona says, ends with a catchphrase.

    `passes` says whether the fact gate lets a text in a language pass: a catchphrase must never cost the answer.
    """

    def __init__(self, answers: Templates, host: Host, passes: Callable[[str, str], bool]) -> None:
        """`passes` is called on a thread."""
        self._answers, self._host, self._passes = answers, host, passes
        self._count = 0

    async def answer(self, asking: Asking) -> Answer:
        """As `Answers.answer`. Never raises for anything that a viewer wrote."""
        found = await self._answers.answer(asking)
        if found.kind in PLAIN:
            return found
        said = self._host.catchphrase(self._count, found.language)
        self._count += 1
        if not said:
            return found
        passes = await asyncio.to_thread(self._passes, said, found.language)
        return replace(found, text=f"{found.text} {said}") if passes else found

    async def facts(self, asking: Asking) -> tuple[Evidence, ...]:
        """What the catalog knows about the question."""
        return await self._answers.facts(asking)

    async def courtesy(self, kind: Kind, asking: Asking) -> Answer:
        """The short reply to a greeting, to thanks or to a follow."""
        return await self._answers.courtesy(kind, asking)
