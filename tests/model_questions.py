"""Questions, facts and drafts that the tests of the writer use."""

from __future__ import annotations

from typing import NamedTuple

from host_engine.audience.answer import Answer, Asking
from host_engine.audience.persona.persona import Persona
from host_engine.audience.writer.writer import OpenAIWriter
from host_engine.show.evidence import Evidence

ASKING = Asking("how much is the teapot?", "en", ("Ana",))
FACTS = (Evidence("teapot", "price", "34.00 GBP"), Evidence("teapot", "size", "1.1 l"))
DRAFT = Answer("The Harrow Stoneware Teapot is £34.00.", "en", "price", "teapot", FACTS)


class Wanted(NamedTuple):
    """As `audience.model` of a channel file; generous, for slow machines."""

    url: str
    model: str = "test"
    key_env: str | None = None
    first: float = 20.0
    whole: float = 30.0


def writer(url: str, persona: Persona | None = None, environment: dict[str, str] | None = None, **wanted: object):
    return OpenAIWriter(Wanted(url, **wanted), persona or Persona.plain("Mira"), environment or {})


async def said(model: OpenAIWriter, asking: Asking = ASKING, draft: Answer = DRAFT) -> list[str]:
    """All sentences of one answer. Raises WriterError."""
    return [sentence async for sentence in model.sentences(asking, FACTS, draft)]
