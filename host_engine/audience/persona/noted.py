"""The fact gate with a host's notes beside the catalog: what a note says word by word may be said, and is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from host_engine.audience.persona.knowledge import Knowledge
from host_engine.audience.persona.never import folded
from host_engine.gate.verdict import Finding, Judge, Verdict
from host_engine.show.evidence import Evidence

BACKED = frozenset({"quantity", "date"})
"""Rules for whose claims a note is enough. A price, a percentage, stock, delivery and a promise are the catalog's."""
LEAST = 20  # signs of a sentence that is looked for in the notes: shorter ones stand anywhere
_YEAR = re.compile(r"\D*(?:1[5-9]|20)\d\d\D*")


class Knowing(Protocol):
    """Whose notes they are: a Persona, or the one in force."""

    @property
    def knowledge(self) -> Knowledge: ...


class Noted:
    """Implements `Judge`: the verdict of another, less the claims that a note backs.

    Those claims, and sentences that stand in a note, get the note as their evidence.
    """

    def __init__(self, judge: Judge, host: Knowing) -> None:
        self._judge, self._host = judge, host

    def check(self, text: str, language: str, product: str | None, now: datetime) -> Verdict:
        """As `Judge.check`. Never raises."""
        verdict = self._judge.check(text, language, product, now)
        backed = [(finding, self._claimed(finding)) for finding in verdict.findings]
        notes = [*(note for _, note in backed if note), self._whole(text)]
        evidence = dict.fromkeys((*verdict.evidence, *filter(None, notes)))
        return Verdict(tuple(evidence), tuple(finding for finding, note in backed if note is None))

    def _claimed(self, finding: Finding) -> Evidence | None:
        """The note that holds the claim in these very words; of dates a year only: more is a promise."""
        claim = folded(finding.claim)
        if finding.rule not in BACKED or not claim or (finding.rule == "date" and not _YEAR.fullmatch(claim)):
            return None
        whole = re.compile(rf"(?<![\w.,]){re.escape(claim)}(?!\w)")
        return self._found(lambda note: whole.search(note) is not None)

    def _whole(self, text: str) -> Evidence | None:
        """The note that holds the whole sentence."""
        said = folded(text)
        return self._found(lambda note: said in note) if len(said) >= LEAST else None

    def _found(self, holds: Callable[[str], bool]) -> Evidence | None:
        return next((each.evidence for each, note in self._host.knowledge.notes if holds(note)), None)
