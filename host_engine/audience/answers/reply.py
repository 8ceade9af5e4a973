"""What a reply is made from, and a reply."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from host_engine.audience.answer import Asking
from host_engine.audience.answers.index import Index
from host_engine.audience.answers.sheet import Sheet
from host_engine.audience.answers.understanding import Understood
from host_engine.audience.answers.wording import Wording
from host_engine.show.evidence import Evidence

LONGEST = 260  # signs of a text of the catalog that is said in one answer
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+")


class Reply(NamedTuple):
    """Plain words, what backs each fact in them, and the product whose card is shown."""

    text: str
    evidence: tuple[Evidence, ...] = ()
    product: int | None = None
    kind: str = ""  # where it differs from what was asked


@dataclass(frozen=True)
class Ground:
    """The question, the catalog in force and the instant."""

    asking: Asking
    asked: Understood
    index: Index
    words: Wording
    now: datetime

    def sheet(self, place: int) -> Sheet:
        """The facts of a product of the shelf, in the language of the answer."""
        catalog = self.index.catalog
        return Sheet(catalog, catalog.products[place], self.asked.language, self.now)

    def quoted(self, text: str) -> str:
        """A text of the catalog as it stands; in another language it is said where it comes from."""
        said = shortened(text)
        return said if self.asked.language == self.index.language else self.words.say("quote", text=said)


def shortened(text: str, longest: int = LONGEST, most: int = 3) -> str:
    """The first whole sentences of a text, as many as one answer has room for; at least one."""
    text = " ".join(text.split())
    said = ""
    for number, sentence in enumerate(_SENTENCE.split(text)):
        if number and (number >= most or len(said) + len(sentence) > longest):
            break
        said = f"{said} {sentence}".strip()
    if said and said[-1] not in ".!?。！？…":
        said += "."
    return said
