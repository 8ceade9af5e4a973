"""Answers as the host herself would give them: her notes where the catalog is silent, a catchphrase now and then."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Protocol

from host_engine.audience.answer import Answer, Asking
from host_engine.audience.message import Kind
from host_engine.audience.persona.knowledge import Hit, Knowledge
from host_engine.audience.writer.beside import Beside
from host_engine.audience.writer.sentences import SentenceCutter
from host_engine.show.evidence import Evidence

log = logging.getLogger(__name__)

SURE = 0.45  # score of a passage that is said by itself, without anybody who looks at how well it fits
LONGEST = 240  # signs of what is taken from a note: some fifteen seconds
PLAIN = frozenset({"unknown", "human", "refused"})  # kinds of answers that no catchphrase follows


class Templates(Protocol):
    """Answers from the catalog, and tells what it knows about a question."""

    async def answer(self, asking: Asking) -> Answer: ...
    async def facts(self, asking: Asking) -> tuple[Evidence, ...]: ...
    async def courtesy(self, kind: Kind, asking: Asking) -> Answer: ...


class Host(Protocol):
    """Who answers: a Persona, or the one in force."""

    @property
    def knowledge(self) -> Knowledge: ...
    def catchphrase(self, index: int, language: str) -> str: ...


class InCharacter:
    """Implements `Answers`: those of another, and where that one knows nothing, what the host's notes say.

    The kind is then "knowledge", and the evidence names the note. A passage is said only in its own language.
    """

    def __init__(self, answers: Templates, host: Host) -> None:
        self._answers, self._host = answers, host
        self._beside = Beside("notes")
        self._count = 0

    async def answer(self, asking: Asking) -> Answer:
        """As `Answers.answer`. Never raises for anything that a viewer wrote."""
        found = await self._answers.answer(asking)
        if found.kind == "unknown" and (hit := await self._noted(asking, found.language)):
            passage = hit.passage
            text = beginning(passage.text, passage.language)
            found = Answer(text, passage.language, "knowledge", None, (passage.evidence,), score=hit.score)
        if found.kind in PLAIN or not (said := self._host.catchphrase(self._count, found.language)):
            self._count += found.kind not in PLAIN
            return found
        self._count += 1
        return replace(found, text=f"{found.text} {said}")

    async def facts(self, asking: Asking) -> tuple[Evidence, ...]:
        """What the catalog knows about the question; the notes a writer looks for itself."""
        return await self._answers.facts(asking)

    async def courtesy(self, kind: Kind, asking: Asking) -> Answer:
        """The short reply to a greeting, to thanks or to a follow."""
        return await self._answers.courtesy(kind, asking)

    def close(self) -> None:
        """End the thread on which notes are looked through."""
        self._beside.close()

    async def _noted(self, asking: Asking, language: str) -> Hit | None:
        """The passage that answers the question, in the language of the answer."""
        try:
            hits = await self._beside.call(lambda: self._host.knowledge.find(asking.text[:500], 5, SURE))
        except Exception:  # a question must not fail for a note
            log.exception("The notes could not be looked through")
            return None
        return next((hit for hit in hits if hit.passage.language == language.split("-")[0]), None)


def beginning(text: str, language: str) -> str:
    """The first sentences of a text that fit into one answer; at least one."""
    cutter = SentenceCutter(language)
    sentences = [each for each in (*cutter.feed(text + " "), cutter.end()) if each]
    said = sentences[0] if sentences else text[:LONGEST]
    for sentence in sentences[1:]:
        if len(said) + len(sentence) >= LONGEST:
            break
        said += f" {sentence}"
    return said
