"""Everything that answers are made of, as it is in force at one moment."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from host_engine.audience.answer import Answer, Answers, Asking, Writer
from host_engine.audience.message import Kind
from host_engine.gate.verdict import Judge
from host_engine.show.evidence import Evidence
from host_engine.show.script import Show


class Knowing(Answers, Protocol):
    """Answers that also know how to be polite, and what a model may be told."""

    async def courtesy(self, kind: Kind, asking: Asking) -> Answer:
        """The short reply to a greeting, to thanks or to a follow."""
        ...

    async def facts(self, asking: Asking) -> tuple[Evidence, ...]:
        """What the catalog knows about a question."""
        ...


class Talk(Protocol):
    """How the host talks around an answer: a persona."""

    def phrase(self, key: str, language: str) -> tuple[str, ...]:
        """Phrases of "bridge" ({name}), "team" ({shop}) and "names" ({names}), at least one."""
        ...

    def forbids(self, text: str) -> tuple[str, ...]:
        """What in the text is never said."""
        ...


class Counsel(NamedTuple):
    """A catalog with those who answer from it: all of one version, so that none contradicts the others."""

    show: Show
    answers: Knowing
    judge: Judge
    talk: Talk
    writer: Writer | None = None  # words the answers, where there is a model
