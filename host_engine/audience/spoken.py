"""From the sentences of an answer to lines: with the viewer's question, the product's card, and what backs them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from host_engine.audience import chinese
from host_engine.audience.answer import Answer
from host_engine.audience.message import Cluster
from host_engine.audience.wording import Sentence
from host_engine.show.languages import ABBREVIATIONS
from host_engine.show.lines import LONGEST, seconds, split
from host_engine.show.rundown import Line, Question
from host_engine.show.script import Show, make_card
from host_engine.show.spoken import Token, tokens

NAMED = 3  # viewers who are named, of many who ask the same
SHOWN = 160  # letters of a question in its bubble


def lines_of(
    id: str, sentences: Sequence[Sentence], answer: Answer, asked: Question | None, show: Show, segment: str,
    now: datetime,
) -> list[Line]:  # fmt: skip
    """The lines of some sentences of an answer, each at most about 8 s long; `id` begins the ids of all of them."""
    catalog = show.catalog
    product = catalog.product(answer.product) if answer.product and catalog.has(answer.product) else None
    card = make_card(catalog, product, now) if product else None
    own = answer.language.split("-")[0] == catalog.language.split("-")[0]
    said_so = {**catalog.pronunciations, **(product.pronunciations if product else {})} if own else {}
    made: list[Line] = []
    for sentence in sentences:
        for text in _parts(sentence.text, answer.language, said_so):
            made.append(
                Line(
                    id=f"{id}.{len(made)}",
                    text=text,
                    tokens=pieces(text, answer.language, said_so),
                    language=answer.language,
                    segment=segment,
                    product=product.id if product else None,
                    card=card,
                    gesture="nod" if not made else None,
                    question=asked,
                    basis=show.basis(product, now),
                    evidence=sentence.evidence,
                )
            )
    return made


def pieces(text: str, language: str, said_so: dict[str, str]) -> tuple[Token, ...]:
    """How a text is read and said."""
    return chinese.pieces(text) if chinese.is_chinese(language) else tokens(text, language, said_so)


def bubble(cluster: Cluster) -> Question:
    """What viewers see of the question: who asked first, and what."""
    text = " ".join(cluster.first.text.split())
    return Question(cluster.names[0] if cluster.names else "", text if len(text) <= SHOWN else text[: SHOWN - 1] + "…")


def listed(names: Sequence[str]) -> str:
    """A few names in one breath."""
    return ", ".join(names[:NAMED])


def _parts(text: str, language: str, said_so: dict[str, str]) -> Iterator[str]:
    """The text in parts that fit in a line; where it has no border, at its spaces."""
    base = language.split("-")[0]
    if chinese.is_chinese(language):
        yield from chinese.split(text, LONGEST)
        return

    def takes(part: str) -> float:
        return seconds(" ".join(token.said for token in pieces(part, language, said_so)), base)

    try:
        yield from split(text, base if base in ABBREVIATIONS else "en", takes)
    except ValueError:
        words = text.split()
        step = max(1, int(len(words) * LONGEST / takes(text)))
        yield from (" ".join(words[at : at + step]) for at in range(0, len(words), step))
