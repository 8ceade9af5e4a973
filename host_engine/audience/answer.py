"""An answer to viewers, and who may give one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from host_engine.show.evidence import Evidence


class Earlier(NamedTuple):
    """What the same viewer asked a moment ago, as far as "and that one?" hangs on it."""

    text: str
    kind: str  # of the answer
    product: str | None  # id of the product that the answer was about


class Asking(NamedTuple):
    """A question, with all that an answer may depend on besides the catalog."""

    text: str
    language: str | None = None  # of the answer; None: that of the question, as far as it can be told
    names: tuple[str, ...] = ()  # of the viewers who asked
    on_air: str | None = None  # id of the product that is being presented
    coming: str | None = None  # id of the product that is presented next
    product: str | None = None  # id of the product that the viewer pointed at
    earlier: Earlier | None = None  # the same viewer's last question; None where it is too long ago


@dataclass(frozen=True)
class Answer:
    """What the host replies. Each of its sentences is to be passed by the fact gate before it is said."""

    text: str  # in `language`, plain words
    language: str  # such as "en"
    kind: str  # the intent, such as "price", "stock", "compare", "human", "unknown": also the topic of the review mode
    product: str | None = None  # id of the product whose card is shown
    evidence: tuple[Evidence, ...] = ()
    by: Literal["template", "model", "fallback", "operator"] = "template"
    score: float = 1.0  # how surely the question was understood, 0..1


class Answers(Protocol):
    """Finds the answer to a question in the catalog in force. Never raises for anything that a viewer wrote."""

    async def answer(self, asking: Asking) -> Answer: ...


class Writer(Protocol):
    """A language model that words an answer, sentence by sentence, from facts that were retrieved for it."""

    def sentences(self, asking: Asking, facts: tuple[Evidence, ...], draft: Answer) -> AsyncIterator[str]:
        """The answer in sentences as they come; `draft` is what the templates would say. Raises WriterError."""
        ...


class WriterError(Exception):
    """The model is away, late or talks nonsense; the sentence says which. The template's answer is taken instead."""
