"""A persona read through before it goes on air: what of it the fact gate would stop, and where that stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from host_engine import document
from host_engine.audience.persona.file import FILE, spoken_texts
from host_engine.audience.persona.noted import Noted
from host_engine.audience.persona.persona import Persona
from host_engine.audience.writer.sentences import sentences
from host_engine.document import Fault, Problem, Problems
from host_engine.gate.gate import Gate
from host_engine.gate.lists import Lists
from host_engine.gate.verdict import Judge
from host_engine.show.catalog import Catalog, load_catalog

_FILLED = {"name": "Ana", "names": "Ana, Ben", "host": "Mira", "shop": "the shop"}


def stopped_phrases(path: Path, catalog: Path, more: Sequence[Lists] = ()) -> list[Problem]:
    """What of a persona would not be said over the catalog of a folder: phrases, typical answers and notes.

    Nothing where a file has problems of another kind: those come first.
    """
    try:
        persona, shop = Persona.read(path), load_catalog(catalog)
    except Problems:
        return []
    where = path / FILE if path.is_dir() else path
    judge = Noted(Gate(shop, more), persona)
    found = document.problems_at(where, list(_phrases(persona, judge, shop)))
    for passage in persona.knowledge.passages:
        if passage.source.startswith("knowledge:"):
            file, _, heading = passage.source.removeprefix("knowledge:").partition("#")
            for what in _stopped(judge, passage.text, passage.language):
                found.append(Problem(str(where.parent / file), None, heading, what))
    return found


def _phrases(persona: Persona, judge: Judge, shop: Catalog) -> Iterator[Fault]:
    filled = _FILLED | {"host": persona.name, "shop": shop.shop}
    for loc, language, text in spoken_texts(persona.written):
        yield from (Fault(loc, what) for what in _stopped(judge, text.format(**filled), language))
    for n, example in enumerate(persona.written.examples):
        language = example.language or persona.languages[0]
        yield from (Fault(("examples", n, "answer"), what) for what in _stopped(judge, example.answer, language))


def _stopped(judge: Judge, text: str, language: str) -> Iterator[str]:
    for sentence in sentences(text, language):
        for finding in judge.check(sentence, language, None, datetime.now(UTC)).findings:
            yield f"the fact gate will not let this be said, for '{finding.claim}': {finding.said}"
