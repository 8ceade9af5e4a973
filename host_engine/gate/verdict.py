"""What the fact gate says of a sentence."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol

from host_engine.show.evidence import Evidence


class Finding(NamedTuple):
    """One claim that nothing backs, or that nobody may make."""

    rule: str  # a key: "price", "percentage", "quantity", "date", "stock", "delivery", "promise", "experience",
    # "scarcity", "review", "superlative", "medical", "banned"
    claim: str  # the words of the sentence
    said: str  # a sentence for the operator: what is wrong, and what the catalog says instead


class Verdict(NamedTuple):
    """Passed when there are no findings; then each claim of the text has its evidence."""

    evidence: tuple[Evidence, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.findings


class Judge(Protocol):
    """The fact gate over one committed catalog. Pure: the same text, product and instant get the same verdict."""

    def check(self, text: str, language: str, product: str | None, now: datetime) -> Verdict:
        """`product`: id of what the sentence is about, where that is known. Never raises, whatever the text."""
        ...
