"""The fact gate: a sentence passes when the committed catalog backs each of its claims."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from copy import copy
from datetime import datetime

from host_engine.gate import figures, forbidden, lists, statements
from host_engine.gate.case import Case
from host_engine.gate.index import Index
from host_engine.gate.lists import Lists
from host_engine.gate.tongues import LANGUAGES
from host_engine.gate.verdict import Finding, Verdict
from host_engine.gate.wording import WORD, Wording, read
from host_engine.show.catalog import Catalog
from host_engine.show.evidence import Evidence

log = logging.getLogger(__name__)

LONGEST = 6000  # letters; nobody says more in one go, and no description is longer
FOREIGN = 3  # small words of another language that make a text one of that language as well


class Gate:
    """One committed catalog. Pure: the same text, language, product and instant get the same verdict.

    It is built once, which takes about a second for 10 000 products, and may be asked from any thread. A text that
    cannot be judged does not pass.
    """

    def __init__(self, catalog: Catalog, more: Sequence[Lists] = ()) -> None:
        """`more`: a brand's own lists, beside those that are shipped."""
        self.index = Index(catalog, more)

    def successor(self, catalog: Catalog, products: Collection[str]) -> Gate:
        """The gate of a catalog of which only these products (ids) differ from this one, or are not there."""
        made = copy(self)
        made.index = self.index.successor(catalog, products)
        return made

    def check(self, text: str, language: str, product: str | None, now: datetime) -> Verdict:
        """`product`: id of what the sentence is about, where that is known. Never raises, whatever the text."""
        try:
            return self._judged(text, language, product, now)
        except Exception:
            log.exception("a sentence could not be judged and is stopped")
            return _stopped(text, "The sentence could not be judged; the log says why.")

    def epoch(self, now: datetime) -> tuple[int, str]:
        """What a verdict depends on besides the catalog: which sales hold, and which day it is."""
        return self.index.epoch(now), now.date().isoformat()

    def _judged(self, text: str, language: str, product: str | None, now: datetime) -> Verdict:
        base = language.split("-")[0].lower()
        if len(text) > LONGEST:
            return _stopped(text, f"The text has {len(text)} letters; at most {LONGEST} are judged at once.")
        if base not in LANGUAGES:
            return _stopped(text, f"There are no lists for the language '{language[:20]}': {', '.join(LANGUAGES)}.")
        wording = read(text)
        if not wording.tokens:
            return Verdict()
        found: dict[Finding, None] = {}
        evidence: dict[Evidence, None] = {}
        for name in dict.fromkeys((base, *self._others(wording, base))):
            case = Case(self.index, wording, lists.ready(name, self.index.more), product, now)
            figures.judge(case)
            statements.judge(case)
            forbidden.judge(case)
            found.update(dict.fromkeys(case.findings))
            evidence.update(case.evidence)
        return Verdict(tuple(evidence), tuple(found))

    def _others(self, wording: Wording, base: str) -> list[str]:
        """Other languages that the text may be in, whatever language it is said to be in."""
        row = [token.text for token in wording.tokens if token.kind == WORD]
        if any("\u4e00" <= word[0] <= "\u9fff" for word in row) and base != "zh":
            return ["zh"]
        counts = {name: sum(word in lists.small(name) for word in row) for name in LANGUAGES if name != "zh"}
        own = counts.get(base, 0)
        best = max(counts, key=lambda name: counts[name])
        return [best] if best != base and counts[best] >= FOREIGN and counts[best] > own * 1.5 else []


def _stopped(text: str, said: str) -> Verdict:
    return Verdict(findings=(Finding("banned", text[:80], said),))
