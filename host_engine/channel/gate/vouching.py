"""The gate, and beside the catalog what the shop told: orders and coupons back claims in their own sentences."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from host_engine.commerce.saying import Saying
from host_engine.gate.verdict import Finding, Judge, Verdict
from host_engine.show.evidence import Evidence

MOST = 100  # sayings that may still be said
SHORTEST = 8  # letters of a part of a saying
_END = re.compile(r"(?<=[.!?。！？])\s+(?=\S)")


class Vouching:
    """Knows what may be said of events. Changed on the event loop, asked from any thread."""

    def __init__(self) -> None:
        self._sayings: tuple[Saying, ...] = ()

    def put(self, saying: Saying, now: float) -> None:
        """From now on, and until it ends, its text may be said."""
        kept = [each for each in self._sayings if each.until > now and each.text != saying.text]
        self._sayings = (*kept, saying)[-MOST:]

    def beside(self, judge: Judge) -> Judge:
        """The judge, and what is vouched for."""
        return _Vouched(judge, lambda: self._sayings)


class _Vouched:
    """Implements `Judge`: the verdict of another, less the claims of a saying that its event backs."""

    def __init__(self, judge: Judge, sayings: Callable[[], tuple[Saying, ...]]) -> None:
        self._judge, self._sayings = judge, sayings

    def check(self, text: str, language: str, product: str | None, now: datetime) -> Verdict:
        """As `Judge.check`. Never raises."""
        for each in self._sayings():
            part = text == each.text or (len(text) >= SHORTEST and text in each.text)
            if part and each.until > now.timestamp():
                return judged(self._judge, each, language, now, text)
        return self._judge.check(text, language, product, now)


def judged(judge: Judge, saying: Saying, language: str, now: datetime, text: str | None = None) -> Verdict:
    """The verdict on a saying, or on a part of it: each sentence by itself, with what its event backs."""
    evidence: dict[Evidence, None] = dict.fromkeys(saying.evidence)
    findings: dict[Finding, None] = {}
    for sentence in _END.split(saying.text if text is None else text):
        verdict = judge.check(sentence, language, saying.product, now)
        evidence |= dict.fromkeys(verdict.evidence)
        findings |= {each: None for each in verdict.findings if not saying.backs(each.rule, each.claim, sentence)}
    return Verdict(tuple(evidence), tuple(findings))
